import { type Edit, refuse } from './edit.ts'
import { isId } from './ids.ts'
import { pointerOf, write } from './pointer.ts'
import type { Table } from './table-grid.ts'

/** Gives a table other rows and columns; null removes the table, and a name that is new adds one. */
export const setTable =
  ({ name, table, merge }: { name: string; table: Table | null; merge?: string }): Edit =>
  (definition) => {
    if (!isId(name)) return refuse('idForm', { id: name })
    if (Object.keys(table ?? {}).some((key) => key === '' || key.length > 60)) return refuse('rowKey')
    const next = write(definition, pointerOf(['tables', name]), table ?? undefined)
    const isNew = !Object.hasOwn(definition.tables ?? {}, name)
    const words = { params: { name } }
    return {
      definition: table === null && Object.keys(next.tables ?? {}).length === 0 ? write(next, '/tables', undefined) : next,
      part: '@values',
      words: table === null ? { key: 'removeTable', params: { name } } : isNew ? { key: 'addTable', params: { name } } : { key: 'editTable', ...words },
      ...(merge === undefined ? {} : { merge: `table:${name}:${merge}` }),
    }
  }
