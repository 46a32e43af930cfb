import type { Field, Page } from '@guichet/schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import type { CopiedPart } from './copied-part.ts'
import { type Definition, type Edit, refuse, type Words } from './edit.ts'
import { fieldListOf } from './field-list.ts'
import { idFrom } from './ids.ts'
import { allFields, type Holder, nameOf, takenFieldIds } from './part.ts'
import { insert, isObject, read } from './pointer.ts'
import { mapReferences, type SettingsSchemas } from './references.ts'
import { renameIds } from './rename-ids.ts'

/** A place in the list: where it was asked for, else its end. */
const placeIn = (list: unknown, index: number | undefined): number => {
  const count = Array.isArray(list) ? list.length : 0
  return Math.max(0, Math.min(index ?? count, count))
}

/** Texts in these languages alone; where there is none of them, what there is stands in for the first, to be translated. */
export function inLanguages(single: Definition, languages: Definition['languages'], from: readonly string[], settings: SettingsSchemas): Definition {
  return mapReferences(single, settings, (value, { kind }) => {
    if (kind !== 'text' || !isObject(value)) return value
    const kept = Object.fromEntries(Object.entries(value).filter(([tag]) => languages.includes(tag)))
    if (Object.keys(kept).length > 0) return Object.keys(kept).length === Object.keys(value).length ? value : kept
    const [first] = from.map((tag) => value[tag]).filter((text) => typeof text === 'string')
    return { [languages[0]]: first ?? Object.values(value)[0] ?? '' }
  })
}

/** Where parts of a kind stand in a service that has them alone. */
export const listAlone = (kind: CopiedPart['kind']): string => (kind === 'page' ? '/pages' : kind === 'field' ? '/pages/0/fields' : '/documents')

/** The parts alone in a service, so that what they say of themselves can be renamed without touching anything else. */
export function alone(definition: Definition, { kind, parts }: CopiedPart): Definition {
  const { documents: _documents, computed: _computed, lookups: _lookups, ...rest } = definition
  const pages = kind === 'page' ? (parts as Page[]) : [{ id: 'page', title: definition.title, fields: kind === 'field' ? (parts as Field[]) : [] }]
  return { ...rest, pages: pages as [Page, ...Page[]], ...(kind === 'document' ? { documents: parts as never } : {}) }
}

/** Names that the parts read and that neither they nor the service have: rules that will have to be put right. */
export function namesMissing(definition: Definition, copied: CopiedPart, settings: SettingsSchemas): string[] {
  const single = alone(definition, copied)
  const known = new Set([...takenFieldIds(definition), ...[...allFields(single)].map(({ field }) => field.id)])
  const missing = new Set<string>()
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) look(item)
    else if (isObject(value)) {
      const { var: given } = value
      const name = Array.isArray(given) ? given[0] : given
      const [first = ''] = typeof name === 'string' ? name.split('.') : []
      if (first !== '' && !known.has(first)) missing.add(first)
      for (const item of Object.values(value)) look(item)
    }
  }
  mapReferences(single, settings, (value, { kind }) => {
    if (kind === 'expression') look(value)
    return value
  })
  return [...missing]
}

/**
 * Puts copied parts in: fields at `parent` and `index`, pages and documents among their like. Ids that are taken are made
 * anew and the parts' own expressions follow; texts are kept in the languages of this service; tables come along unless
 * there is one of that name.
 */
export const pastePart =
  ({ copied, parent, index, settings }: { copied: CopiedPart; parent: string; index?: number; settings: SettingsSchemas }): Edit =>
  (definition) => {
    const taken = takenFieldIds(definition)
    const renamed = new Map<string, string>()
    let single = alone(definition, copied)
    if (!serviceDefinition(single)) return refuse('shape', { pointer: serviceDefinition.errors?.[0]?.instancePath ?? '' })
    const renew = (field: Holder, place: string) => {
      if (taken.has(field.id)) renamed.set(place, idFrom(field.id.replace(/_\d+$/, ''), taken, 'field'))
      taken.add(renamed.get(place) ?? field.id)
      if (!field.repeat) for (const [i, child] of (field.fields ?? []).entries()) renew(child as Holder, `${place}/fields/${i}`)
    }
    for (const { field, pointer } of allFields(single)) if (/^\/pages\/\d+\/fields\/\d+$/.test(pointer)) renew(field, pointer)
    single = renameIds(single, renamed, settings)
    single = inLanguages(single, definition.languages, copied.languages, settings)
    const tables = { ...copied.tables, ...definition.tables }
    const base: Definition = Object.keys(tables).length > Object.keys(definition.tables ?? {}).length ? { ...definition, tables } : definition
    const parts = read(single, listAlone(copied.kind)) as Holder[]
    const words: Words =
      parts.length === 1 ? { key: 'paste', params: { name: nameOf(definition, parts[0] as Holder) } } : { key: 'pasteParts', params: { number: parts.length } }
    const put = (list: string, at: number, items: readonly Holder[]) => {
      const made = items.map((_, i) => `${list}/${at + i}`)
      return { definition: items.toReversed().reduce((next, item) => insert(next, list, at, item), base), part: made[0] as string, parts: made, words }
    }
    if (copied.kind === 'field') {
      const list = fieldListOf(definition, parent)
      if (list === null) return refuse('notAGroup', { pointer: parent })
      return put(list, placeIn(read(definition, list), index), parts)
    }
    const list = copied.kind === 'page' ? '/pages' : '/documents'
    const peers = (read(definition, list) ?? []) as { id: string }[]
    const ids = new Set(peers.map(({ id }) => id))
    const own = parts.map((part) => {
      const id = ids.has(part.id) ? idFrom(part.id.replace(/_\d+$/, ''), ids, copied.kind) : part.id
      ids.add(id)
      return id === part.id ? part : { ...part, id }
    })
    return put(list, placeIn(peers, copied.kind === 'page' ? index : undefined), own)
  }
