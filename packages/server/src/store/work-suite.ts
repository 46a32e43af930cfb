/** What every implementation of the store must hold about the work on cases. Part of store-suite.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { type AgencyStore, type CaseSummary, type NewSubmission, noTerm, type SubmissionEntry, type WorkFilter } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const later = '2026-01-06T08:00:00.000Z'
const by = { actor: 'user:u1', at: later }
const bytes = (text: string) => new TextEncoder().encode(text)
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

export function workSuite(agencies: () => { city: AgencyStore; town: AgencyStore }, entry: (id: string) => SubmissionEntry) {
  describe('work', () => {
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
    const close = async (id: string) => {
      const from = (await city.submission(id)) as CaseSummary
      const to = { status: 'rejected', stage: null, stageEnteredAt: null, dueAt: noTerm, closedAt: later, decision: 'reject', late: 0 }
      await city.moveCase({ from, to, decision: 'reject', note: null, by, outbox: [] })
    }
    const second = async () => {
      await city.saveService({ id: 'other', definition: {}, policy: {} }, null, by)
      await city.publish({ service: 'other', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, by)
    }

    it('is listed by when it is due, page by page, each case once; what is closed is no work', async () => {
      await second()
      const all: CaseSummary[] = []
      for (let i = 0; i < 30; i++) {
        const id = `s${String(i).padStart(2, '0')}`
        const dueAt = i % 5 === 0 ? noTerm : `2026-01-${10 + ((i * 7) % 9)}T21:59:59.999Z`
        const closed = i % 6 === 1
        await receive(id, {
          service: i % 3 ? 'card' : 'other',
          stage: closed ? null : i % 2 ? 'check' : 'intake',
          status: closed ? 'approved' : i % 4 === 0 ? 'waiting' : 'received',
          dueAt: closed ? noTerm : dueAt,
          closedAt: closed ? at : null,
        })
        if (i % 7 === 0 && !closed) await city.assignCase(id, null, i % 14 === 0 ? 'u1' : 'u2', by)
        all.push((await city.submission(id)) as CaseSummary)
      }
      await receive('theirs', { stage: 'check', dueAt: '2026-01-01T21:59:59.999Z' }, town)
      const owners = await city.assignees(ids(all))
      const filters: WorkFilter[] = [
        {},
        { service: 'card' },
        { service: 'other', status: 'waiting' },
        { service: 'card', stage: 'check' },
        { status: 'received' },
        { assignee: 'u1' },
        { assignee: 'u2', service: 'other' },
        { assignee: null },
        { assignee: null, service: 'card', stage: 'intake' },
        { dueBefore: '2026-01-14T00:00:00.000Z' },
        { dueFrom: '2026-01-12T00:00:00.000Z', dueBefore: '2026-01-15T00:00:00.000Z', service: 'card' },
      ]
      for (const filter of filters) {
        const wanted = all
          .filter((row) => row.closedAt === null)
          .filter((row) => (['service', 'status', 'stage'] as const).every((name) => filter[name] === undefined || row[name] === filter[name]))
          .filter((row) => filter.assignee === undefined || (owners.get(row.id) ?? null) === filter.assignee)
          .filter((row) => (filter.dueFrom ?? '') <= row.dueAt && (filter.dueBefore === undefined || row.dueAt < filter.dueBefore))
          .sort((a, b) => (a.dueAt + a.id < b.dueAt + b.id ? -1 : 1))
        expect(wanted.length, JSON.stringify(filter)).toBeGreaterThan(0)
        const listed: CaseSummary[] = []
        for (;;) {
          const page = await city.openCases(filter, listed.at(-1) ?? null, 4)
          listed.push(...page)
          if (page.length < 4) break
        }
        expect(ids(listed), JSON.stringify(filter)).toEqual(ids(wanted))
        expect(await city.countOpen(filter, 1000)).toBe(wanted.length)
        expect(await city.countOpen(filter, 2)).toBe(Math.min(2, wanted.length))
      }
      const [first] = await city.openCases({ assignee: 'u1' }, null, 1)
      expect(Object.keys(first ?? {})).not.toContain('answers')
    })

    it('is counted by the version it came with, of a service, and no further than asked', async () => {
      await second()
      await city.publish({ service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, by)
      for (const [id, more] of Object.entries({
        a: { version: 1 },
        b: { version: 2, status: 'waiting' },
        c: { version: 2, stage: 'check' },
        d: { version: 2 },
        e: { version: 1, service: 'other' },
      }))
        await receive(id, more)
      await receive('theirs', {}, town)
      await close('d')
      await city.assignCase('b', null, 'u1', by)
      expect(await city.countOpenByVersion('card', 10)).toEqual([
        { version: 2, count: 2 },
        { version: 1, count: 1 },
      ])
      expect(await city.countOpenByVersion('other', 10)).toEqual([{ version: 1, count: 1 }])
      expect(await city.countOpenByVersion('nothing', 10)).toEqual([])
      expect((await city.countOpenByVersion('card', 2)).reduce((sum, { count }) => sum + count, 0)).toBe(2)
    })

    it('is seen as far as somebody may', async () => {
      await second()
      for (const stage of ['intake', 'check', 'pay']) await receive(`c-${stage}`, { stage })
      await receive('o-check', { stage: 'check', service: 'other' })
      for (const id of ['c-check', 'c-pay', 'o-check']) await city.assignCase(id, null, 'u1', by)
      for (const [within, mine] of [
        [[], []],
        [[{ service: 'other' }], ['o-check']],
        [[{ service: 'card', stages: ['check', 'pay'] }], ['c-check', 'c-pay']],
        [
          [{ service: 'card', stages: ['intake'] }, { service: 'other' }],
          ['c-intake', 'o-check'],
        ],
      ] as const) {
        expect(ids(await city.openCases({}, null, 10, within)).sort()).toEqual(mine)
        expect(await city.countOpen({}, 10, within)).toBe(mine.length)
        const assigned = mine.filter((id) => id !== 'c-intake')
        expect(ids(await city.openCases({ assignee: 'u1' }, null, 10, within)).sort()).toEqual(assigned)
        expect(await city.countOpen({ assignee: 'u1' }, 10, within)).toBe(assigned.length)
        expect(ids(await city.openCases({ service: 'card', stage: 'check' }, null, 10, within))).toEqual(mine.filter((id) => id === 'c-check'))
      }
    })

    it('is one person’s at a time: whoever looked earlier changes nothing', async () => {
      await receive('s1', { stage: 'intake' })
      const owner = async () => (await city.assignees(['s1'])).get('s1') ?? null
      const stale = { kind: 'stale' }
      await city.assignCase('s1', null, 'u1', by)
      await expect(city.assignCase('s1', null, 'u2', by)).rejects.toMatchObject(stale)
      await expect(city.assignCase('s1', 'u2', 'u3', by)).rejects.toMatchObject(stale)
      await expect(city.assignCase('s1', 'u2', null, by)).rejects.toMatchObject(stale)
      expect(await owner()).toBe('u1')
      await city.assignCase('s1', 'u1', 'u2', by)
      expect(await owner()).toBe('u2')
      await expect(town.assignCase('s1', 'u2', null, by)).rejects.toMatchObject(stale)
      await city.assignCase('s1', 'u2', null, by)
      expect(await owner()).toBeNull()
      await expect(city.assignCase('s1', null, null, by)).rejects.toMatchObject(stale)
      await expect(city.assignCase('none', null, 'u1', by)).rejects.toMatchObject(stale)
      const taken = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => city.assignCase('s1', null, `u${i}`, by)))
      expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const log = await city.auditEvents(0, 100)
      expect(log.filter(({ action }) => action === 'submission.assigned').map(({ details }) => details?.to)).toEqual(['u1', 'u2', '', await owner()])
      expect(findBreak(log)).toBeNull()
      // What is over is nobody's.
      await close('s1')
      expect(await owner()).toBeNull()
      await expect(city.assignCase('s1', null, 'u1', by)).rejects.toMatchObject(stale)
    })

    it('has notes, in order, of the agency alone, and on the log without what they say', async () => {
      await receive('s1')
      await receive('s1', {}, town)
      for (const [i, text] of ['first', 'second'].entries())
        await city.addCaseNote({ submission: 's1', id: `n${i}`, at: later, actor: 'user:u1', note: bytes(text) }, by)
      const notes = await city.caseNotes('s1')
      expect(notes.map(({ id, actor, note }) => [id, actor, new TextDecoder().decode(note)])).toEqual([
        ['n0', 'user:u1', 'first'],
        ['n1', 'user:u1', 'second'],
      ])
      expect(await town.caseNotes('s1')).toEqual([])
      const log = (await city.auditEvents(0, 100)).filter(({ action }) => action === 'submission.noted')
      expect(log).toMatchObject([{ object: 'submission:s1', actor: 'user:u1' }, {}])
      expect(JSON.stringify(log)).not.toContain('first')
      await expect(city.addCaseNote({ submission: 'none', id: 'n9', at, actor: 'a', note: bytes('x') }, by)).rejects.toThrow()
    })

    it('is done by those who are there', async () => {
      await city.offerSetup('token')
      await city.createFirstUser({ id: 'u1', email: 'a@example.org', name: 'Ada', passwordHash: 'x' }, 'token', at)
      expect(await city.colleagues()).toEqual([{ id: 'u1', name: 'Ada', memberships: [{ role: 'owner' }], state: 'active' }])
      expect(await town.colleagues()).toEqual([])
    })
  })
}
