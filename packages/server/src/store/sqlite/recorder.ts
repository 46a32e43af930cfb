/** Writes a submission with all that belongs to it. Inside of a group's transaction; on which thread that is makes no difference. */
import type { DatabaseSync } from 'node:sqlite'
import { closed, concluded } from '../../intake/conclusion.ts'
import { type AgencyId, Conflict, noTerm, type SubmissionEntry } from '../store.ts'
import type { Chain } from './chain.ts'
import { placeQueries } from './places.ts'

/** A submission as it is handed from one thread to another. */
export interface Order {
  agency: AgencyId
  entry: SubmissionEntry
  claim: { bodyMac: string; at: string }
}

/** `full`: the counter that has no place left. Else the bytes of the 201. */
export type Recorded = { full: string } | { whole: Uint8Array }

const json = (value: object | null) => (value === null ? null : JSON.stringify(value))

export type Recorder = ReturnType<typeof recorderOf>

export function recorderOf(client: DatabaseSync, agencyId: AgencyId, { log, enqueue }: Chain) {
  // A row without an answer was left by an earlier version, whose claims stood in the table.
  const keepAnswer = client.prepare(
    `INSERT INTO idempotency_keys (agency_id, service_id, key_hash, body_mac, started_at, answer) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (agency_id, service_id, key_hash)
     DO UPDATE SET body_mac = excluded.body_mac, started_at = excluded.started_at, answer = excluded.answer WHERE answer IS NULL`,
  )
  const insert = client.prepare(
    `INSERT INTO submissions (agency_id, id, service_id, version, language, received_at, reference_hash, status, stage, sealing, answers, outcome, due_at, closed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const receive = client.prepare('INSERT INTO receipts (agency_id, submission_id, content) VALUES (?, ?, ?)')
  const attach = client.prepare('UPDATE attachments SET submission_id = ? WHERE agency_id = ? AND id = ? AND submission_id IS NULL')
  const { take } = placeQueries(client, agencyId)

  return {
    keepAnswer,
    /** Inside a change. @throws Conflict */
    record(entry: SubmissionEntry, claim: Order['claim']): Recorded {
      const { submission, attachments, deed, keyHash, places = [], outbox, conclude } = entry
      const { id, service } = submission
      const none = places.length > 0 ? take(service, places) : null
      // Not thrown: what was counted for it is kept.
      if (none !== null) return { full: none }
      const { row, box } = closed(entry)
      const { version, language, receivedAt, referenceHash, status, stage, sealing, answers, outcome, dueAt = noTerm, closedAt = null } = row
      insert.run(agencyId, id, service, version, language, receivedAt, referenceHash, status, stage, json(sealing), answers, outcome, dueAt, closedAt)
      for (const attachment of attachments) if (Number(attach.run(id, agencyId, attachment).changes) === 0) throw new Conflict('claimed')
      const { sequence, leaf } = log('submission.received', `submission:${id}`, deed)
      enqueue(outbox, { service, submission: id }, deed.at)
      const { receipt, answer, whole } = concluded(conclude, sequence, leaf(), box)
      receive.run(agencyId, id, receipt)
      const kept = keepAnswer.run(agencyId, service, keyHash, claim.bodyMac, claim.at, answer)
      if (Number(kept.changes) === 0) throw new Conflict('stale')
      return { whole }
    },
  }
}
