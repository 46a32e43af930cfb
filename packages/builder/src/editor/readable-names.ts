/** What an expression at a place may read, as an author picks it from a list. */
import { type FieldTypes, pickText, type ValueKind } from '@guichet/core'
import type { Definition } from './edit.ts'
import { type Holder, isGroup } from './part.ts'
import { isInside, read } from './pointer.ts'

export interface ReadableName {
  name: string
  label: string
  kind: ValueKind
  /** Values and their labels, where there is a choice. */
  choices: readonly { value: string; label: string }[]
  /** Of a repeated group: what can be read in each of its rows. */
  fields?: readonly ReadableName[]
}

/** Pointers of the repeated groups around a place, outermost first. */
export function groupsAround(definition: Definition, pointer: string): string[] {
  const groups: string[] = []
  for (const { index } of pointer.matchAll(/\/fields\//g)) {
    const around = pointer.slice(0, index)
    if ((read(definition, around) as Holder | undefined)?.repeat) groups.push(around)
  }
  return groups
}

const kindOfField = (field: Holder, types: FieldTypes): ValueKind => {
  if (isGroup(field)) return field.repeat ? 'rows' : 'none'
  const type = Object.hasOwn(types, field.type) ? types[field.type] : undefined
  try {
    return type && type.answers !== false ? type.kind(field as never) : 'none'
  } catch {
    // A setting the type cannot do without is still missing.
    return 'none'
  }
}

export function readableNames(definition: Definition, types: FieldTypes, pointer: string): ReadableName[] {
  const textOf = (text: unknown) => pickText(text as Readonly<Record<string, string>> | undefined, definition.languages).text
  const tables = (definition.tables ?? {}) as never
  const names = new Map<string, ReadableName>()
  const take = (fields: readonly Holder[] | undefined, names: Map<string, ReadableName>) => {
    for (const field of Array.isArray(fields) ? (fields as Holder[]) : []) {
      const kind = kindOfField(field, types)
      if (kind !== 'none' && !names.has(field.id)) {
        const options = (Array.isArray(field.options) ? field.options : []) as { value: string; label?: object }[]
        let values: string[] = []
        try {
          values = types[field.type]?.choices?.(field as never, { tables }) ?? []
        } catch {
          // Unfinished settings: no choices yet.
        }
        const choices = values.map((value) => ({ value, label: textOf(options.find((option) => option.value === value)?.label) || value }))
        const rows = new Map<string, ReadableName>()
        if (field.repeat) take(field.fields as Holder[] | undefined, rows)
        names.set(field.id, { name: field.id, label: textOf(field.label) || field.id, kind, choices, ...(field.repeat ? { fields: [...rows.values()] } : {}) })
      }
      if (!field.repeat) take(field.fields as Holder[] | undefined, names)
    }
  }
  for (const group of groupsAround(definition, pointer).reverse()) take((read(definition, group) as Holder).fields as Holder[], names)
  for (const page of definition.pages) take(page.fields as Holder[], names)
  for (const { id, label, type } of definition.computed ?? []) {
    if (!names.has(id) && !isInside(pointer, id)) names.set(id, { name: id, label: textOf(label) || id, kind: type, choices: [] })
  }
  return [...names.values()]
}
