/** Every text of a service that people read, with its place: what translators work on. */
import type { Definition } from './edit.ts'
import type { Holder } from './part.ts'
import { allFields } from './part.ts'
import { isObject, pointerOf, read, type Value, write } from './pointer.ts'
import { mapReferences, type SettingsSchemas } from './references.ts'

export interface ServiceText {
  /** Pointer of the text; of the label's cell where a table holds it. Stable enough to find it again in a file that comes back. */
  id: string
  /** The property that holds it: `label`, `hint` ...; `cell` in a table. */
  property: string
  /** Pointer of the part it belongs to. */
  pointer: string
  text: Readonly<Record<string, string>>
  /** Where the text of a language is kept. */
  placeOf(language: string): string
}

/** Columns of tables that are read to people: table to label column. */
function labelColumns(definition: Definition): Map<string, Set<string>> {
  const columns = new Map<string, Set<string>>()
  for (const { field } of allFields(definition)) {
    const { optionsFrom } = field as Holder & { optionsFrom?: Value }
    if (!isObject(optionsFrom) || typeof optionsFrom.table !== 'string' || typeof optionsFrom.label !== 'string') continue
    columns.set(optionsFrom.table, (columns.get(optionsFrom.table) ?? new Set()).add(optionsFrom.label))
  }
  return columns
}

/** A column named `<label>_<language>` holds the label in that language; the bare one that of the first. */
const columnOf = (label: string, language: string) => `${label}_${language.toLowerCase().replaceAll('-', '_')}`

export function textsOf(definition: Definition, settings: SettingsSchemas): ServiceText[] {
  const found: ServiceText[] = []
  mapReferences(definition, settings, (value, { kind, pointer, property }) => {
    if (kind === 'text' && isObject(value))
      found.push({ id: pointer, pointer, property, text: value as Record<string, string>, placeOf: (language) => `${pointer}${pointerOf([language])}` })
    return value
  })
  const [first] = definition.languages
  for (const [table, labels] of labelColumns(definition)) {
    for (const [row, cells] of Object.entries(definition.tables?.[table] ?? {})) {
      for (const label of labels) {
        const at = (column: string) => pointerOf(['tables', table, row, column])
        const own = (language: string) => {
          const column = columnOf(label, language)
          return language === first && !Object.hasOwn(cells, column) ? label : column
        }
        const text: Record<string, string> = {}
        for (const language of definition.languages) {
          const cell = cells[own(language)]
          if (cell !== undefined) text[language] = String(cell)
        }
        found.push({ id: at(label), pointer: at(label), property: 'cell', text, placeOf: (language) => at(own(language)) })
      }
    }
  }
  return found
}

/** A definition with these texts put in; ids that are not there are given back. */
export function withTexts(
  definition: Definition,
  settings: SettingsSchemas,
  language: string,
  texts: Iterable<readonly [id: string, text: string]>,
): { definition: Definition; unknown: string[]; changed: number } {
  const places = new Map(textsOf(definition, settings).map((text) => [text.id, text]))
  const unknown: string[] = []
  let changed = 0
  let next = definition
  for (const [id, text] of texts) {
    const place = places.get(id)
    if (!place) {
      unknown.push(id)
      continue
    }
    const at = place.placeOf(language)
    const before = read(next, at)
    // Nothing stays nothing; an emptied translation is taken away, so that it counts as missing.
    const value = text === '' ? undefined : text
    if (before === value || (before === '' && value === undefined)) continue
    // A text is never without any language.
    const others = Object.keys(place.text).some((other) => other !== language)
    next = write(next, at, value === undefined && !others ? '' : value)
    changed++
  }
  return { definition: next, unknown, changed }
}

/** How many of the texts there are in each language. */
export function completeness(texts: readonly ServiceText[], languages: readonly string[]): { language: string; done: number; total: number }[] {
  return languages.map((language) => ({ language, done: texts.filter(({ text }) => text[language]?.trim()).length, total: texts.length }))
}
