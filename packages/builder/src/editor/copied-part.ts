/** A page, field or document taken along, with the tables it reads: enough to be put into any other service. */
import type { Expression } from '@guichet/schemas'
import type { Definition } from './edit.ts'
import { type AnyPart, kindOf, type PartKind, partAt } from './part.ts'
import { isObject, type Value } from './pointer.ts'
import type { Table } from './table-grid.ts'

export interface CopiedPart {
  guichet: 'part'
  kind: PartKind
  part: AnyPart
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

export function copyPart(definition: Definition, pointer: string): CopiedPart | null {
  const kind = kindOf(pointer)
  const part = partAt(definition, pointer)
  if (!kind || !part) return null
  const tables = (definition.tables ?? {}) as Record<string, Table>
  const read = [...tablesRead(part)].filter((name) => Object.hasOwn(tables, name))
  return { guichet: 'part', kind, part, tables: Object.fromEntries(read.map((name) => [name, tables[name] as Table])), languages: definition.languages }
}

/** What lies on the clipboard, if it is a part; anything else there is none of our business. */
export function readCopied(text: string): CopiedPart | null {
  try {
    const value = JSON.parse(text) as Partial<CopiedPart> | null
    const holds =
      value?.guichet === 'part' && ['page', 'field', 'document'].includes(value.kind as string) && isObject(value.part) && typeof value.part.id === 'string'
    return holds ? ({ tables: {}, languages: [], ...value } as CopiedPart) : null
  } catch {
    return null
  }
}
