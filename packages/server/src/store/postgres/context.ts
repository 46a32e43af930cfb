/** What every query of an agency is made of. */
import { type Column, eq, type SQL } from 'drizzle-orm'
import { type AuditAction, leafOf, nextLink } from '../../audit/chain.ts'
import { countsOf } from '../../statistics/count.ts'
import type { AgencyId, Deed, OutboxEntry } from '../store.ts'
import type { Database, Manner, Transaction, Work } from './database.ts'
import { addCounts } from './statistics-queries.ts'
import { agencies, auditEvents, auditNotes, type outbox } from './tables.ts'

export interface Head {
  sequence: number
  digest: string
}

export interface Context {
  agencyId: AgencyId
  /** The condition that every query carries: the first wall. A test takes it away to see whether the second one holds. */
  mine(table: { agencyId: Column }): SQL | undefined
  read<T>(work: Work<T>, manner?: Manner): Promise<T>
  /** Takes the lock on the agency's row at the start: what was read still holds when it is written, as in SQLite. */
  change<T>(work: (tx: Transaction, log: Log) => Promise<T>, manner?: Manner): Promise<T>
  /** A change without that lock: it needs none, or takes it itself. */
  touch<T>(work: Work<T>, manner?: Manner): Promise<T>
  head(tx: Transaction): Promise<Head>
  moveHead(tx: Transaction, head: Head): Promise<unknown>
}

/** Adds an event to the agency's chain. Gives its sequence and leaf. */
export type Log = (action: AuditAction, object: string, deed: Deed) => Promise<{ sequence: number; leaf: string }>

export function contextOf(database: Database, agencyId: AgencyId, firstWall: boolean): Context {
  const mine: Context['mine'] = (table) => (firstWall ? eq(table.agencyId, agencyId) : undefined)
  const head: Context['head'] = async (tx) => {
    const [row] = await tx
      .select({ sequence: agencies.auditSequence, digest: agencies.auditDigest })
      .from(agencies)
      .where(mine(agencies))
      .for('update')
      .prepare()
      .execute()
    if (!row) throw new Error('The agency is not there.')
    return row
  }
  const moveHead: Context['moveHead'] = (tx, { sequence, digest }) =>
    tx.update(agencies).set({ auditSequence: sequence, auditDigest: digest }).where(mine(agencies)).prepare().execute()

  return {
    agencyId,
    mine,
    head,
    moveHead,
    read: (work, manner) => database.within(agencyId, work, { repeatable: true, ...manner }),
    touch: (work, manner) => database.within(agencyId, work, manner),
    change: (work, manner) =>
      database.within(
        agencyId,
        async (tx) => {
          let last = await head(tx)
          return work(tx, async (action, object, deed) => {
            const { event, entry } = nextLink(last.sequence === 0 ? null : last, {
              agency: agencyId,
              time: deed.at,
              actor: deed.actor,
              action,
              object,
              details: deed.details,
            })
            last = event
            await Promise.all([
              deed.note &&
                tx
                  .insert(auditNotes)
                  .values({ agencyId, sequence: event.sequence, ...deed.note })
                  .execute(),
              tx
                .insert(auditEvents)
                .values({ ...event, agencyId })
                .execute(),
              moveHead(tx, event),
              addCounts(tx, agencyId, countsOf(event)),
            ])
            return { sequence: event.sequence, leaf: leafOf(entry) }
          })
        },
        manner,
      ),
  }
}

/** Rows of the outbox, due at once. */
export const outboxRows = (
  agencyId: AgencyId,
  entries: readonly OutboxEntry[],
  about: { service: string; submission: string | null },
  at: string,
): (typeof outbox.$inferInsert)[] => entries.map((entry) => ({ agencyId, ...entry, ...about, attempts: 0, createdAt: at, dueAt: at }))
