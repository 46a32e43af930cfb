import type { FieldContext, Json } from '@guichet/core'
import { asciiDigits, pickText } from '@guichet/core/text'
import type { Option, RadioField } from '../generated/settings.ts'

/** What radio, select and checkboxes have in common. */
export type Choosing = Pick<RadioField, 'options' | 'optionsFrom'>

const cell = (value: Json | undefined): string => (value === undefined || value === null ? '' : String(value))

/** The options, written out or read from the rows of a table. A table's texts get the language of their column. */
export function optionsOf(settings: Choosing, context: Pick<FieldContext, 'tables'>): Option[] {
  if (settings.options) return settings.options
  const { table, label } = settings.optionsFrom ?? { table: '', label: '' }
  const rows = Object.hasOwn(context.tables, table) ? context.tables[table] : undefined
  return Object.entries(rows ?? {}).map(([value, row]) => {
    const texts: Record<string, string> = {}
    for (const [column, text] of Object.entries(row))
      if (column.startsWith(`${label}_`)) texts[column.slice(label.length + 1).replaceAll('_', '-')] = cell(text)
    // The label column itself is in a language that this place cannot know.
    return { value, label: { ...texts, und: cell(row[label]) || value } }
  })
}

export const valuesOf = (settings: Choosing, context: Pick<FieldContext, 'tables'>): string[] => [
  ...new Set(optionsOf(settings, context).map((option) => option.value)),
]

/** The offered value that was meant, or null. */
export function chosen(input: Json, values: readonly string[]): string | null {
  if (typeof input !== 'string') return null
  if (values.includes(input)) return input
  const plain = asciiDigits(input).trim()
  return values.includes(plain) ? plain : null
}

/** The option's text for a reader: a table's own column serves where none is in the reader's language. */
export function labelOf(option: Option, language: string, fallback: readonly string[]): { text: string; language: string } {
  const own = option.label.und
  return own && !option.label[language] ? { text: own, language } : pickText(option.label, [language, ...fallback])
}

/** JSON Schema of one of the values; where nothing is offered, nothing is valid. */
export const choiceSchema = (settings: Choosing, context: Pick<FieldContext, 'tables'>): Record<string, unknown> => {
  const values = valuesOf(settings, context)
  return values.length > 0 ? { type: 'string', enum: values } : { not: {} }
}
