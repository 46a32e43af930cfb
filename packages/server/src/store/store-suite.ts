/** What every implementation of the store must hold. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import type { AgencyStore, AttachmentRecord, Conflict, Deed, Store, SubmissionEntry } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const deed: Deed = { actor: 'system', at }
const bytes = (text: string) => new TextEncoder().encode(text)
const text = (value: Uint8Array) => new TextDecoder().decode(value)
const digest = `sha256-${'A'.repeat(43)}`

const version = (service: string) => ({ service, definition: { id: service } as never, policy: {}, submissionSchema: { type: 'object' }, digest })
const attachment = (id: string, more: Partial<AttachmentRecord> = {}): AttachmentRecord => ({
  id,
  service: 'card',
  target: 'paper',
  name: bytes('a.pdf'),
  type: 'application/pdf',
  size: 3,
  digest,
  sealing: null,
  receivedAt: at,
  submission: null,
  ...more,
})
const entry = (id: string, more: Partial<SubmissionEntry> = {}): SubmissionEntry => ({
  submission: {
    id,
    service: 'card',
    version: 1,
    language: 'en',
    receivedAt: at,
    referenceHash: `hash of ${id}`,
    status: 'received',
    stage: null,
    sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k' },
    answers: bytes('answers'),
    outcome: bytes('outcome'),
  },
  attachments: [],
  deed,
  keyHash: `key ${id}`,
  outbox: [{ id: `out ${id}`, kind: 'webhook', payload: {} }],
  conclude: (sequence) => ({ receipt: bytes('receipt'), answer: bytes(`answer ${sequence}`) }),
  ...more,
})
const claim = (keyHash: string, bodyMac = 'mac', when = at) => ({ service: 'card', keyHash, bodyMac, at: when })
const conflict = (kind: Conflict['kind']) => expect.objectContaining({ kind })

export function storeSuite(name: string, open: () => Store | Promise<Store>) {
  describe(name, () => {
    let store: Store
    let city: AgencyStore
    let town: AgencyStore
    beforeEach(async () => {
      store = await open()
      city = store.agency(await store.ensureAgency('city', 'City', at))
      town = store.agency(await store.ensureAgency('town', 'Town', at))
      for (const agency of [city, town]) {
        await agency.saveService({ id: 'card', definition: { id: 'card' }, policy: {} }, null, deed)
        await agency.publish(version('card'), 1, deed)
      }
    })
    afterEach(() => store.close())

    it('finds agencies by name and makes each once', async () => {
      expect(await store.agencies()).toEqual([
        { id: 'city', title: 'City' },
        { id: 'town', title: 'Town' },
      ])
      expect(await store.findAgency('village')).toBeNull()
      await store.ensureAgency('city', 'Another title', at)
      expect((await store.agencies())[0]?.title).toBe('City')
    })

    it('saves a draft only over the revision that was edited', async () => {
      await expect(city.saveService({ id: 'card', definition: {}, policy: {} }, null, deed)).rejects.toEqual(conflict('taken'))
      expect(await city.saveService({ id: 'card', definition: { id: 'card', changed: true }, policy: { preset: 'open' } }, 1, deed)).toBe(2)
      await expect(city.saveService({ id: 'card', definition: {}, policy: {} }, 1, deed)).rejects.toEqual(conflict('stale'))
      await expect(city.saveService({ id: 'nothing', definition: {}, policy: {} }, 1, deed)).rejects.toEqual(conflict('stale'))
      expect(await city.service('card')).toMatchObject({
        definition: { id: 'card', changed: true },
        policy: { preset: 'open' },
        revision: 2,
        publishedVersion: 1,
      })
      expect(await town.service('card')).toMatchObject({ revision: 1 })
    })

    it('publishes versions that nothing changes afterwards', async () => {
      const first = await city.version('card', 1)
      await city.saveService({ id: 'card', definition: { id: 'card', later: true }, policy: {} }, 1, deed)
      await expect(city.publish(version('card'), 1, deed)).rejects.toEqual(conflict('stale'))
      expect(await city.publish({ ...version('card'), definition: { later: true } as never }, 2, { ...deed, at: '2026-02-01T00:00:00.000Z' })).toBe(2)
      expect(await city.version('card', 1)).toEqual(first)
      expect(await city.published()).toEqual([{ service: 'card', version: 2 }])
      expect(await city.published('nothing')).toEqual([])
      expect(await town.published('card')).toEqual([{ service: 'card', version: 1 }])
      expect(await city.version('card', 2)).toMatchObject({ version: 2, definition: { later: true }, publishedAt: '2026-02-01T00:00:00.000Z' })
      expect((await city.versions('card')).map((row) => row.version)).toEqual([2, 1])
      expect(await city.version('card', 3)).toBeNull()
      expect(await city.version('nothing', 1)).toBeNull()
    })

    it('gives an idempotency key to one at a time and the answer to all after', async () => {
      expect(await city.claimKey(claim('key s1'), '')).toEqual({ state: 'claimed' })
      expect(await city.claimKey(claim('key s1'), '')).toEqual({ state: 'running' })
      expect(await city.claimKey(claim('key s1', 'another'), '')).toEqual({ state: 'other-body' })
      expect(await town.claimKey(claim('key s1', 'another'), '')).toEqual({ state: 'claimed' })
      await city.releaseKey('card', 'key s1')
      expect(await city.claimKey(claim('key s1'), '')).toEqual({ state: 'claimed' })
      await city.record(entry('s1'))
      const done = await city.claimKey(claim('key s1'), '')
      expect(done.state === 'done' && text(done.answer)).toMatch(/^answer \d+$/)
      // What was answered is never released.
      await city.releaseKey('card', 'key s1')
      expect((await city.claimKey(claim('key s1'), '')).state).toBe('done')
    })

    it('takes over a claim whose process died, and undoes the one who comes too late', async () => {
      await city.claimKey(claim('key s1', 'mac', '2026-01-05T08:00:00.000Z'), '')
      expect(await city.claimKey(claim('key s1', 'mac', '2026-01-05T08:02:00.000Z'), '2026-01-05T08:01:00.000Z')).toEqual({ state: 'claimed' })
      await city.record(entry('s1'))
      await expect(city.record({ ...entry('s2'), keyHash: 'key s1' })).rejects.toEqual(conflict('stale'))
      expect((await city.submissions()).map((row) => row.id)).toEqual(['s1'])
    })

    it('records all or nothing', async () => {
      await city.claimKey(claim('key s1'), '')
      const before = await city.auditEvents(0, 100)
      const failing = entry('s1', {
        conclude: () => {
          throw new Error('no receipt')
        },
      })
      await expect(city.record(failing)).rejects.toThrow('no receipt')
      expect(await city.submissions()).toEqual([])
      expect(await city.auditEvents(0, 100)).toEqual(before)
      await city.record(entry('s1'))
      const [row] = await city.submissions()
      expect(row).toMatchObject({ id: 's1', version: 1, status: 'received', sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k' } })
      expect([text(row!.answers), text(row!.outcome)]).toEqual(['answers', 'outcome'])
    })

    it('finds a submission by its code within the agency only', async () => {
      await city.claimKey(claim('key s1'), '')
      await city.record(entry('s1'))
      expect((await city.submissionByReference('hash of s1'))?.id).toBe('s1')
      expect(await town.submissionByReference('hash of s1')).toBeNull()
      expect(await town.submissions()).toEqual([])
    })

    it('lets an attachment be claimed once, and by its own agency', async () => {
      await city.addAttachment(attachment('a1'), deed)
      expect(await town.attachments(['a1'])).toEqual([])
      await town.claimKey(claim('key t1'), '')
      await expect(town.record(entry('t1', { attachments: ['a1'] }))).rejects.toEqual(conflict('claimed'))
      await city.claimKey(claim('key s1'), '')
      await city.record(entry('s1', { attachments: ['a1'] }))
      await city.claimKey(claim('key s2'), '')
      await expect(city.record(entry('s2', { attachments: ['a1'] }))).rejects.toEqual(conflict('claimed'))
      expect((await city.attachments(['a1', 'a2'])).map((row) => row.submission)).toEqual(['s1'])
    })

    it('purges what is old and unclaimed, of one agency', async () => {
      await city.addAttachment(attachment('old'), deed)
      await town.addAttachment(attachment('old'), deed)
      await city.addAttachment(attachment('held'), deed)
      await city.addAttachment(attachment('new', { receivedAt: '2026-01-07T08:00:00.000Z' }), deed)
      await city.claimKey(claim('key s1'), '')
      await city.record(entry('s1', { attachments: ['held'] }))
      expect(await city.purge('2026-01-06T00:00:00.000Z', '2026-01-06T00:00:00.000Z')).toEqual(['old'])
      expect((await city.attachments(['old', 'held', 'new'])).map((row) => row.id).sort()).toEqual(['held', 'new'])
      expect(await town.attachments(['old'])).toHaveLength(1)
      expect(await city.claimKey(claim('key s1'), '')).toEqual({ state: 'claimed' })
    })

    it('makes the first user once, with the token offered', async () => {
      const user = { id: 'u1', email: 'a@city.example', name: 'A', passwordHash: 'x' }
      expect(await city.createFirstUser(user, 'token', at)).toBe(false)
      expect(await city.offerSetup('token')).toBe(true)
      expect(await town.createFirstUser(user, 'token', at)).toBe(false)
      expect(await city.createFirstUser(user, 'token', at)).toBe(true)
      expect(await city.createFirstUser({ ...user, id: 'u2', email: 'b@city.example' }, 'token', at)).toBe(false)
      expect(await city.offerSetup('token')).toBe(false)
      expect(await city.userByEmail('a@city.example')).toEqual(user)
      expect(await town.userByEmail('a@city.example')).toBeNull()
    })

    it('knows a session until it ends, in its own agency', async () => {
      await city.offerSetup('token')
      await city.createFirstUser({ id: 'u1', email: 'a@city.example', name: 'A', passwordHash: 'x' }, 'token', at)
      const by = { actor: 'user:u1', at }
      await city.openSession({ tokenHash: 'th', user: 'u1', createdAt: at, expiresAt: '2026-01-05T20:00:00.000Z' }, by)
      expect(await city.session('th', '2026-01-05T19:59:59.000Z')).toMatchObject({ user: { id: 'u1' }, agencyTitle: 'City' })
      expect(await city.session('th', '2026-01-05T20:00:00.000Z')).toBeNull()
      expect(await town.session('th', at)).toBeNull()
      await town.closeSession('th', by)
      expect(await city.session('th', at)).not.toBeNull()
      await city.closeSession('th', by)
      expect(await city.session('th', at)).toBeNull()
    })

    it('chains each agency’s events, in order, without a gap', async () => {
      await city.addAttachment(attachment('a1'), { ...deed, details: { size: 3 } })
      await city.claimKey(claim('key s1'), '')
      await city.record(entry('s1'))
      const events = await city.auditEvents(0, 100)
      expect(events.map((event) => event.action)).toEqual(['service.created', 'service.published', 'attachment.received', 'submission.received'])
      expect(events.map((event) => event.sequence)).toEqual([1, 2, 3, 4])
      expect(events.every((event) => event.agency === 'city')).toBe(true)
      expect(findBreak(events)).toBeNull()
      expect((await city.auditEvents(2, 1)).map((event) => event.sequence)).toEqual([3])
      expect(await town.auditEvents(0, 100)).toHaveLength(2)
    })

    it('keeps what was committed in the order it happened under 200 writers at once', async () => {
      const results = await Promise.allSettled(Array.from({ length: 200 }, (_, i) => city.addAttachment(attachment(`a${i}`), deed)))
      expect(results.filter((result) => result.status === 'rejected')).toEqual([])
      expect(findBreak(await city.auditEvents(0, 1000))).toBeNull()
    })
  })
}
