/** The queries that every submission makes, prepared once. */
import { type AgencyStore, Conflict, type KeyClaim, noTerm, withdrawn } from '../store.ts'
import type { Context } from './context.ts'
import { placeQueries } from './places.ts'

type IntakeQueries = Pick<AgencyStore, 'published' | 'claimKey' | 'releaseKey' | 'withdrawKey' | 'record' | 'placesTaken' | 'addAttachment'>

export function intakeQueries({ agencyId, db: { $client: client }, change, remembered, log, enqueue }: Context): IntakeQueries {
  const published = client.prepare(
    'SELECT id AS service, published_version AS version FROM services WHERE agency_id = ? AND published_version IS NOT NULL ORDER BY id',
  )
  const publishedOne = client.prepare(
    'SELECT id AS service, published_version AS version FROM services WHERE agency_id = ? AND id = ? AND published_version IS NOT NULL',
  )
  const answered = client.prepare(
    'SELECT body_mac, answer FROM idempotency_keys WHERE agency_id = ? AND service_id = ? AND key_hash = ? AND answer IS NOT NULL',
  )
  // A row without an answer was left by an earlier version, whose claims stood in the table.
  const answer = client.prepare(
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
  const upload = client.prepare(
    `INSERT INTO attachments (agency_id, id, service_id, target, name, type, size, digest, sealing, received_at, submission_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const { take, placesTaken } = placeQueries(client, agencyId)
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value))

  /**
   * Keys of requests under way. They live as long as the process that works on them, which is the only one: a claim in the
   * table would cost a transaction, and outlive a crash for nothing.
   */
  const running = new Map<string, Pick<KeyClaim, 'bodyMac' | 'at'>>()
  const nameOf = (service: string, keyHash: string) => `${service}\n${keyHash}`

  return {
    async published(service) {
      if (service === undefined) return published.all(agencyId) as unknown as { service: string; version: number }[]
      // Asked by each request about a service.
      return remembered(service, () => publishedOne.all(agencyId, service) as unknown as { service: string; version: number }[])
    },
    async claimKey({ service, keyHash, bodyMac, at }, staleBefore) {
      const done = answered.get(agencyId, service, keyHash) as { body_mac: string; answer: Uint8Array } | undefined
      if (done) return done.body_mac === bodyMac ? { state: 'done', answer: done.answer } : { state: 'other-body' }
      const held = running.get(nameOf(service, keyHash))
      if (held && held.bodyMac !== bodyMac) return { state: 'other-body' }
      if (held && held.at >= staleBefore) return { state: 'running' }
      running.set(nameOf(service, keyHash), { bodyMac, at })
      return { state: 'claimed' }
    },
    async releaseKey(service, keyHash) {
      running.delete(nameOf(service, keyHash))
    },
    async withdrawKey({ service, keyHash, at }, staleBefore) {
      return change(() => {
        const done = answered.get(agencyId, service, keyHash) as { answer: Uint8Array } | undefined
        if (done) return done.answer.length === 0 ? { state: 'claimed' } : { state: 'done', answer: done.answer }
        const held = running.get(nameOf(service, keyHash))
        if (held && held.at >= staleBefore) return { state: 'running' }
        // No body has this digest, and no answer is empty.
        answer.run(agencyId, service, keyHash, withdrawn, at, new Uint8Array())
        return { state: 'claimed' }
      })
    },
    async record({ submission, attachments, deed, keyHash, places = [], outbox, conclude }) {
      const {
        id,
        service,
        version,
        language,
        receivedAt,
        referenceHash,
        status,
        stage,
        sealing,
        answers,
        outcome,
        dueAt = noTerm,
        closedAt = null,
      } = submission
      const name = nameOf(service, keyHash)
      const full = await change(() => {
        const claim = running.get(name)
        // The claim went stale and someone else has answered: theirs counts.
        if (!claim) throw new Conflict('stale')
        const none = places.length > 0 ? take(service, places) : null
        // Not thrown: what was counted for it is kept.
        if (none !== null) return none
        insert.run(agencyId, id, service, version, language, receivedAt, referenceHash, status, stage, json(sealing), answers, outcome, dueAt, closedAt)
        for (const attachment of attachments) if (Number(attach.run(id, agencyId, attachment).changes) === 0) throw new Conflict('claimed')
        const { sequence, leaf } = log('submission.received', `submission:${id}`, deed)
        enqueue(outbox, { service, submission: id }, deed.at)
        const concluded = conclude(sequence, leaf())
        receive.run(agencyId, id, concluded.receipt)
        const kept = answer.run(agencyId, service, keyHash, claim.bodyMac, claim.at, concluded.answer)
        if (Number(kept.changes) === 0) throw new Conflict('stale')
        return null
      })
      if (full !== null) throw new Conflict('full', full)
      running.delete(name)
    },
    placesTaken,
    async addAttachment({ id, service, target, name, type, size, digest, sealing, receivedAt, submission }, by) {
      await change(() => {
        upload.run(agencyId, id, service, target, name, type, size, digest, json(sealing), receivedAt, submission)
        log('attachment.received', `attachment:${id}`, by)
      })
    },
  }
}
