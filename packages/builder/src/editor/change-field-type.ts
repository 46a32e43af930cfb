import { type Edit, refuse } from './edit.ts'
import { kindOf, nameOf, partAt } from './part.ts'
import { write } from './pointer.ts'
import { fieldSchema, type SettingsSchemas } from './references.ts'

/** Makes a field one of another type. Settings that the new type has too are kept. */
export const changeFieldType =
  ({
    pointer,
    type,
    settings,
    initial = {},
  }: {
    pointer: string
    type: string
    settings: SettingsSchemas
    initial?: Readonly<Record<string, unknown>>
  }): Edit =>
  (definition) => {
    const field = kindOf(pointer) === 'field' ? partAt(definition, pointer) : null
    if (!field) return refuse('noSuchPart', { pointer })
    if (!Object.hasOwn(settings, type)) return refuse('noSuchPart', { pointer: type })
    if ((field as { type?: string }).type === type) return refuse('sameType')
    const known = fieldSchema(type, settings).properties as object
    const kept = Object.entries(field).filter(([key]) => Object.hasOwn(known, key) || key.startsWith('x-'))
    return {
      definition: write(definition, pointer, { ...initial, ...Object.fromEntries(kept), type }),
      part: pointer,
      words: { key: 'changeFieldType', params: { name: nameOf(definition, field) } },
    }
  }
