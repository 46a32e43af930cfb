import type { Field, Page } from '@guichet/schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import type { CopiedPart } from './copied-part.ts'
import { type Definition, type Edit, refuse } from './edit.ts'
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

/** The part alone in a service, so that what it says of itself can be renamed without touching anything else. */
function alone(definition: Definition, { kind, part }: CopiedPart): Definition {
  const { documents: _documents, computed: _computed, lookups: _lookups, ...rest } = definition
  const page: Page = kind === 'page' ? (part as Page) : { id: 'page', title: definition.title, fields: kind === 'field' ? [part as Field] : [] }
  return { ...rest, pages: [page], ...(kind === 'document' ? { documents: [part as never] } : {}) }
}

/**
 * Puts a copied part in: a field at `parent` and `index`, pages and documents among their like. Ids that are taken are
 * made anew and its own expressions follow; texts are kept in the languages of this service; tables come along unless
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
    for (const { field, pointer } of allFields(single)) if (/^\/pages\/0\/fields\/\d+$/.test(pointer)) renew(field, pointer)
    single = renameIds(single, renamed, settings)
    const { languages } = definition
    single = mapReferences(single, settings, (value, { kind }) => {
      if (kind !== 'text' || !isObject(value)) return value
      const kept = Object.fromEntries(Object.entries(value).filter(([tag]) => languages.includes(tag)))
      if (Object.keys(kept).length > 0) return Object.keys(kept).length === Object.keys(value).length ? value : kept
      // None of our languages: what there is stands in for the first, to be translated.
      const [first] = copied.languages.map((tag) => value[tag]).filter((text) => typeof text === 'string')
      return { [languages[0]]: first ?? Object.values(value)[0] ?? '' }
    })
    const tables = { ...copied.tables, ...definition.tables }
    const base: Definition = Object.keys(tables).length > Object.keys(definition.tables ?? {}).length ? { ...definition, tables } : definition
    const source = copied.kind === 'page' ? '/pages/0' : copied.kind === 'field' ? '/pages/0/fields/0' : '/documents/0'
    const part = read(single, source) as Holder
    const words = { key: 'paste', params: { name: nameOf(definition, part) } }
    if (copied.kind === 'field') {
      const list = fieldListOf(definition, parent)
      if (list === null) return refuse('notAGroup', { pointer: parent })
      const at = placeIn(read(definition, list), index)
      return { definition: insert(base, list, at, part), part: `${list}/${at}`, words }
    }
    const list = copied.kind === 'page' ? '/pages' : '/documents'
    const peers = (read(definition, list) ?? []) as { id: string }[]
    const ids = new Set(peers.map(({ id }) => id))
    const own = ids.has(part.id) ? { ...part, id: idFrom(part.id.replace(/_\d+$/, ''), ids, copied.kind) } : part
    const at = placeIn(peers, copied.kind === 'page' ? index : undefined)
    return { definition: insert(base, list, at, own), part: `${list}/${at}`, words }
  }
