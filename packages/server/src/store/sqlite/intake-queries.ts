/** The queries that every submission makes, prepared once. */
import { type AgencyStore, Conflict, type KeyClaim, type KeyState, withdrawn } from '../store.ts'
import type { Context } from './context.ts'
import { placeQueries } from './places.ts'

type IntakeQueries = Pick<AgencyStore, 'published' | 'claimKey' | 'releaseKey' | 'withdrawKey' | 'record' | 'placesTaken' | 'addAttachment'>

export function intakeQueries({
  agencyId,
  db: { $client: client },
  change,
  together,
  remembered,
  log,
  record,
  recorder: { keepAnswer },
}: Context): IntakeQueries {
  const published = client.prepare(
    'SELECT id AS service, published_version AS version FROM services WHERE agency_id = ? AND published_version IS NOT NULL ORDER BY id',
  )
  const publishedOne = client.prepare(
    'SELECT id AS service, published_version AS version FROM services WHERE agency_id = ? AND id = ? AND published_version IS NOT NULL',
  )
  const answered = client.prepare(
    'SELECT body_mac, answer FROM idempotency_keys WHERE agency_id = ? AND service_id = ? AND key_hash = ? AND answer IS NOT NULL',
  )
  const upload = client.prepare(
    `INSERT INTO attachments (agency_id, id, service_id, target, name, type, size, digest, sealing, received_at, submission_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const { placesTaken } = placeQueries(client, agencyId)
  const json = (value: object | null) => (value === null ? null : JSON.stringify(value))

  /**
   * Keys of requests under way. They live as long as the process that works on them, which is the only one: a claim in the
   * table would cost a transaction, and outlive a crash for nothing.
   */
  const running = new Map<string, Pick<KeyClaim, 'bodyMac' | 'at'>>()
  const nameOf = (service: string, keyHash: string) => `${service}\n${keyHash}`

  const claimed = ({ service, keyHash, bodyMac, at }: KeyClaim, staleBefore: string): KeyState => {
    const done = answered.get(agencyId, service, keyHash) as { body_mac: string; answer: Uint8Array } | undefined
    if (done) return done.body_mac === bodyMac ? { state: 'done', answer: done.answer } : { state: 'other-body' }
    const held = running.get(nameOf(service, keyHash))
    if (held && held.bodyMac !== bodyMac) return { state: 'other-body' }
    if (held && held.at >= staleBefore) return { state: 'running' }
    running.set(nameOf(service, keyHash), { bodyMac, at })
    return { state: 'claimed' }
  }

  return {
    async published(service) {
      if (service === undefined) return published.all(agencyId) as unknown as { service: string; version: number }[]
      // Asked by each request about a service.
      return remembered(service, () => publishedOne.all(agencyId, service) as unknown as { service: string; version: number }[])
    },
    claimKey: (claim, staleBefore) => together(() => claimed(claim, staleBefore)),
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
        keepAnswer.run(agencyId, service, keyHash, withdrawn, at, new Uint8Array())
        return { state: 'claimed' }
      })
    },
    async record(entry) {
      const name = nameOf(entry.submission.service, entry.keyHash)
      const claim = running.get(name)
      // The claim went stale and someone else has answered: theirs counts.
      if (!claim) throw new Conflict('stale')
      const recorded = await record(entry, claim)
      if ('full' in recorded) throw new Conflict('full', recorded.full)
      running.delete(name)
      return recorded.whole
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
