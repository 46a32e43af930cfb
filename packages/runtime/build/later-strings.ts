/**
 * `virtual:guichet-<name>-strings`: strings of screens that come later, one lazy file a language.
 */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

type Strings = Record<string, Record<string, unknown>>

/** `name`: what the strings are for; `files`: JSON files of strings in all languages, each with what its keys start with. */
export function laterStrings(name: string, files: Readonly<Record<string, string>>): Plugin {
  const id = `virtual:guichet-${name}-strings`
  return {
    name: `guichet-${name}-strings`,
    resolveId: (source) => (source.startsWith(id) ? `\0${source}` : null),
    load(module) {
      if (!module.startsWith(`\0${id}`)) return null
      const entries = Object.entries(files).flatMap(([path, prefix]) => {
        this.addWatchFile(path)
        return Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Strings).map(([key, texts]) => [prefix + key, texts] as const)
      })
      const languages = Object.keys(entries[0]?.[1] ?? {})
      const language = module.slice(id.length + 2)
      if (!language) return `export const strings = {${languages.map((each) => `${each}: () => import('${id}/${each}')`).join(',')}}`
      return `export default ${JSON.stringify(Object.fromEntries(entries.map(([key, texts]) => [key, texts[language]])))}`
    },
  }
}
