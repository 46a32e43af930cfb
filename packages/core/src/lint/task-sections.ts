/** Parts of a task list: one that holds nothing, a page in two of them, and parts that wait for each other. */
import { nearest } from '../nearest.ts'
import { error, type LintRule, suggesting } from './finding.ts'

export const taskSections: LintRule = function* ({ definition }) {
  const sections = definition.taskList?.sections ?? []
  const pages = definition.pages.map(({ id }) => id)
  const ids = sections.map(({ id }) => id)
  const taken = new Map<string, string>()
  for (const [i, section] of sections.entries()) {
    const at = `/taskList/sections/${i}`
    if (section.pages.length === 0) yield error('section.empty', `${at}/pages`, { id: section.id })
    for (const [j, name] of section.pages.entries()) {
      if (!pages.includes(name)) yield error('reference.page', `${at}/pages/${j}`, suggesting({ name }, nearest(name, pages)))
      const other = taken.get(name)
      if (other !== undefined) yield error('section.pageTwice', `${at}/pages/${j}`, { name, other })
      taken.set(name, section.id)
    }
    for (const [j, name] of (section.after ?? []).entries())
      if (!ids.includes(name)) yield error('reference.section', `${at}/after/${j}`, suggesting({ name }, nearest(name, ids)))
    if (waitsFor(section.id, section.id, new Map(sections.map(({ id, after = [] }) => [id, after])), new Set()))
      yield error('section.cycle', `${at}/after`, { id: section.id })
  }
}

/** Whether a part waits, however far round, for another. */
function waitsFor(from: string, wanted: string, after: ReadonlyMap<string, readonly string[]>, seen: Set<string>): boolean {
  for (const next of after.get(from) ?? []) {
    if (next === wanted) return true
    if (seen.has(next)) continue
    seen.add(next)
    if (waitsFor(next, wanted, after, seen)) return true
  }
  return false
}
