import type { FieldType, Json } from '@guichet/core'
import { pickText } from '@guichet/core/text'
import type { MatrixField } from '../../generated/settings.ts'
import { chosen } from '../choices.ts'

const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
const columnsOf = ({ columns }: MatrixField) => columns.map(({ value }) => value)
const rowsOf = ({ rows }: MatrixField) => [...new Set(rows.map(({ id }) => id))]

/** What was answered to one statement. */
export const answerTo = (input: Json, row: string): Json => (isObject(input) && Object.hasOwn(input, row) ? (input[row] ?? null) : null)

export const matrix: FieldType<MatrixField> = {
  name: 'matrix',
  kind: () => 'object',
  parts: (settings) => Object.fromEntries(rowsOf(settings).map((row) => [row, 'text'])),
  parse(input, settings) {
    if (input === null || input === '') return { value: null }
    if (!isObject(input)) return { finding: { code: 'invalid' } }
    const columns = columnsOf(settings)
    const value: { [row: string]: Json } = {}
    for (const row of rowsOf(settings)) {
      const answer = answerTo(input, row)
      if (answer === null || answer === '') continue
      const column = chosen(answer, columns)
      if (column === null) return { finding: { code: 'invalid' } }
      value[row] = column
    }
    return { value: Object.keys(value).length > 0 ? value : null }
  },
  check(value, settings) {
    const missing = rowsOf(settings).filter((row) => answerTo(value, row) === null).length
    return missing > 0 && !settings.partial ? { code: 'missing', params: { count: missing } } : null
  },
  show(value, settings, { language, fallback }) {
    const languages = [language, ...fallback]
    return settings.rows
      .flatMap(({ id, label }) => {
        const column = settings.columns.find((column) => column.value === answerTo(value, id))
        return column ? [`${pickText(label, languages).text}: ${pickText(column.label, languages).text}`] : []
      })
      .join('\n')
  },
  schema(settings) {
    const column = { type: 'string', enum: columnsOf(settings) }
    const rows = rowsOf(settings)
    return {
      type: 'object',
      properties: Object.fromEntries(rows.map((row) => [row, column])),
      ...(settings.partial ? { minProperties: 1 } : { required: rows }),
      additionalProperties: false,
    }
  },
}
