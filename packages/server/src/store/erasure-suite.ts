/** What every store keeps to when cases are erased, held, and allowed to be. */
import { describe, expect, it } from 'vitest'
import { newIdEnding } from '../codes.ts'
import { bygone } from '../testing/clock-alone.ts'
import type { Erasable } from './erasure.ts'
import type { AgencyStore, Conflict, SubmissionRecord } from './store.ts'

const conflict = (kind: Conflict['kind']) => expect.objectContaining({ kind })
const bytes = (text: string) => new TextEncoder().encode(text)
const ada = { actor: 'user:ada', at: '2026-01-05T08:00:00.000Z' }
const ben = { actor: 'user:ben', at: '2026-01-05T09:00:00.000Z' }
const late = { actor: 'user:ben', at: '2026-01-20T09:00:00.000Z' }
const expiresAt = '2026-01-12T08:00:00.000Z'
const sealing = { mode: 'at-rest' as const, bucket: '2026-01', key: 'k', suite: 2 as const }

/** `received` adds a submission of the service `card`, of 2026-01-05, that has an attachment, a delivery and a receipt. */
export function erasureSuite(agencies: () => { city: AgencyStore; town: AgencyStore }, received: (agency: AgencyStore, id: string) => Promise<void>) {
  const erasable = (id: string): Erasable => ({
    submission: id,
    shreds: [
      { owner: `city|card|${id}`, submission: id, bucket: '2026-01', file: null },
      { owner: `city|card|attachment a-${id}`, submission: id, bucket: '2026-01', file: `a-${id}` },
    ],
  })
  const certificate = (id: string) => ({
    id,
    kind: 'retention' as const,
    at: ada.at,
    details: { service: 'card', policy: { after: 'received' as const, months: 1 } },
  })
  const asked = (id: string, kind: 'erasure' | 'hold.lift' | 'export' = 'erasure', object = 'submission:s1') => ({
    id,
    kind,
    object,
    reason: bytes('why'),
    expiresAt,
  })

  describe('erasure', () => {
    it('deletes everything of a case, and puts down what is to be destroyed, of this agency alone', async () => {
      const { city, town } = agencies()
      for (const id of ['s1', 's2']) await received(city, id)
      await received(town, 't1')
      await city.moveCase({
        from: (await city.submission('s1'))!,
        to: { ...(await city.submission('s1'))!, status: 'in_review' },
        decision: 'accept',
        note: bytes('note'),
        by: ada,
        outbox: [],
      })
      await city.assignCase('s1', null, 'ada', ada)
      await city.addCaseNote({ submission: 's1', id: 'n1', at: ada.at, actor: ada.actor, note: bytes('among us') }, ada)
      const from = (await city.submission('s1')) as SubmissionRecord
      const amendment = { before: from, answers: bytes('new'), outcome: bytes('new'), attachments: [], keyHash: 'k', bodyMac: 'm' }
      const conclude = () => ({ receipt: bytes('r'), answer: bytes('a') })
      await city.moveCase({ from, to: from, decision: 'answer', note: null, by: ada, outbox: [], amendment: { ...amendment, conclude } })
      expect(await city.amendments('s1')).toHaveLength(1)
      expect(await city.eraseCases(certificate('c1'), [erasable('s1')], null, ada)).toBe(1)
      expect([await city.amendments('s1'), await city.caseNotes('s1'), [...(await city.assignees(['s1']))]]).toEqual([[], [], []])
      expect([await city.submission('s1'), await city.attachmentsOf('s1'), await city.attachments(['a-s1']), await city.caseSteps('s1')]).toEqual([
        null,
        [],
        [],
        [],
      ])
      expect((await city.deliveries('waiting', 10)).map(({ submission }) => submission)).toEqual(['s2'])
      expect((await city.submission('s2'))?.id).toBe('s2')
      expect((await town.submission('t1'))?.id).toBe('t1')
      expect(await city.shreds()).toEqual(
        [
          { certificate: 'c1', ...erasable('s1').shreds[0] },
          { certificate: 'c1', ...erasable('s1').shreds[1] },
        ].sort((a, b) => (a.owner! < b.owner! ? -1 : 1)),
      )
      expect([await town.shreds(), await town.certificates(10), await town.certificate('c1')]).toEqual([[], [], null])
      expect(await city.certificate('c1')).toMatchObject({ kind: 'retention', cases: 1, jws: null })
      await expect(town.certify('c1', 'forged', ada)).rejects.toEqual(conflict('stale'))
      await city.certify('c1', 'jws', ada)
      await expect(city.certify('c1', 'other', ada)).rejects.toEqual(conflict('stale'))
      expect([(await city.certificate('c1'))?.jws, await city.shreds()]).toEqual(['jws', []])
      const events = await city.auditEvents(0, 100)
      expect(events.slice(-2).map(({ action, object }) => `${action} ${object}`)).toEqual(['submission.erased submission:s1', 'keys.destroyed certificate:c1'])
      await city.forget()
    })

    it('takes two people, in time, and is done once', async () => {
      const { city, town } = agencies()
      await received(city, 's1')
      await city.requestApproval(asked('p1'), ada)
      await expect(city.requestApproval(asked('p2'), ben)).rejects.toEqual(conflict('taken'))
      await expect(city.decideApproval('p1', 'approved', ada)).rejects.toEqual(conflict('stale'))
      await expect(city.decideApproval('p1', 'approved', late)).rejects.toEqual(conflict('stale'))
      await expect(town.decideApproval('p1', 'approved', ben)).rejects.toEqual(conflict('stale'))
      // Not before it was allowed.
      await expect(city.eraseCases(certificate('c1'), [erasable('s1')], 'p1', ben)).rejects.toEqual(conflict('stale'))
      await city.decideApproval('p1', 'approved', ben)
      await expect(city.decideApproval('p1', 'refused', ben)).rejects.toEqual(conflict('stale'))
      await expect(city.eraseCases(certificate('c1'), [erasable('s2')], 'p1', ben)).rejects.toEqual(conflict('stale'))
      expect(await city.eraseCases(certificate('c1'), [erasable('s1')], 'p1', ben)).toBe(1)
      expect(await city.approval('p1')).toMatchObject({ state: 'done', reason: null, requestedBy: 'user:ada', decidedBy: 'user:ben' })
      await expect(city.eraseCases(certificate('c2'), [erasable('s1')], 'p1', ben)).rejects.toEqual(conflict('stale'))
    })

    it('may be asked for again when it was refused, or nobody decided in time', async () => {
      const { city } = agencies()
      await received(city, 's1')
      await city.requestApproval(asked('p1'), ada)
      await city.decideApproval('p1', 'refused', ben)
      expect(await city.approval('p1')).toMatchObject({ state: 'refused', reason: null })
      await city.requestApproval(asked('p2'), ada)
      await city.requestApproval({ ...asked('p3'), expiresAt: '2026-01-30T00:00:00.000Z' }, late)
      expect((await city.approvals(10)).map(({ id, state }) => `${id} ${state}`)).toEqual(['p3 open', 'p2 expired', 'p1 refused'])
      expect((await city.approvals(1, 'p3')).map(({ id }) => id)).toEqual(['p2'])
      expect(await city.approvals(10, 'p1')).toEqual([])
    })

    it('is not of what is held, whoever allowed it; a hold ends what was asked for', async () => {
      const { city, town } = agencies()
      for (const id of ['s1', 's2']) await received(city, id)
      await city.requestApproval(asked('p1'), ada)
      await city.decideApproval('p1', 'approved', ben)
      await city.setHold({ submission: 's1', reason: bytes('court') }, ben)
      await expect(city.setHold({ submission: 's1', reason: bytes('again') }, ben)).rejects.toEqual(conflict('taken'))
      await expect(city.setHold({ submission: 'none', reason: bytes('x') }, ben)).rejects.toEqual(conflict('stale'))
      expect([(await city.approval('p1'))?.state, await town.hold('s1')]).toEqual(['refused', null])
      await expect(city.eraseCases(certificate('c1'), [erasable('s1')], 'p1', ben)).rejects.toEqual(conflict('stale'))
      // Of many the others are.
      expect(await city.eraseCases(certificate('c1'), [erasable('s1'), erasable('s2')], null, ben)).toBe(1)
      expect([(await city.submission('s1'))?.id, await city.submission('s2')]).toEqual(['s1', null])
      expect(await city.eraseCases(certificate('c2'), [erasable('s1')], null, ben)).toBe(0)
      expect(await city.certificate('c2')).toBeNull()
      await expect(city.liftHold('s1', 'p1', ben)).rejects.toEqual(conflict('stale'))
      await city.requestApproval(asked('p2', 'hold.lift'), ada)
      await city.decideApproval('p2', 'approved', ben)
      await city.liftHold('s1', 'p2', ben)
      expect([await city.hold('s1'), await city.eraseCases(certificate('c2'), [erasable('s1')], null, ben)]).toEqual([null, 1])
    })

    it('lets whoever asked use an approval of an export, once and in time', async () => {
      const { city } = agencies()
      await city.requestApproval(asked('p1', 'export', 'service:card'), ada)
      expect(await city.useApproval('export', 'service:card', ada)).toBe(false)
      await city.decideApproval('p1', 'approved', ben)
      expect(await city.useApproval('export', 'service:card', ben)).toBe(false)
      expect(await city.useApproval('export', 'service:other', ada)).toBe(false)
      expect(await city.useApproval('export', 'service:card', { ...ada, at: late.at })).toBe(false)
      expect([await city.useApproval('export', 'service:card', ada), await city.useApproval('export', 'service:card', ada)]).toEqual([true, false])
    })

    it('finds what is old enough, by when it came or was closed, and what a month still has', async () => {
      const { city, town } = agencies()
      const [s1, s2, s3, t1] = ['1', '2', '3', '4'].map((end) => newIdEnding(new Date(ada.at), end.padStart(16, '0'))) as [string, string, string, string]
      for (const id of [s1, s2, s3]) await received(city, id)
      await received(town, t1)
      const from = (await city.submission(s2))!
      await city.moveCase({
        from,
        to: { ...from, status: 'rejected', closedAt: '2026-02-01T00:00:00.000Z' },
        decision: 'refuse',
        note: null,
        by: ada,
        outbox: [],
      })
      await city.setHold({ submission: s3, reason: bytes('x') }, ben)
      const past = async (basis: 'received' | 'closed', before: string, after = '', limit = 10) =>
        (await city.casesPast('card', basis, bygone(before), after, limit)).map(({ id }) => id)
      expect(await past('received', '2026-01-05T08:00:00.000Z')).toEqual([])
      expect(await past('received', '2026-01-05T08:00:00.001Z')).toEqual([s1, s2])
      expect(await past('received', '2027-01-01T00:00:00.000Z', s1, 1)).toEqual([s2])
      expect(await past('closed', '2026-02-01T00:00:00.000Z')).toEqual([])
      expect(await past('closed', '2026-02-01T00:00:00.001Z')).toEqual([s2])
      expect(await city.casesPast('other', 'received', bygone('2027-01-01T00:00:00.000Z'), '', 10)).toEqual([])
      expect((await city.casesPast('card', 'received', bygone('2027-01-01T00:00:00.000Z'), '', 1))[0]).toEqual({ id: s1, service: 'card', bucket: '2026-01' })
      expect((await city.receivedIn('2026-01', 'submission', s1, 10)).map(({ owner }) => owner)).toEqual([`city|card|${s2}`, `city|card|${s3}`])
      expect(await city.receivedIn('2026-01', 'attachment', '', 1)).toEqual([{ id: `a-${s1}`, owner: `city|card|attachment a-${s1}`, sealing }])
      expect([await city.receivedIn('2026-02', 'submission', '', 10), await city.receivedIn('2025-12', 'attachment', '', 10)]).toEqual([[], []])
    })
  })
}
