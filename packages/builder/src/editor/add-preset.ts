import type { Field, Json } from '@guichet/schemas'
import { addField } from './add-field.ts'
import type { Edit } from './edit.ts'
import { idFrom } from './ids.ts'
import { takenFieldIds } from './part.ts'

/** A field that begins with settings. Its texts are in all languages of the builder; `@self` in it stands for its own id. */
export interface Preset {
  type: string
  settings: Partial<Field>
}

const isText = (value: object) =>
  Object.keys(value).length > 0 && Object.entries(value).every(([key, text]) => /^[a-z]{2}$/.test(key) && typeof text === 'string')

/** Texts in the service's languages alone (in English where there is none of them), and the id in its places. */
function settled(value: Json, languages: readonly string[], id: string): Json {
  if (value === '@self') return id
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => settled(item, languages, id))
  if (!isText(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settled(item, languages, id)]))
  const said = languages.map((language) => [language, value[language.split('-')[0] as string] as Json] as const).filter(([, text]) => text !== undefined)
  return said.length > 0 ? Object.fromEntries(said) : { [languages[0] as string]: value.en as Json }
}

/** Adds a field as a preset has it. */
export const addPreset =
  ({ preset, ...place }: { parent: string; index?: number; preset: Preset; label: string }): Edit =>
  (definition) => {
    const { type, settings } = preset
    // The id that addField is going to make of the same.
    const id = idFrom(place.label, takenFieldIds(definition), type)
    return addField({ ...place, type, settings: settled(settings as Json, definition.languages, id) as Partial<Field> })(definition)
  }
