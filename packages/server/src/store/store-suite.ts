/** What every implementation of the store must hold. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { bygone } from '../testing/clock-alone.ts'
import { auditSuite } from './audit-suite.ts'
import { caseSuite } from './case-suite.ts'
import { erasureSuite } from './erasure-suite.ts'
import { librarySuite } from './library-suite.ts'
import { officerMailSuite } from './officer-mail-suite.ts'
import { peopleSuite } from './people-suite.ts'
import { placeSuite } from './place-suite.ts'
import { releaseSuite } from './release-suite.ts'
import { sealingSuite } from './sealing-suite.ts'
import { statisticsSuite } from './statistics-suite.ts'
import type { AgencyStore, AttachmentRecord, Conflict, Deed, SavedDraftInput, Store, SubmissionEntry } from './store.ts'
import { uploadSuite } from './upload-suite.ts'
import { workSuite } from './work-suite.ts'

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
  outbox: [],
  conclude: (sequence) => ({ receipt: bytes('receipt'), answer: bytes(`answer ${sequence}`) }),
  ...more,
})
const claim = (keyHash: string, bodyMac = 'mac', when = at) => ({ service: 'card', keyHash, bodyMac, at: when })
const draft = (idHash: string, more: Partial<SavedDraftInput> = {}): SavedDraftInput => ({
  service: 'card',
  idHash,
  version: 1,
  content: bytes('sealed'),
  expiresAt: '2026-02-04T08:00:00.000Z',
  attachments: [],
  ...more,
})
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

    placeSuite(() => ({ city, town }))

    sealingSuite(() => ({ city, town }))
    uploadSuite(() => ({ city, town }), attachment)
    releaseSuite(() => ({ city, town }))
    librarySuite(() => ({ city, town }))
    officerMailSuite(() => ({ city, town }), entry)
    erasureSuite(
      () => ({ city, town }),
      async (agency, id) => {
        const sealing = { mode: 'at-rest' as const, bucket: '2026-01', key: 'k', suite: 2 as const }
        await agency.addAttachment(attachment(`a-${id}`, { sealing }), deed)
        await agency.claimKey(claim(`key ${id}`), '')
        const outbox = [{ id: `o-${id}`, kind: 'webhook', destination: 'https://a.example', payload: bytes('told') }]
        await agency.record(entry(id, { attachments: [`a-${id}`], outbox }))
      },
    )

    statisticsSuite(
      () => ({ city, town }),
      async (agency, id, details) => {
        await agency.claimKey(claim(`key ${id}`), '')
        await agency.record(entry(id, { deed: { ...deed, details } }))
      },
    )

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
      // Asked before, and told anew at once.
      expect(await city.published('card')).toEqual([{ service: 'card', version: 1 }])
      expect(await city.publish({ ...version('card'), definition: { later: true } as never }, 2, { ...deed, at: '2026-02-01T00:00:00.000Z' })).toBe(2)
      expect(await city.published('card')).toEqual([{ service: 'card', version: 2 }])
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

    it('withdraws a key for good, unless something stands under it or is on its way', async () => {
      const { bodyMac, ...withdrawal } = claim('key s1')
      expect(await city.withdrawKey(withdrawal, '')).toEqual({ state: 'claimed' })
      expect(await city.withdrawKey(withdrawal, '')).toEqual({ state: 'claimed' })
      expect(await city.claimKey({ ...withdrawal, bodyMac }, '9')).toEqual({ state: 'other-body' })
      await expect(city.record(entry('s1'))).rejects.toEqual(conflict('stale'))
      expect(await city.submissions()).toEqual([])
      // The other agency's key of the same name is another one.
      expect(await town.claimKey(claim('key s1'), '')).toEqual({ state: 'claimed' })

      await city.claimKey(claim('key s2'), '')
      const second = { ...withdrawal, keyHash: 'key s2' }
      expect(await city.withdrawKey(second, '')).toEqual({ state: 'running' })
      await city.record(entry('s2'))
      expect(await city.withdrawKey(second, '')).toMatchObject({ state: 'done' })

      // Who worked on it died, or is late: then it comes too late.
      await city.claimKey(claim('key s3'), '')
      expect(await city.withdrawKey({ ...withdrawal, keyHash: 'key s3' }, '9')).toEqual({ state: 'claimed' })
      await expect(city.record(entry('s3'))).rejects.toEqual(conflict('stale'))
      expect((await city.submissions()).map((row) => row.id)).toEqual(['s2'])
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

    it('keeps the marks of keys that were noted first, each agency its own', async () => {
      expect(await city.markKeys(new Map([['pepper', 'a']]))).toEqual(new Map([['pepper', 'a']]))
      const noted = new Map([
        ['pepper', 'a'],
        ['sealing/2026-01', 's'],
      ])
      expect(await city.markKeys(new Map([...noted, ['pepper', 'b']]))).toEqual(noted)
      expect(await city.markKeys(new Map())).toEqual(noted)
      expect(await town.markKeys(new Map([['pepper', 'b']]))).toEqual(new Map([['pepper', 'b']]))
    })

    it('finds a submission by its code within the agency only', async () => {
      await city.claimKey(claim('key s1'), '')
      await city.record(entry('s1'))
      expect((await city.submissionByReference('hash of s1'))?.id).toBe('s1')
      expect(await town.submissionByReference('hash of s1')).toBeNull()
      expect(await town.submissions()).toEqual([])
    })

    caseSuite(() => ({ city, town }), entry)
    workSuite(() => ({ city, town }), entry)

    auditSuite(() => ({ city, town }))
    peopleSuite(() => ({ store, city, town }))
    it('keeps how far the agency has lived, and of no other', async () => {
      expect(await city.livedUntil()).toBeNull()
      await city.setLivedUntil('2026-01-05T09:00:00.000Z')
      await city.setLivedUntil('2026-01-05T08:30:00.000Z')
      expect([await city.livedUntil(), await town.livedUntil()]).toEqual(['2026-01-05T08:30:00.000Z', null])
    })

    describe('deliveries', () => {
      const minute = (count: number) => new Date(Date.parse(at) + count * 60_000).toISOString()
      const out = (id: string, destination = 'https://a.example') => ({ id, kind: 'webhook', destination, payload: bytes(`to ${destination}`) })
      const due = (lease: string, when = 0, more: object = {}) => ({
        lease,
        now: minute(when),
        until: minute(when + 1),
        limit: 10,
        perDestination: 10,
        skip: [],
        ...more,
      })
      const take = async (agency: AgencyStore, id: string, outbox: SubmissionEntry['outbox']) => {
        await agency.claimKey(claim(`key ${id}`), '')
        await agency.record(entry(id, { outbox }))
      }
      const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)

      it('that a wrong clock put off for years are due now', async () => {
        await take(city, 's1', [out('d1')])
        await city.claimDeliveries(due('one'))
        expect(await city.retryDelivery('d1', 'one', '2036-01-05T08:00:00.000Z', 'status-500')).toBe(true)
        expect(await city.claimDeliveries(due('two', 9))).toEqual([])
        expect(await city.claimDeliveries(due('two', 9, { farAfter: '2036-01-05T08:00:00.000Z' }))).toEqual([])
        expect(await city.claimDeliveries(due('two', 9, { farAfter: '2026-01-07T08:00:00.000Z' }))).toMatchObject([{ id: 'd1', attempts: 2 }])
      })

      it('come with their submission or not at all, and go to one at a time', async () => {
        await city.claimKey(claim('key s0'), '')
        const failing = entry('s0', {
          outbox: [out('d0')],
          conclude: () => {
            throw new Error('no receipt')
          },
        })
        await expect(city.record(failing)).rejects.toThrow('no receipt')
        await take(city, 's1', [out('d1'), out('d2')])
        expect(await town.claimDeliveries(due('theirs'))).toEqual([])
        const claimed = await city.claimDeliveries(due('one'))
        expect(claimed).toMatchObject([
          {
            id: 'd1',
            kind: 'webhook',
            destination: 'https://a.example',
            service: 'card',
            submission: 's1',
            attempts: 1,
            createdAt: at,
            reason: null,
            sealing: { mode: 'at-rest', bucket: '2026-01', key: 'k' },
          },
          { id: 'd2' },
        ])
        expect(text(claimed[0]!.payload)).toBe('to https://a.example')
        expect(await city.claimDeliveries(due('two'))).toEqual([])
      })

      it('are for anybody again when the lease ends, and the late one changes nothing', async () => {
        await take(city, 's1', [out('d1')])
        await city.claimDeliveries(due('one'))
        expect(await city.claimDeliveries(due('two', 0.9))).toEqual([])
        expect(await city.claimDeliveries(due('two', 1))).toMatchObject([{ id: 'd1', attempts: 2 }])
        expect(await city.finishDelivery('d1', 'one', deed)).toBe(false)
        expect(await city.retryDelivery('d1', 'one', at, 'late')).toBe(false)
        expect(await city.buryDelivery('d1', 'one', 'late', deed)).toBe(false)
        expect(await town.finishDelivery('d1', 'two', deed)).toBe(false)
        expect(await city.finishDelivery('d1', 'two', deed)).toBe(true)
        expect(await city.deliveries('waiting', 10)).toEqual([])
        expect((await city.auditEvents(0, 100)).at(-1)).toMatchObject({
          action: 'delivery.done',
          object: 'delivery:d1',
          details: { kind: 'webhook', attempts: 2, submission: 's1' },
        })
        expect(findBreak(await city.auditEvents(0, 100))).toBeNull()
      })

      it('wait until they are tried again', async () => {
        await take(city, 's1', [out('d1')])
        await city.claimDeliveries(due('one'))
        expect(await city.retryDelivery('d1', 'one', minute(5), 'status-500')).toBe(true)
        expect(await city.retryDelivery('d1', 'one', minute(1), 'again')).toBe(false)
        expect(await city.claimDeliveries(due('two', 4))).toEqual([])
        expect(await city.deliveries('waiting', 10)).toEqual([
          {
            id: 'd1',
            kind: 'webhook',
            destination: 'https://a.example',
            service: 'card',
            submission: 's1',
            attempts: 1,
            createdAt: at,
            dueAt: minute(5),
            reason: 'status-500',
          },
        ])
        expect(await city.claimDeliveries(due('two', 5))).toMatchObject([{ id: 'd1', attempts: 2, reason: 'status-500' }])
      })

      it('are listed a page after the other', async () => {
        await take(city, 's1', [out('d1'), out('d2')])
        await take(city, 's2', [out('d3'), out('d0')])
        const ids: string[] = []
        for (let page = await city.deliveries('waiting', 1); page.length > 0; page = await city.deliveries('waiting', 1, page[0])) ids.push(page[0]!.id)
        expect(ids).toEqual(['d0', 'd1', 'd2', 'd3'])
        expect(await city.deliveries('dead', 1, { createdAt: '', id: '' })).toEqual([])
      })

      it('take turns by destination, however long one queue is', async () => {
        await take(
          city,
          's1',
          Array.from({ length: 30 }, (_, i) => out(`a${String(i).padStart(2, '0')}`)),
        )
        await take(city, 's2', [out('b1', 'https://b.example'), out('b2', 'https://b.example'), out('c1', 'mail')])
        expect(ids(await city.claimDeliveries(due('one', 0, { perDestination: 2 }))).sort()).toEqual(['a00', 'a01', 'b1', 'b2', 'c1'])
        expect(ids(await city.claimDeliveries(due('two', 0, { limit: 3 })))).toEqual(['a02', 'a03', 'a04'])
        expect(await city.claimDeliveries(due('three', 0, { skip: ['https://a.example'] }))).toEqual([])
      })

      it('are kept when given up, and replayed', async () => {
        await take(city, 's1', [out('d1')])
        await city.claimDeliveries(due('one'))
        expect(await city.replayDelivery('d1', deed)).toBe(false)
        expect(await city.buryDelivery('d1', 'one', 'gone', deed)).toBe(true)
        expect(await city.claimDeliveries(due('two', 100_000))).toEqual([])
        expect(await city.deliveries('waiting', 10)).toEqual([])
        expect(await town.deliveries('dead', 10)).toEqual([])
        expect(await city.deliveries('dead', 10)).toMatchObject([{ id: 'd1', dueAt: null, reason: 'gone', attempts: 1 }])
        expect(await town.replayDelivery('d1', deed)).toBe(false)
        expect(await city.replayDelivery('d1', { actor: 'operator', at: minute(3) })).toBe(true)
        expect(await city.replayDelivery('d1', deed)).toBe(false)
        expect(await city.claimDeliveries(due('three', 3))).toMatchObject([{ id: 'd1', attempts: 1 }])
        const log = await city.auditEvents(0, 100)
        expect(log.slice(-2).map(({ action, actor, details }) => [action, actor, details?.reason])).toEqual([
          ['delivery.failed', 'system', 'gone'],
          ['delivery.replayed', 'operator', undefined],
        ])
      })

      it('are counted for whoever watches, of all agencies, and drafts and size too', async () => {
        expect(await store.figures()).toMatchObject({ waiting: 0, dead: 0, oldestWaiting: null, drafts: 0 })
        await take(city, 's1', [out('d1')])
        await city.claimDeliveries(due('one'))
        await city.buryDelivery('d1', 'one', 'gone', deed)
        await take(city, 's2', [out('d2')])
        await take(town, 's3', [out('d3')])
        await town.saveDraft(draft('x'), null, at)
        const figures = await store.figures()
        expect(figures).toMatchObject({ waiting: 2, dead: 1, oldestWaiting: at, drafts: 1 })
        expect(figures.bytes).toBeGreaterThan(10_000)
      })

      it('come with a published version too', async () => {
        await city.saveService({ id: 'card', definition: {}, policy: {} }, 1, deed)
        const stale = city.publish(version('card'), 1, deed, () => [out('d0')])
        await expect(stale).rejects.toEqual(conflict('stale'))
        await city.publish(version('card'), 2, deed, (number) => [out(`v${number}`)])
        expect(await city.claimDeliveries(due('one'))).toMatchObject([{ id: 'v2', service: 'card', submission: null, sealing: null }])
      })

      it('are each claimed once by many at a time', async () => {
        await take(
          city,
          's1',
          Array.from({ length: 60 }, (_, i) => out(`d${i}`, `https://${i % 3}.example`)),
        )
        const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => city.claimDeliveries(due(`lease ${i}`, 0, { limit: 7, perDestination: 3 }))))
        const all = claims.flatMap(ids)
        expect(new Set(all).size).toBe(all.length)
        expect(all.length).toBeGreaterThan(0)
      })
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
      expect(await city.purge(bygone('2026-01-06T00:00:00.000Z'), bygone('2026-01-06T00:00:00.000Z'))).toEqual(['old'])
      expect((await city.attachments(['old', 'held', 'new'])).map((row) => row.id).sort()).toEqual(['held', 'new'])
      expect(await town.attachments(['old'])).toHaveLength(1)
      expect(await city.claimKey(claim('key s1'), '')).toEqual({ state: 'claimed' })
    })

    it('saves a citizen’s draft only over the revision that was opened', async () => {
      expect(await city.saveDraft(draft('h1'), null, at)).toBe(1)
      await expect(city.saveDraft(draft('h1', { content: bytes('other') }), null, at)).rejects.toEqual(conflict('taken'))
      expect(await city.saveDraft(draft('h1', { content: bytes('longer'), version: 2, expiresAt: '2026-02-05T08:00:00.000Z' }), 1, at)).toBe(2)
      await expect(city.saveDraft(draft('h1'), 1, at)).rejects.toEqual(conflict('stale'))
      await expect(city.saveDraft(draft('h2'), 1, at)).rejects.toEqual(conflict('stale'))
      const found = await city.savedDraft('card', 'h1', at)
      expect(found).toMatchObject({ service: 'card', revision: 2, version: 2, size: 6, expiresAt: '2026-02-05T08:00:00.000Z' })
      expect(text(found!.content)).toBe('longer')
      expect(await city.savedDraft('card', 'h2', at)).toBeNull()
      expect(await city.savedDraft('other', 'h1', at)).toBeNull()
      expect(await town.savedDraft('card', 'h1', at)).toBeNull()
      expect(await town.deleteDraft('card', 'h1')).toBe(false)
      expect(await city.deleteDraft('card', 'h1')).toBe(true)
      expect(await city.deleteDraft('card', 'h1')).toBe(false)
      expect(await city.savedDraft('card', 'h1', at)).toBeNull()
    })

    it('counts the drafts of a service by their version, and no further than asked', async () => {
      await city.saveService({ id: 'other', definition: {}, policy: {} }, null, deed)
      const soon = '2026-01-06T08:00:00.000Z'
      await city.saveDraft(draft('h1'), null, at)
      await city.saveDraft(draft('h2', { version: 2, expiresAt: soon }), null, at)
      await city.saveDraft(draft('h3', { version: 2 }), null, at)
      await city.saveDraft(draft('h1', { service: 'other' }), null, at)
      await town.saveDraft(draft('h1', { version: 3 }), null, at)
      expect(await city.countDrafts('card', 10, at)).toEqual([
        { version: 2, count: 2 },
        { version: 1, count: 1 },
      ])
      // What has expired and was not purged yet is none any more.
      expect(await city.countDrafts('card', 10, soon)).toEqual([
        { version: 2, count: 1 },
        { version: 1, count: 1 },
      ])
      expect(await city.countDrafts('other', 10, at)).toEqual([{ version: 1, count: 1 }])
      expect(await city.countDrafts('nothing', 10, at)).toEqual([])
      expect((await city.countDrafts('card', 2, at)).reduce((sum, { count }) => sum + count, 0)).toBe(2)
    })

    it('forgets drafts once they have expired', async () => {
      await city.saveDraft(draft('h1'), null, at)
      await town.saveDraft(draft('h1'), null, at)
      await city.saveDraft(draft('h2', { expiresAt: '2026-03-01T00:00:00.000Z' }), null, at)
      const late = '2026-02-10T00:00:00.000Z'
      expect(await city.savedDraft('card', 'h1', late)).toBeNull()
      await expect(city.saveDraft(draft('h1'), 1, late)).rejects.toEqual(conflict('stale'))
      expect(await city.purgeDrafts(bygone(late))).toBe(1)
      expect(await city.savedDraft('card', 'h1', at)).toBeNull()
      expect(await city.savedDraft('card', 'h2', late)).not.toBeNull()
      expect(await town.savedDraft('card', 'h1', at)).not.toBeNull()
      // What expired and was not purged yet does not stand in the way of a new one.
      expect(await town.saveDraft(draft('h1', { expiresAt: '2026-03-01T00:00:00.000Z' }), null, late)).toBe(1)
    })

    it('keeps the attachments that a draft holds, while it holds them', async () => {
      for (const id of ['a1', 'a2', 'a3']) await city.addAttachment(attachment(id), deed)
      await town.addAttachment(attachment('a1'), deed)
      await city.saveDraft(draft('h1', { attachments: ['a1', 'a2', 'a1', 'never there'] }), null, at)
      await city.saveDraft(draft('h2', { attachments: ['a2'] }), null, at)
      const later = '2026-01-08T00:00:00.000Z'
      expect(await city.purge(bygone(later), bygone(later))).toEqual(['a3'])
      expect(await town.purge(bygone(later), bygone(later))).toEqual(['a1'])
      await city.saveDraft(draft('h1', { attachments: ['a2'] }), 1, at)
      expect(await city.purge(bygone(later), bygone(later))).toEqual(['a1'])
      await city.deleteDraft('card', 'h1')
      expect(await city.purge(bygone(later), bygone(later))).toEqual([])
      await city.purgeDrafts(bygone('2026-02-10T00:00:00.000Z'))
      expect(await city.purge(bygone(later), bygone(later))).toEqual(['a2'])
    })

    it('takes a try of a verification as long as there is one, of its own service and agency, until it expires', async () => {
      const row = { service: 'card', valueMac: 'v', codeMac: 'c', message: bytes('sealed'), triesLeft: 2, expiresAt: '2026-01-05T08:10:00.000Z', at }
      const outbox = { id: 'o1', kind: 'verification', destination: 'mail', payload: bytes('{}') }
      await city.addVerification({ idHash: 'h1', ...row, outbox })
      await town.addVerification({ idHash: 'h1', ...row, valueMac: 'other', outbox: null })
      expect((await city.deliveries('waiting', 5)).map(({ id, submission }) => [id, submission])).toEqual([['o1', null]])
      expect(await town.deliveries('waiting', 5)).toEqual([])
      expect(new TextDecoder().decode((await city.verificationMessage('h1', at))!)).toBe('sealed')
      expect(await city.verificationMessage('h1', row.expiresAt)).toBeNull()
      expect(await city.verificationMessage('h2', at)).toBeNull()
      expect(await city.tryVerification('other', 'h1', at)).toBeNull()
      await city.addVerification({ idHash: 'h3', ...row, outbox: null })
      expect(await city.tryVerification('card', 'h3', row.expiresAt)).toBeNull()
      expect(await city.tryVerification('card', 'h3', at)).toMatchObject({ codeMac: 'c' })
      const tries = await Promise.all([1, 2, 3].map(() => city.tryVerification('card', 'h1', at)))
      expect(tries.map((each) => each?.triesLeft ?? null).sort()).toEqual([0, 1, null])
      expect(await town.tryVerification('card', 'h1', at)).toEqual({ valueMac: 'other', codeMac: 'c', triesLeft: 1 })
      expect(await city.endVerification('h1')).toBe(true)
      expect(await city.endVerification('h1')).toBe(false)
      expect(await town.purgeVerifications(bygone(at))).toBe(0)
      expect(await town.purgeVerifications(bygone('2026-01-05T09:00:00.000Z'))).toBe(1)
    })

    describe('citizens who are signed in', () => {
      const row = { service: 'card', provider: 'national', subjectMac: 'm1', providerSessionMac: 'p1', level: 'low', createdAt: at, seenAt: at }
      const session = (idHash: string, more: object = {}) => ({ idHash, ...row, expiresAt: '2026-01-05T09:00:00.000Z', ...more })
      const by = { actor: 'user:u1', at, details: { provider: 'national' } }
      const left = async (agency: AgencyStore, ...ids: string[]) =>
        (await Promise.all(ids.map(async (id) => ((await agency.citizenSession(id, at)) ? [id] : [])))).flat()

      it('are so until it is over, was ended, or is made longer', async () => {
        await city.openCitizenSession(session('s1'))
        await town.openCitizenSession(session('s1', { expiresAt: '2026-01-05T08:30:00.000Z' }))
        expect(await city.citizenSession('s1', at)).toEqual({ service: 'card', createdAt: at, seenAt: at, expiresAt: '2026-01-05T09:00:00.000Z' })
        expect(await city.citizenSession('s2', at)).toBeNull()
        expect(await city.citizenSession('s1', '2026-01-05T09:00:00.000Z')).toBeNull()
        expect(await town.citizenSession('s1', '2026-01-05T08:45:00.000Z')).toBeNull()
        await city.touchCitizenSession('s1', '2026-01-05T08:20:00.000Z')
        expect(await city.extendCitizenSession('s1', { seenAt: '2026-01-05T08:30:00.000Z', expiresAt: '2026-01-05T09:30:00.000Z' })).toBe(true)
        expect(await city.citizenSession('s1', '2026-01-05T09:00:00.000Z')).toMatchObject({ seenAt: '2026-01-05T08:30:00.000Z' })
        expect((await town.citizenSession('s1', at))?.seenAt).toBe(at)
        expect(await city.endCitizenSessions({ idHash: 's1' }, 'service:card', by)).toBe(1)
        expect(await city.citizenSession('s1', at)).toBeNull()
        expect(await city.extendCitizenSession('s1', { seenAt: at, expiresAt: '2026-01-05T10:00:00.000Z' })).toBe(false)
        expect(await left(town, 's1')).toEqual(['s1'])
        expect((await city.auditEvents(0, 100)).at(-1)).toMatchObject({
          action: 'citizen.signed-out',
          actor: 'user:u1',
          object: 'service:card',
          details: { provider: 'national', count: 1 },
        })
      })

      it('are ended by person, by sign-in at the provider, by provider, and all; of one agency', async () => {
        const open = async () => {
          await city.endCitizenSessions({}, 'agency:city', by)
          await city.openCitizenSession(session('a'))
          await city.openCitizenSession(session('b', { providerSessionMac: 'p2' }))
          await city.openCitizenSession(session('c', { providerSessionMac: '' }))
          await city.openCitizenSession(session('d', { subjectMac: 'm2', providerSessionMac: 'p1' }))
          await city.openCitizenSession(session('e', { provider: 'other' }))
        }
        await town.openCitizenSession(session('a'))
        const rest = async (which: Parameters<AgencyStore['endCitizenSessions']>[0]) => {
          await open()
          const ended = await city.endCitizenSessions(which, 'provider:national', by)
          return [ended, ...(await left(city, 'a', 'b', 'c', 'd', 'e'))]
        }
        expect(await rest({ provider: 'national', subjectMac: 'm1' })).toEqual([3, 'd', 'e'])
        expect(await rest({ provider: 'national', providerSessionMacs: ['p1'] })).toEqual([2, 'b', 'c', 'e'])
        expect(await rest({ provider: 'national', subjectMac: 'm1', providerSessionMacs: ['p1', ''] })).toEqual([2, 'b', 'd', 'e'])
        expect(await rest({ provider: 'national' })).toEqual([4, 'e'])
        expect(await rest({ provider: 'national', subjectMac: 'nobody' })).toEqual([0, 'a', 'b', 'c', 'd', 'e'])
        expect(await city.countCitizenSessions(at)).toEqual(
          new Map([
            ['national', 4],
            ['other', 1],
          ]),
        )
        expect(await city.countCitizenSessions('2026-01-05T09:00:00.000Z')).toEqual(new Map())
        const before = (await city.auditEvents(0, 1000)).length
        expect(await rest({})).toEqual([5])
        expect(await city.endCitizenSessions({}, 'agency:city', by)).toBe(0)
        // The five before and these: nothing was ended without a line, and no line is there for nothing.
        expect((await city.auditEvents(0, 1000)).length).toBe(before + 2)
        expect(await left(town, 'a')).toEqual(['a'])
      })

      it('are forgotten once it is over, and with their agency', async () => {
        await city.openCitizenSession(session('a'))
        await city.openCitizenSession(session('b', { expiresAt: '2026-01-05T10:00:00.000Z' }))
        await town.openCitizenSession(session('a'))
        expect(await city.purgeCitizenSessions(bygone('2026-01-05T09:30:00.000Z'))).toBe(1)
        expect([await left(city, 'a', 'b'), await left(town, 'a')]).toEqual([['b'], ['a']])
        await city.remove(by)
        expect([await left(city, 'a', 'b'), await left(town, 'a')]).toEqual([[], ['a']])
      })
    })

    it('makes the first user once, with the token offered', async () => {
      const user = { id: 'u1', email: 'a@city.example', name: 'A', passwordHash: 'x' }
      expect(await city.createFirstUser(user, 'token', at)).toBe(false)
      expect(await city.offerSetup('token')).toBe(true)
      expect(await town.createFirstUser(user, 'token', at)).toBe(false)
      expect(await city.createFirstUser(user, 'token', at)).toBe(true)
      expect(await city.createFirstUser({ ...user, id: 'u2', email: 'b@city.example' }, 'token', at)).toBe(false)
      expect(await city.offerSetup('token')).toBe(false)
      expect(await city.userByEmail('a@city.example')).toMatchObject({ ...user, memberships: [{ role: 'owner' }], state: 'active', totpSecret: null })
      expect(await town.userByEmail('a@city.example')).toBeNull()
    })

    it('knows a session until it ends, in its own agency', async () => {
      await city.offerSetup('token')
      await city.createFirstUser({ id: 'u1', email: 'a@city.example', name: 'A', passwordHash: 'x' }, 'token', at)
      const by = { actor: 'user:u1', at }
      await city.openSession(
        { tokenHash: 'th', user: 'u1', createdAt: at, expiresAt: '2026-01-05T20:00:00.000Z', seenAt: at, provedAt: at, strong: 0, label: '' },
        by,
      )
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
