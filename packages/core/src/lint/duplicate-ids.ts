/** Names that stand for two things. Fields, computed values, documents and checks share one scope; rows have their own. */
import type { Json } from '@guichet/schemas'
import { error, type LintFinding, type LintRule, step } from './finding.ts'

interface Named {
  id: string
  pointer: string
}

function* twice(named: Iterable<Named>): Iterable<LintFinding> {
  const first = new Map<string, string>()
  for (const { id, pointer } of named) {
    if (first.has(id)) yield error('duplicate.id', step(pointer, 'id'), { id, place: first.get(id) as string })
    else first.set(id, pointer)
  }
}
const placed = (list: readonly { id: string }[] | undefined, pointer: string): Named[] => (list ?? []).map(({ id }, i) => ({ id, pointer: `${pointer}/${i}` }))

/** Lists in the settings of fields whose entries must differ, and by which property. */
const lists = [
  ['options', 'value'],
  ['columns', 'value'],
  ['rows', 'id'],
] as const

export const duplicateIds: LintRule = function* ({ definition, fields }) {
  const scopes = new Map<string, Named[]>()
  const scopeOf = (pointer: string) => {
    // The nearest repeated group around the field; groups that only arrange open no scope.
    const around = fields.filter((other) => other.field.repeat && pointer.startsWith(`${other.pointer}/fields/`)).at(-1)?.pointer ?? ''
    const scope = scopes.get(around) ?? []
    scopes.set(around, scope)
    return scope
  }
  scopeOf('')
  for (const { field, pointer } of fields) scopeOf(pointer).push({ id: field.id, pointer })
  const root = scopes.get('') as Named[]
  root.push(...placed(definition.computed, '/computed'), ...placed(definition.documents, '/documents'))
  definition.pages.forEach((page, i) => {
    root.push(...placed(page.checks, `/pages/${i}/checks`))
  })
  for (const scope of scopes.values()) yield* twice(scope)

  yield* twice(placed(definition.pages, '/pages'))
  yield* twice(placed(definition.taskList?.sections, '/taskList/sections'))
  yield* twice(placed(definition.stages, '/stages'))
  yield* twice(placed(definition.fee?.lines, '/fee/lines'))
  yield* twice(placed(definition.outputs, '/outputs'))
  yield* twice(placed(definition.lookups, '/lookups'))
  yield* twice(placed(definition.slots, '/slots'))

  for (const { field, pointer } of fields)
    for (const [property, key] of lists) {
      const list = field[property]
      const seen = new Set<Json>()
      if (!Array.isArray(list)) continue
      for (const [i, option] of list.entries()) {
        const value = (option as Record<string, Json> | null)?.[key] ?? null
        if (value !== null && seen.has(value)) yield error('duplicate.option', `${pointer}/${property}/${i}/${key}`, { value })
        seen.add(value)
      }
    }
}
