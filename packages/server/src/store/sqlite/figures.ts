import type { DatabaseSync } from 'node:sqlite'
import type { StoreFigures } from '../figures.ts'

export function readFigures(client: DatabaseSync): StoreFigures {
  const row = client
    .prepare(
      `SELECT count(due_at) AS waiting, count(*) - count(due_at) AS dead, min(CASE WHEN due_at IS NOT NULL THEN created_at END) AS oldest,
         (SELECT count(*) FROM drafts) AS drafts, (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes
       FROM outbox`,
    )
    .get()
  return {
    waiting: Number(row?.waiting),
    dead: Number(row?.dead),
    oldestWaiting: row?.oldest == null ? null : String(row.oldest),
    drafts: Number(row?.drafts),
    bytes: Number(row?.bytes),
  }
}
