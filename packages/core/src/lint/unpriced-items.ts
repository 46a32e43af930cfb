/** Rows of a catalogue that cannot be ordered, because their price is missing or is no whole number of minor units. */
import { type LintRule, warning } from './finding.ts'

export const unpricedItems: LintRule = function* ({ definition, fields }) {
  for (const { field, pointer } of fields) {
    const { price, optionsFrom } = field
    const table = (optionsFrom as { table?: string } | undefined)?.table
    if (typeof price !== 'string' || table === undefined || !Object.hasOwn(definition.tables ?? {}, table)) continue
    const rows = Object.entries(definition.tables?.[table] ?? {})
    // A column that no row has is another finding.
    if (!rows.some(([, row]) => Object.hasOwn(row, price))) continue
    const without = rows.filter(([, row]) => !Number.isSafeInteger(row[price]) || Number(row[price]) < 0).map(([key]) => key)
    if (without.length > 0) yield warning('price.missing', `${pointer}/price`, { items: without, table, column: price })
  }
}
