/** What the queries of an agency are made of. */
import type { DatabaseSync } from 'node:sqlite'
import type { NodeSQLiteDatabase } from 'drizzle-orm/node-sqlite'
import { type AuditAction, leafOf, nextLink } from '../../audit/chain.ts'
import { type Count, countsOf } from '../../statistics/count.ts'
import type { AgencyId, Deed, OutboxEntry } from '../store.ts'
import type { Commits } from './commits.ts'
import { counters } from './statistics-queries.ts'

export type Database = NodeSQLiteDatabase & { $client: DatabaseSync }

export interface Context {
  agencyId: AgencyId
  db: Database
  /**
   * A change, committed together with others that are ready (commits.ts). Its statements are run one after the other and
   * by nobody else, so `work` may use `db` as its transaction. `light`: may be lost with the power.
   */
  change<T>(work: (tx: Database) => T, light?: 'light'): Promise<T>
  /** The answer of a query, asked once until something is committed: nobody else writes. `name`: what is asked. */
  remembered<T>(name: string, ask: () => T): T
  /** Adds an event to the agency's chain, and to the counters what follows from it. Gives its sequence and leaf. Only inside a change. */
  log(action: AuditAction, object: string, deed: Deed): { sequence: number; leaf(): string }
  /** Adds to the counters of statistics. Only inside a change. */
  addCounts(counts: readonly Count[]): void
  /** Puts deliveries into the outbox, due at once. Only inside a change. */
  enqueue(entries: readonly OutboxEntry[], about: { service: string; submission: string | null }, at: string): void
}

export function contextOf(db: Database, commits: Commits, agencyId: AgencyId): Context {
  const { $client: client } = db
  const head = client.prepare('SELECT sequence, digest FROM audit_events WHERE agency_id = ? ORDER BY sequence DESC LIMIT 1')
  const append = client.prepare(
    'INSERT INTO audit_events (agency_id, sequence, time, actor, action, object, details, previous, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const putNote = client.prepare('INSERT INTO audit_notes (agency_id, sequence, sealing, content) VALUES (?, ?, ?, ?)')
  const put = client.prepare(
    `INSERT INTO outbox (agency_id, id, kind, destination, service_id, submission_id, payload, attempts, created_at, due_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
  )
  const addCounts = counters(client, agencyId)
  const memory = new Map<string, unknown>()
  let rememberedAt = -1
  return {
    agencyId,
    addCounts,
    db,
    change: (work, light) => commits.add(() => work(db), light === 'light'),
    remembered<T>(name: string, ask: () => T): T {
      if (rememberedAt !== commits.groups) {
        rememberedAt = commits.groups
        memory.clear()
      }
      if (!memory.has(name)) memory.set(name, ask())
      return memory.get(name) as T
    },
    log(action, object, { at: time, actor, details, note }) {
      const last = head.get(agencyId) as { sequence: number; digest: string } | undefined
      const { event, entry } = nextLink(last ?? null, { agency: agencyId, time, actor, action, object, details })
      const { sequence, previous, digest } = event
      append.run(agencyId, sequence, time, actor, action, object, event.details ? JSON.stringify(event.details) : null, previous, digest)
      if (note) putNote.run(agencyId, sequence, note.sealing && JSON.stringify(note.sealing), note.content)
      addCounts(countsOf(event))
      return { sequence, leaf: () => leafOf(entry) }
    },
    enqueue(entries, { service, submission }, at) {
      for (const { id, kind, destination, payload } of entries) put.run(agencyId, id, kind, destination, service, submission, payload, at, at)
    },
  }
}
