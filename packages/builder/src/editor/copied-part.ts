/** Pages, fields or documents taken along, with the tables they read: enough to be put into any other service. */
import type { Expression } from '@guichet/schemas'
import { kindOfAll, topmost } from './chosen-parts.ts'
import type { Definition } from './edit.ts'
import { type AnyPart, type PartKind, partAt } from './part.ts'
import { isObject, type Value } from './pointer.ts'
import type { Table } from './table-grid.ts'

export interface CopiedPart {
  guichet: 'part'
  kind: PartKind
  /** In the order of the service; never none. */
  parts: readonly AnyPart[]
  tables: Readonly<Record<string, Table>>
  /** Languages of the service it comes from, in order. */
  languages: readonly string[]
}

/** Names of the tables that expressions and choices in it read. */
function tablesRead(value: Value, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) tablesRead(item, found)
  else if (isObject(value)) {
    const { row, optionsFrom } = value as { row?: Expression; optionsFrom?: Value }
    if (Array.isArray(row) && typeof row[0] === 'string') found.add(row[0])
    if (isObject(optionsFrom) && typeof optionsFrom.table === 'string') found.add(optionsFrom.table)
    for (const item of Object.values(value)) tablesRead(item, found)
  }
  return found
}

/** Null if there is nothing to copy, or parts of several kinds. */
export function copyParts(definition: Definition, pointers: readonly string[]): CopiedPart | null {
  const top = topmost(pointers)
  const kind = kindOfAll(top)
  const parts = top.map((pointer) => partAt(definition, pointer)).filter((part) => part !== null)
  if (!kind || parts.length === 0) return null
  const tables = (definition.tables ?? {}) as Record<string, Table>
  const read = [...tablesRead(parts)].filter((name) => Object.hasOwn(tables, name))
  return { guichet: 'part', kind, parts, tables: Object.fromEntries(read.map((name) => [name, tables[name] as Table])), languages: definition.languages }
}

/** What lies on the clipboard, if it is a part; anything else there is none of our business. */
export function readCopied(text: string): CopiedPart | null {
  try {
    // Before several parts could be copied there was one.
    const { part, ...value } = JSON.parse(text) as Partial<CopiedPart> & { part?: unknown }
    const parts = value.parts ?? [part]
    const holds =
      value.guichet === 'part' &&
      ['page', 'field', 'document'].includes(value.kind as string) &&
      Array.isArray(parts) &&
      parts.length > 0 &&
      parts.every((one) => isObject(one) && typeof one.id === 'string')
    return holds ? ({ tables: {}, languages: [], ...value, parts } as unknown as CopiedPart) : null
  } catch {
    return null
  }
}
