/**
 * Groups whose rows the author names: one row for each option of one of its fields, in the order of the options. The name
 * is an answer of the row like any other, so that conditions, exports and summaries know it without being told.
 */
import type { Json } from '@guichet/schemas'
import type { FieldContext } from './field-type.ts'
import type { FieldNode } from './program.ts'

export interface NamedRows {
  /** The field that holds a row's name. */
  readonly name: FieldNode
  readonly values: readonly string[]
}

/** Null for groups whose rows are added one by one. */
export function namedRows(node: FieldNode, context: Pick<FieldContext, 'tables'>): NamedRows | null {
  const { each } = (node.field.repeat ?? {}) as { each?: string }
  const name = each === undefined ? undefined : node.rows?.get(each)
  if (!name) return null
  const { options, optionsFrom } = name.field as { options?: readonly { value: string }[]; optionsFrom?: { table: string } }
  const table = optionsFrom?.table ?? ''
  return { name, values: options?.map(({ value }) => value) ?? Object.keys(Object.hasOwn(context.tables, table) ? (context.tables[table] ?? {}) : {}) }
}

const nameOf = (row: Json, id: string): Json =>
  typeof row === 'object' && row !== null && !Array.isArray(row) && Object.hasOwn(row, id) ? (row[id] ?? null) : null

/** Whether every row is there, once and in its place. */
export const standAsNamed = (rows: Json, { name, values }: NamedRows): boolean =>
  Array.isArray(rows) && rows.length === values.length && values.every((value, i) => nameOf(rows[i] ?? null, name.field.id) === value)

/** The rows as they have to stand: what was answered in one stays with its name, what is no row any more goes. */
export const asNamed = (rows: Json, { name, values }: NamedRows): Json[] =>
  values.map((value) => (Array.isArray(rows) ? rows : []).find((row) => nameOf(row, name.field.id) === value) ?? { [name.field.id]: value })
