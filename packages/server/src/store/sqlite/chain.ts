/** What a change writes besides its own rows, in one agency: its event in the audit log with what is counted of it, and deliveries. */
import type { DatabaseSync } from 'node:sqlite'
import { type AuditAction, leafOf, nextLink } from '../../audit/chain.ts'
import { countsOf } from '../../statistics/count.ts'
import type { AgencyId, Deed, OutboxEntry } from '../store.ts'
import { counters } from './counters.ts'

export interface Chain {
  /** Adds an event to the agency's chain, and to the counters what follows from it. Gives its sequence and leaf. Only inside a change. */
  log(action: AuditAction, object: string, deed: Deed): { sequence: number; leaf(): string }
  /** Adds to the counters of statistics. Only inside a change. */
  addCounts: ReturnType<typeof counters>
  /** Puts deliveries into the outbox, due at once. Only inside a change. */
  enqueue(entries: readonly OutboxEntry[], about: { service: string; submission: string | null }, at: string): void
}

export function chainOf(client: DatabaseSync, agencyId: AgencyId): Chain {
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
  return {
    addCounts,
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
