/** What an expression at a place may read, as an author picks it from a list. */
import { type FieldTypes, pickText, type ValueKind } from '@guichet/core'
import { partName } from '@guichet/core/part-name'
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

const none = {}

/** What a field was read as, by what that depends on beside the field itself. */
interface Known {
  types: FieldTypes
  tables: unknown
  languages: string
  name: ReadableName | null
}
const known = new WeakMap<object, Known>()

/** What an expression at a place may read. A name that is as it was is the same. */
export function readableNames(definition: Definition, types: FieldTypes, pointer: string): ReadableName[] {
  const languages = definition.languages.join(' ')
  const textOf = (text: unknown) => pickText(text as Readonly<Record<string, string>> | undefined, definition.languages).text
  const { tables = none } = definition
  const nameOf = (field: Holder): ReadableName | null => {
    const kind = kindOfField(field, types)
    if (kind === 'none') return null
    const choicesNow = (): ReadableName['choices'] => {
      const options = (Array.isArray(field.options) ? field.options : []) as { value: string; label?: object }[]
      let values: string[] = []
      try {
        values = types[field.type]?.choices?.(field as never, { tables: tables as never }) ?? []
      } catch {
        // Unfinished settings: no choices yet.
      }
      const labels = new Map<string, object | undefined>()
      for (const option of options) if (option && !labels.has(option.value)) labels.set(option.value, option.label)
      return values.map((value) => ({ value, label: textOf(labels.get(value)) || value }))
    }
    let choices: ReadableName['choices'] | undefined
    const rows = new Map<string, ReadableName>()
    if (field.repeat) take(field.fields as Holder[] | undefined, rows)
    return {
      name: field.id,
      label: partName(field, definition.languages) || field.id,
      kind,
      // All names are read whenever there is a condition to write, and the choices of few.
      get choices() {
        choices ??= choicesNow()
        return choices
      },
      ...(field.repeat ? { fields: [...rows.values()] } : {}),
    }
  }
  const named = (field: Holder): ReadableName | null => {
    const last = known.get(field)
    if (last && last.types === types && last.tables === tables && last.languages === languages) return last.name
    const name = nameOf(field)
    known.set(field, { types, tables, languages, name })
    return name
  }
  const names = new Map<string, ReadableName>()
  const take = (fields: readonly Holder[] | undefined, names: Map<string, ReadableName>) => {
    for (const field of Array.isArray(fields) ? (fields as Holder[]) : []) {
      if (!names.has(field.id)) {
        const name = named(field)
        if (name) names.set(field.id, name)
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
