/** What every implementation of the store must hold about cases. Part of store-suite.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { entryOf, findBreak, leafOf } from '../audit/chain.ts'
import {
  type AgencyStore,
  type CaseMove,
  type CaseScope,
  type CaseSummary,
  type NewSubmission,
  noTerm,
  type SubmissionEntry,
  type SubmissionRecord,
} from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const later = '2026-01-06T08:00:00.000Z'
const bytes = (text: string) => new TextEncoder().encode(text)

export function caseSuite(agencies: () => { city: AgencyStore; town: AgencyStore }, entry: (id: string) => SubmissionEntry) {
  describe('cases', () => {
    let city: AgencyStore
    let town: AgencyStore
    beforeEach(() => {
      ;({ city, town } = agencies())
    })

    const receive = async (id: string, more: Partial<NewSubmission> = {}, agency = city) => {
      const { service } = { service: 'card', ...more }
      const plain = entry(id)
      await agency.claimKey({ service, keyHash: `key ${id}`, bodyMac: 'mac', at }, '')
      await agency.record({ ...plain, submission: { ...plain.submission, ...more } })
    }
    const found = async (id: string, agency = city) => (await agency.submission(id)) as SubmissionRecord
    const moveOf = (from: CaseSummary, more: Partial<CaseMove['to']> = {}): CaseMove => ({
      from,
      to: { status: 'in_review', stage: 'check', stageEnteredAt: later, dueAt: '2026-01-09T21:59:59.999Z', closedAt: null, decision: null, late: 0, ...more },
      decision: 'accept',
      note: bytes('sealed note'),
      by: { actor: 'user:u1', at: later },
      outbox: [{ id: `d-${from.id}-${from.revision}`, kind: 'webhook', destination: 'https://a.example', payload: bytes('p') }],
    })
    const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

    it('begin where they were received', async () => {
      await receive('s1', { stage: 'intake', dueAt: '2026-01-08T21:59:59.999Z' })
      await receive('s2', { status: 'approved', closedAt: at })
      expect(await found('s1')).toMatchObject({
        revision: 1,
        status: 'received',
        stage: 'intake',
        stageEnteredAt: null,
        dueAt: '2026-01-08T21:59:59.999Z',
        closedAt: null,
        decision: null,
        late: 0,
      })
      expect(await found('s2')).toMatchObject({ status: 'approved', stage: null, dueAt: noTerm, closedAt: at })
      expect(await city.caseSteps('s1')).toEqual([])
      expect(await city.submission('s3')).toBeNull()
      expect(await town.submission('s1')).toBeNull()
    })

    it('move once from each revision: state, step, audit event and delivery together', async () => {
      await receive('s1', { stage: 'intake' })
      const from = await found('s1')
      await city.moveCase(moveOf(from, { late: 1 }))
      await expect(city.moveCase(moveOf(from, { status: 'refused' }))).rejects.toMatchObject({ kind: 'stale' })
      await expect(town.moveCase(moveOf(from))).rejects.toMatchObject({ kind: 'stale' })
      const moved = await found('s1')
      expect(moved).toMatchObject({ revision: 2, status: 'in_review', stage: 'check', stageEnteredAt: later, late: 1 })
      await city.moveCase({
        ...moveOf(moved, { status: 'rejected', stage: null, closedAt: later, decision: 'reject', dueAt: noTerm }),
        decision: 'reject',
        note: null,
      })
      expect(await found('s1')).toMatchObject({ revision: 3, status: 'rejected', stage: null, closedAt: later, decision: 'reject', dueAt: noTerm })
      const steps = await city.caseSteps('s1')
      expect(steps).toMatchObject([
        { number: 2, at: later, actor: 'user:u1', decision: 'accept', fromStatus: 'received', toStatus: 'in_review', fromStage: 'intake', toStage: 'check' },
        { number: 3, decision: 'reject', fromStatus: 'in_review', toStatus: 'rejected', fromStage: 'check', toStage: null, note: null },
      ])
      expect(new TextDecoder().decode(steps[0]?.note ?? undefined)).toBe('sealed note')
      expect((await city.caseSteps('s1', 2)).map(({ number }) => number)).toEqual([3])
      expect(await town.caseSteps('s1')).toEqual([])
      expect((await city.deliveries('waiting', 10)).map(({ id, submission }) => [id, submission])).toEqual([
        ['d-s1-1', 's1'],
        ['d-s1-2', 's1'],
      ])
      const log = await city.auditEvents(0, 100)
      expect(log.slice(-2)).toMatchObject([
        { action: 'submission.changed', object: 'submission:s1', actor: 'user:u1', details: { decision: 'accept', status: 'in_review', revision: 2 } },
        { action: 'submission.changed', details: { decision: 'reject', status: 'rejected', revision: 3 } },
      ])
      expect(findBreak(log)).toBeNull()
    })

    it('move for one of many at once', async () => {
      await receive('s1')
      const from = await found('s1')
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) => city.moveCase({ ...moveOf(from), by: { actor: `user:${i}`, at: later }, outbox: [] })),
      )
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(tries.filter((one) => one.status === 'rejected' && one.reason.kind !== 'stale')).toEqual([])
      expect(await city.caseSteps('s1')).toHaveLength(1)
      expect((await city.auditEvents(0, 100)).filter(({ action }) => action === 'submission.changed')).toHaveLength(1)
    })

    it('move not at all when a part of it cannot be kept', async () => {
      await receive('s1')
      const from = await found('s1')
      const before = await city.auditEvents(0, 100)
      const twice = { id: 'same', kind: 'webhook', destination: 'd', payload: bytes('p') }
      await expect(city.moveCase({ ...moveOf(from), outbox: [twice, twice] })).rejects.toThrow()
      expect(await found('s1')).toEqual(from)
      expect([await city.caseSteps('s1'), await city.deliveries('waiting', 10), await city.auditEvents(0, 100)]).toEqual([[], [], before])
    })

    it('take what the citizen adds, with the version before it and its files, or nothing of it', async () => {
      await receive('s1')
      const from = await found('s1')
      const file = { service: 'card', target: 't', name: bytes('n'), type: 'x', size: 1, digest: 'd', sealing: null, receivedAt: at, submission: null }
      for (const id of ['a1', 'a2']) await city.addAttachment({ ...file, id }, { actor: 'citizen', at })
      const said: unknown[] = []
      const amendment = (attachments: string[], answers = 'new answers') => ({
        before: from,
        answers: bytes(answers),
        outcome: bytes('new outcome'),
        attachments,
        keyHash: 'k',
        bodyMac: 'm',
        conclude(sequence: number, leaf: string) {
          said.push([sequence, leaf])
          return { receipt: bytes('receipt'), answer: bytes('answer') }
        },
      })
      const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content)
      await city.moveCase({ ...moveOf(from), outbox: [], asked: bytes('what is asked'), amendment: amendment(['a1']) })
      const now = await found('s1')
      expect([now.revision, now.amended, text(now.answers), text(now.outcome)]).toEqual([2, 2, 'new answers', 'new outcome'])
      expect(text((await city.caseSteps('s1'))[0]?.asked ?? undefined)).toBe('what is asked')
      const [kept, ...others] = await city.amendments('s1')
      expect(others).toEqual([])
      expect(kept).toMatchObject({ number: 2, at: later, keyHash: 'k', bodyMac: 'm' })
      expect([kept?.answers, kept?.outcome, kept?.receipt, kept?.answer].map(text)).toEqual([text(from.answers), text(from.outcome), 'receipt', 'answer'])
      const log = await city.auditEvents(0, 100)
      expect(said).toEqual([[log.at(-1)?.sequence, leafOf(entryOf(log.at(-1)!))]])
      expect((await city.attachmentsOf('s1')).map(({ id }) => id)).toEqual(['a1'])
      // A file of this case already, or of none, takes all of it back.
      for (const files of [['a2', 'a1'], ['none']])
        await expect(city.moveCase({ ...moveOf(now), outbox: [], amendment: amendment(files, 'newer') })).rejects.toMatchObject({ kind: 'claimed' })
      expect(await found('s1')).toEqual(now)
      expect([(await city.attachmentsOf('s1')).length, (await city.amendments('s1')).length, await town.amendments('s1')]).toEqual([1, 1, []])
    })

    it('are listed page by page, each once, newest first or due first', async () => {
      await city.saveService({ id: 'other', definition: {}, policy: {} }, null, { actor: 'system', at })
      await city.publish({ service: 'other', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, { actor: 'system', at })
      const all: CaseSummary[] = []
      for (let i = 0; i < 24; i++) {
        const id = `s${String(i).padStart(2, '0')}`
        const stage = ['intake', 'check', null][i % 3] as string | null
        const dueAt = i % 4 === 0 ? noTerm : `2026-01-${10 + ((i * 7) % 5)}T21:59:59.999Z`
        await receive(id, { service: i % 2 ? 'card' : 'other', stage, dueAt, status: stage === null ? 'approved' : i % 5 === 0 ? 'waiting' : 'received' })
        all.push(await found(id))
      }
      await receive('theirs', { stage: 'check' }, town)
      const filters = [
        {},
        { service: 'card' },
        { status: 'received' },
        { status: 'waiting', service: 'other' },
        { service: 'card', stage: 'check' },
        { service: 'other', stage: 'intake', status: 'received' },
      ]
      for (const filter of filters) {
        const wanted = all
          .filter((row) => Object.entries(filter).every(([name, value]) => row[name as 'stage'] === value))
          .sort((a, b) => ('stage' in filter ? (a.dueAt + a.id < b.dueAt + b.id ? -1 : 1) : a.id < b.id ? 1 : -1))
        expect(wanted.length).toBeGreaterThan(1)
        const listed: CaseSummary[] = []
        for (;;) {
          const page = await city.cases(filter, listed.at(-1) ?? null, 5)
          listed.push(...page)
          if (page.length < 5) break
        }
        expect(ids(listed)).toEqual(ids(wanted))
      }
      const [first] = await city.cases({}, null, 1)
      expect(Object.keys(first ?? {}).sort()).toEqual(
        [
          'id',
          'service',
          'version',
          'language',
          'receivedAt',
          'revision',
          'amended',
          'status',
          'stage',
          'stageEnteredAt',
          'dueAt',
          'closedAt',
          'decision',
          'late',
        ].sort(),
      )
    })

    it('are seen as far as somebody may, by every query that finds them', async () => {
      await city.saveService({ id: 'other', definition: {}, policy: {} }, null, { actor: 'system', at })
      await city.publish({ service: 'other', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, { actor: 'system', at })
      for (const stage of ['intake', 'check', 'pay']) await receive(`c-${stage}`, { stage })
      await receive('o-check', { stage: 'check', service: 'other' })
      await receive('t-check', { stage: 'check' }, town)
      const scopes: [CaseScope, string[]][] = [
        [[], []],
        [[{ service: 'other' }], ['o-check']],
        [[{ service: 'card', stages: ['check', 'pay'] }], ['c-check', 'c-pay']],
        [
          [
            { service: 'card', stages: ['intake'] },
            { service: 'other', stages: ['check'] },
          ],
          ['c-intake', 'o-check'],
        ],
        [
          [{ service: 'card' }, { service: 'other', stages: [] }],
          ['c-check', 'c-intake', 'c-pay'],
        ],
      ]
      for (const [within, mine] of scopes) {
        expect(ids(await city.cases({}, null, 10, within)).sort()).toEqual(mine)
        const checked = mine.filter((id) => id === 'c-check')
        expect(ids(await city.cases({ service: 'card', stage: 'check' }, null, 10, within))).toEqual(checked)
        for (const id of ['c-intake', 'c-check', 'c-pay', 'o-check', 't-check']) expect((await city.submission(id, within)) !== null).toBe(mine.includes(id))
        const ofCard = mine.filter((id) => id.startsWith('c-'))
        expect(await city.exportScope('card', within)).toEqual({ count: ofCard.length, last: ofCard.at(-1) ?? null })
        expect(ids(await city.submissionsBetween('card', '', 'z', 10, within))).toEqual(ofCard)
      }
      expect(ids(await city.cases({}, null, 10)).sort()).toEqual(['c-check', 'c-intake', 'c-pay', 'o-check'])
    })

    it('are exported up to the last one that was there at the start', async () => {
      for (const id of ['s1', 's2', 's3']) await receive(id)
      await receive('t1', {}, town)
      const scope = await city.exportScope('card')
      expect(scope).toEqual({ count: 3, last: 's3' })
      await receive('s4')
      expect(ids(await city.submissionsBetween('card', '', 's3', 2))).toEqual(['s1', 's2'])
      expect(ids(await city.submissionsBetween('card', 's2', 's3', 2))).toEqual(['s3'])
      expect(await city.submissionsBetween('card', 's3', 's3', 2)).toEqual([])
      expect(await city.exportScope('nothing')).toEqual({ count: 0, last: null })
    })

    it('know their attachments, and who looked', async () => {
      const file = { service: 'card', target: 'paper', name: bytes('a'), type: 't', size: 1, digest: '', sealing: null, receivedAt: at, submission: null }
      await city.addAttachment({ ...file, id: 'a1' }, { actor: 'citizen', at })
      await city.addAttachment({ ...file, id: 'a2' }, { actor: 'citizen', at })
      await city.claimKey({ service: 'card', keyHash: 'key s1', bodyMac: 'mac', at }, '')
      await city.record({ ...entry('s1'), attachments: ['a1'] })
      expect(ids(await city.attachmentsOf('s1'))).toEqual(['a1'])
      expect(await town.attachmentsOf('s1')).toEqual([])
      await city.audit('submission.read', 'submission:s1', { actor: 'user:u1', at: later })
      const log = await city.auditEvents(0, 100)
      expect(log.at(-1)).toMatchObject({ action: 'submission.read', object: 'submission:s1', actor: 'user:u1', time: later })
      expect(findBreak(log)).toBeNull()
    })
  })
}
