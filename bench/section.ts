/** bench/RESULTS.md has a section for each bench, between two marks; a bench writes its own and leaves the others. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const marks = (name: string) => [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`] as const

/** The page with the section replaced, or added at the end. */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = marks(name)
  const section = `${begin}\n\n${content.trim()}\n\n${end}\n`
  const from = page.indexOf(begin)
  if (from < 0) return page.trim() === '' ? section : `${page.trimEnd()}\n\n${section}`
  const to = page.indexOf(end, from)
  if (to < 0) throw new Error(`The section ${name} begins and does not end.`)
  return `${page.slice(0, from)}${section}${page.slice(to + end.length).replace(/^\n/, '')}`
}

export function writeSection(path: string, name: string, content: string): void {
  writeFileSync(path, withSection(existsSync(path) ? readFileSync(path, 'utf8') : '', name, content))
}
