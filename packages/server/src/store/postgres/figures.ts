import { count, min, sql } from 'drizzle-orm'
import type { StoreFigures } from '../figures.ts'
import type { AgencyId } from '../store.ts'
import type { Database } from './database.ts'
import { agencies, drafts, outbox } from './tables.ts'

/** Agency by agency: nobody may read all of them at once. */
export async function readFigures(database: Database): Promise<StoreFigures> {
  const manner = { repeatable: true, impatient: true }
  const ids = await database.directory((tx) => tx.select({ id: agencies.agencyId }).from(agencies), manner)
  const figures: StoreFigures = { waiting: 0, dead: 0, oldestWaiting: null, drafts: 0, bytes: 0 }
  for (const { id } of ids) {
    const [deliveries, saved] = await database.within(id as AgencyId, (tx) => readAgency(tx, id as AgencyId), manner)
    figures.waiting += deliveries.waiting
    figures.dead += deliveries.dead
    figures.drafts += saved
    if (deliveries.oldest !== null && (figures.oldestWaiting === null || deliveries.oldest < figures.oldestWaiting)) figures.oldestWaiting = deliveries.oldest
  }
  const { rows } = await database.directory((tx) => tx.execute<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes'), manner)
  figures.bytes = Number(rows[0]?.bytes)
  return figures
}

async function readAgency(tx: Parameters<Parameters<Database['within']>[1]>[0], id: AgencyId) {
  const [deliveries] = await tx
    .select({
      waiting: count(outbox.dueAt),
      all: count(),
      oldest: min(sql<string>`CASE WHEN ${outbox.dueAt} IS NOT NULL THEN ${outbox.createdAt} END`),
    })
    .from(outbox)
    .where(sql`${outbox.agencyId} = ${id}`)
  const [saved] = await tx.select({ n: count() }).from(drafts).where(sql`${drafts.agencyId} = ${id}`)
  const { waiting = 0, all = 0, oldest = null } = deliveries ?? {}
  return [{ waiting, dead: all - waiting, oldest }, saved?.n ?? 0] as const
}
