/** Names of tables and columns, and everything that reads them: expressions, options from a table, capacity. */
import type { Expression } from '@guichet/schemas'
import { type Definition, type Edit, refuse } from './edit.ts'
import { isId } from './ids.ts'
import { parentOf, pointerOf, read, write } from './pointer.ts'
import { mapReferences, type SettingsSchemas, tableBeside } from './references.ts'
import { gridOf, tableOf } from './table-grid.ts'

/** The expression with each `row(table; key; column)` passed through `rename`. */
export function renameRows(expression: Expression, rename: (table: string, column: string) => readonly [string, string]): Expression {
  if (typeof expression !== 'object' || expression === null) return expression
  if (Array.isArray(expression)) {
    const items = expression.map((item) => renameRows(item, rename))
    return items.every((item, i) => item === expression[i]) ? expression : items
  }
  const [operation = '', given = null] = Object.entries(expression)[0] ?? []
  const args = (Array.isArray(given) ? given : [given]) as Expression[]
  let next = args.map((arg) => renameRows(arg, rename))
  const [table, key, column] = next
  if (operation === 'row' && typeof table === 'string') {
    const [newTable, newColumn] = rename(table, typeof column === 'string' ? column : '')
    next = [newTable, key as Expression, ...(typeof column === 'string' ? [newColumn] : next.slice(2))]
  }
  if (next.every((arg, i) => arg === args[i])) return expression
  return { [operation]: Array.isArray(given) ? next : (next[0] as Expression) }
}

const inOrder = (object: Readonly<Record<string, unknown>>, from: string, to: string) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]))

function follow(definition: Definition, settings: SettingsSchemas, rename: (table: string, column: string) => readonly [string, string]): Definition {
  return mapReferences(definition, settings, (value, { kind, property, pointer }) => {
    if (kind === 'expression') return renameRows(value as Expression, rename)
    if (typeof value !== 'string') return value
    if (kind === 'id' && property === 'table') return rename(value, '')[0]
    const table = kind === 'column' ? tableBeside(read(definition, parentOf(pointer))) : undefined
    return table === undefined ? value : rename(table, value)[1]
  })
}

export const renameTable =
  ({ name, to, settings }: { name: string; to: string; settings: SettingsSchemas }): Edit =>
  (definition) => {
    const tables = definition.tables ?? {}
    if (!Object.hasOwn(tables, name)) return refuse('noSuchPart', { pointer: name })
    if (!isId(to)) return refuse('idForm', { id: to })
    if (Object.hasOwn(tables, to)) return refuse('idTaken', { id: to })
    const followed = follow(definition, settings, (table, column) => [table === name ? to : table, column])
    return { definition: write(followed, '/tables', inOrder(tables, name, to)), part: '@values', words: { key: 'rename', params: { from: name, to } } }
  }

export const renameColumn =
  ({ table, column, to, settings }: { table: string; column: string; to: string; settings: SettingsSchemas }): Edit =>
  (definition) => {
    const rows = definition.tables?.[table]
    if (!rows) return refuse('noSuchPart', { pointer: table })
    const { columns } = gridOf(rows)
    if (!isId(to)) return refuse('idForm', { id: to })
    if (columns.includes(to)) return refuse('idTaken', { id: to })
    const followed = follow(definition, settings, (of, read) => [of, of === table && read === column ? to : read])
    const renamed = tableOf({
      columns: columns.map((one) => (one === column ? to : one)),
      rows: Object.entries(rows).map(([key, cells]) => ({ key, cells: inOrder(cells, column, to) as typeof cells })),
    })
    return { definition: write(followed, pointerOf(['tables', table]), renamed), part: '@values', words: { key: 'rename', params: { from: column, to } } }
  }
