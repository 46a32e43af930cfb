/** What takes two people, over rows in memory; over a whole server it is erasure.test.ts. */
import { describe, expect, it } from 'vitest'
import { KeyGone, newBox, reopenBox, type Sealing } from '../keys/seal-box.ts'
import type { ApprovalRecord } from '../store/erasure.ts'
import { Conflict } from '../store/store.ts'
import { testKek } from '../testing/month-key.ts'
import { askErasure, askExport, askRelease, checkReason, decideApproval, listApprovals, resumeErasures, takeExport } from './approvals.ts'

const at = '2026-01-05T08:00:00.000Z'
const ada = { actor: 'user:ada', at }
const ben = { actor: 'user:ben', at: '2026-01-06T08:00:00.000Z' }
const kek = testKek()
const owner = 'city|card|one'
const sealing = newBox(kek, owner).sealing as Sealing
const opened = (part: string, bytes: Uint8Array) => new TextDecoder().decode(reopenBox(kek, sealing, owner).open(part, bytes))

/** Rows of an agency, and what was done to them. `faults`: what a query, by its name, fails with. */
function made({ takesTwo = true, faults = {} as Record<string, Error>, bucket = sealing as Sealing | null, keyFault = null as Error | null } = {}) {
  const told: unknown[] = []
  const rows: ApprovalRecord[] = []
  const cases = new Map([['one', { id: 'one', service: 'card', sealing: bucket }]])
  const held = new Set<string>()
  const fails = (name: string) => {
    if (faults[name]) throw faults[name]
  }
  const change = (id: string, to: Partial<ApprovalRecord>) => {
    const i = rows.findIndex((row) => row.id === id)
    rows[i] = { ...(rows[i] as ApprovalRecord), ...to }
  }
  const agency = {
    id: 'city',
    submission: async (id: string) => cases.get(id) ?? null,
    hold: async (id: string) => (held.has(id) ? {} : null),
    versions: async (service: string) => (service === 'card' ? [{}] : []),
    attachmentsOf: async (id: string) => (id === 'one' ? [{ id: 'file', sealing: null }] : []),
    approval: async (id: string) => rows.find((row) => row.id === id) ?? null,
    async approvals(limit: number, before?: string) {
      const from = before === undefined ? 0 : rows.findIndex(({ id }) => id === before) + 1
      return rows.slice(from, from + limit)
    },
    async requestApproval(row: ApprovalRecord, by: { actor: string; at: string }) {
      fails('requestApproval')
      rows.push({ ...row, state: 'open', requestedBy: by.actor, requestedAt: by.at, decidedBy: null, decidedAt: null })
    },
    async decideApproval(id: string, state: 'approved' | 'refused', by: { actor: string; at: string }) {
      fails('decideApproval')
      change(id, { state, decidedBy: by.actor, decidedAt: by.at })
    },
    useApproval: async (...args: unknown[]) => {
      told.push(['use', ...args])
      return args[1] === 'service:card'
    },
    async liftHold(...args: unknown[]) {
      fails('liftHold')
      told.push(['lift', ...args])
      change(args[1] as string, { state: 'done', reason: null })
    },
    async eraseCases(...args: unknown[]) {
      fails('eraseCases')
      told.push(['erase', ...args])
      change(args[2] as string, { state: 'done', reason: null })
      cases.delete('one')
    },
    shreds: async () => {
      told.push(['shred'])
      return []
    },
  }
  const live = { policy: { terms: () => ({ erasure: takesTwo, export: takesTwo }) } }
  const asked: unknown[] = []
  const adapters = {
    live: {
      find: async (...args: unknown[]) => {
        asked.push(args)
        return live
      },
    },
    keys: {
      kek: () => {
        if (keyFault) throw keyFault
        return kek
      },
    },
  } as never
  const erasure = (reason = 'Why', by = ada, id = 'one') => askErasure(adapters, {} as never, agency as never, id, reason, by)
  return {
    ...{ told, rows, cases, held, asked, change, erasure },
    release: (id = 'one', reason = 'Why') => askRelease(adapters, agency as never, id, reason, ada),
    export: (service = 'card', purpose = ' Report ') => askExport(adapters, agency as never, service, purpose, ada),
    take: (service: string) => takeExport(agency as never, service, ada),
    decide: (id: string, allowed = true, by = ben) => decideApproval(adapters, {} as never, agency as never, id, allowed, by),
    list: (now = at) => listApprovals(adapters, agency as never, new Date(now)),
    resume: () => resumeErasures(adapters, {} as never, agency as never, new Date(ben.at)),
  }
}
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ status, code, message }) => (status ? `${status} ${code}` : message),
  )

describe('a reason', () => {
  it('is some words, and not too many', () => {
    expect(checkReason('  Why \n')).toBe('Why')
    expect(checkReason('x'.repeat(2000))).toHaveLength(2000)
    const finding = (given: string) => {
      try {
        return checkReason(given)
      } catch (error) {
        return error
      }
    }
    expect(finding(' ')).toMatchObject({ status: 422, code: 'shape', extras: { errors: [{ pointer: '/reason', code: 'shape.missing' }] } })
    expect(finding('x'.repeat(2001))).toMatchObject({ status: 422, code: 'shape', extras: { errors: [{ pointer: '/reason', code: 'shape.invalid' }] } })
  })

  it('is asked for whatever it is about', async () => {
    const { erasure, release, export: ask, held, rows } = made()
    expect(await outcome(erasure(' '))).toBe('422 shape')
    held.add('one')
    expect(await outcome(release('one', ''))).toBe('422 shape')
    expect(await outcome(ask('card', '\t'))).toBe('422 shape')
    expect(rows).toEqual([])
  })

  it('lies in the box of the case, bound to what was asked, and is read as long as that can be opened', async () => {
    const { erasure, rows, list, cases, change } = made()
    const { approval } = await erasure(' Why ')
    const { id, reason } = rows[0] as ApprovalRecord & { reason: Uint8Array }
    expect([approval.reason, opened(`approval|${id}`, reason)]).toEqual(['Why', 'Why'])
    expect(() => opened('approval|', reason)).toThrow()
    cases.delete('one')
    expect((await list())[0]).toMatchObject({ id, reason: null })
    change(id, { reason: null })
    expect((await list())[0]).toMatchObject({ id, reason: null })
  })

  it('is gone with the key, and any other fault of the keys is one', async () => {
    const ask = async (keyFault: Error) => {
      const [before, after] = [made(), made({ keyFault })]
      await before.erasure()
      after.rows.push(...before.rows)
      return after.list()
    }
    expect(await ask(new KeyGone('2026-01'))).toMatchObject([{ reason: null, state: 'open' }])
    await expect(ask(new Error('no disk'))).rejects.toThrow('no disk')
    const spoilt = made()
    await spoilt.erasure()
    spoilt.change(spoilt.rows[0]?.id as string, { reason: new Uint8Array(40) })
    await expect(spoilt.list()).rejects.toThrow()
  })
})

describe('what is asked for', () => {
  it('is open for a week', async () => {
    const { erasure, list, rows, change } = made()
    const { approval, certificate } = await erasure()
    expect(certificate).toBeNull()
    expect(approval).toEqual({
      ...{ id: rows[0]?.id, kind: 'erasure', submission: 'one', state: 'open', reason: 'Why' },
      ...{ requestedBy: 'user:ada', requestedAt: at, expiresAt: '2026-01-12T08:00:00.000Z', decidedBy: null, decidedAt: null },
    })
    const stateAt = async (now: string) => (await list(now))[0]?.state
    expect([await stateAt('2026-01-12T07:59:59.999Z'), await stateAt('2026-01-12T08:00:00.000Z')]).toEqual(['open', 'expired'])
    for (const [state, shown] of [
      ['approved', 'expired'],
      ['refused', 'refused'],
      ['done', 'done'],
    ] as const) {
      change(approval.id, { state })
      expect([state, await stateAt('2026-01-12T08:00:00.000Z')]).toEqual([state, shown])
    }
    change(approval.id, { state: 'approved' })
    expect(await stateAt(at)).toBe('approved')
  })

  it('is listed up to two hundred', async () => {
    const { erasure, list, rows } = made()
    await erasure()
    for (let i = 0; i < 200; i++) rows.push({ ...(rows[0] as ApprovalRecord), id: `other ${i}`, reason: null })
    expect(await list()).toHaveLength(200)
  })

  it('is about a case that is there, is not held, and was not asked for already', async () => {
    const { erasure, held, asked } = made()
    expect(await outcome(erasure('Why', ada, 'none'))).toBe('404 not-found')
    expect(await outcome(erasure())).toBe('done')
    expect(asked).toEqual([['city', 'card']])
    held.add('one')
    expect(await outcome(erasure())).toBe('409 held')
    expect(await outcome(made({ faults: { requestApproval: new Conflict('taken') } }).erasure())).toBe('409 approval-open')
    expect(await outcome(made({ faults: { requestApproval: new Error('away') } }).erasure())).toBe('away')
  })

  it('can be the end of a hold, where there is one', async () => {
    const { release, held } = made()
    expect(await outcome(release('none'))).toBe('404 not-found')
    expect(await outcome(release())).toBe('404 not-found')
    held.add('one')
    expect(await release()).toMatchObject({ kind: 'hold.lift', submission: 'one', state: 'open', reason: 'Why' })
  })

  it('can be an export of a service that was published, for a purpose that anybody may read', async () => {
    const { export: ask, rows } = made()
    expect(await outcome(ask('permit'))).toBe('404 not-found')
    const approval = await ask()
    expect(approval).toMatchObject({ kind: 'export', service: 'card', reason: 'Report' })
    expect(approval).not.toHaveProperty('submission')
    expect([rows[0]?.object, new TextDecoder().decode(rows[0]?.reason as Uint8Array)]).toEqual(['service:card', 'Report'])
  })

  it('is used by who asked', async () => {
    const { take, told } = made()
    expect([await outcome(take('card')), await outcome(take('permit'))]).toEqual(['done', '403 approval-missing'])
    expect(told[0]).toEqual(['use', 'export', 'service:card', ada])
  })
})

describe('deciding', () => {
  it('is for somebody else, about what there is', async () => {
    const { erasure, decide, told } = made()
    const { id } = (await erasure()).approval
    expect(await outcome(decide('none'))).toBe('404 not-found')
    for (const allowed of [true, false]) expect(await outcome(decide(id, allowed, { ...ben, actor: 'user:ada' }))).toBe('403 approval-own')
    expect(told).toEqual([])
  })

  it('erases the case with its files, and says who agreed', async () => {
    const { erasure, decide, told } = made()
    const { id } = (await erasure()).approval
    const { approval, certificate } = await decide(id)
    expect(approval).toMatchObject({ id, state: 'done', reason: null, requestedBy: 'user:ada', decidedBy: 'user:ben', decidedAt: ben.at })
    const details = { service: 'card', submission: 'one', policy: { people: 2 }, requestedBy: 'user:ada', approvedBy: 'user:ben' }
    const shreds = [
      { owner, submission: 'one', bucket: '2026-01', file: null },
      { owner: 'city|card|attachment file', submission: 'one', bucket: null, file: 'file' },
    ]
    expect(told).toEqual([['erase', { id: certificate, kind: 'case', at: ben.at, details }, [{ submission: 'one', shreds }], id, ben], ['shred']])
    // An id says when it was made.
    expect((certificate as string).slice(0, 9) > id.slice(0, 9)).toBe(true)
  })

  it('is done by the policy where it says that one person is enough', async () => {
    const { erasure, told } = made({ takesTwo: false })
    const { approval, certificate } = await erasure()
    expect(approval).toMatchObject({ state: 'done', decidedBy: 'policy' })
    const [[, record, , , by]] = told as [[string, object, unknown, unknown, unknown]]
    expect(record).toMatchObject({ id: certificate, details: { policy: { people: 1 }, requestedBy: 'user:ada', approvedBy: 'policy' } })
    expect(by).toEqual({ actor: 'policy', at })
  })

  it('has a case without a box erased too', async () => {
    const { erasure, decide, told } = made({ bucket: null })
    const { approval } = await erasure()
    await decide(approval.id)
    expect(told[0]).toMatchObject(['erase', {}, [{ shreds: [{ owner, bucket: null }, {}] }], approval.id, ben])
  })

  it('refuses without doing anything, also what is held', async () => {
    const { erasure, decide, held, told } = made()
    const { id } = (await erasure()).approval
    held.add('one')
    expect(await outcome(decide(id))).toBe('409 held')
    expect(await decide(id, false)).toMatchObject({ approval: { state: 'refused', decidedBy: 'user:ben' }, certificate: null })
    expect(told).toEqual([])
  })

  it('lifts a hold', async () => {
    const { release, decide, held, told } = made()
    held.add('one')
    const { id } = await release()
    expect(await decide(id)).toMatchObject({ approval: { state: 'done' }, certificate: null })
    expect(told).toEqual([['lift', 'one', id, ben]])
  })

  it('leaves an export to who asked for it', async () => {
    const { export: ask, decide, told } = made()
    const { id } = await ask()
    expect(await decide(id)).toMatchObject({ approval: { state: 'approved' }, certificate: null })
    expect(told).toEqual([])
  })

  it('says when it came too late, or the case was held or is gone meanwhile', async () => {
    const after = async (faults: Record<string, Error>, lost = false) => {
      const { erasure, decide, cases } = made({ faults })
      const { id } = (await erasure()).approval
      if (lost) cases.delete('one')
      return outcome(decide(id))
    }
    expect(await after({ decideApproval: new Conflict('stale') })).toBe('409 approval-closed')
    expect(await after({ eraseCases: new Conflict('claimed') })).toBe('409 held')
    expect(await after({}, true)).toBe('409 approval-closed')
    expect(await after({ eraseCases: new Error('away') })).toBe('away')
  })
})

describe('after a stop', () => {
  it('goes on with what was allowed and not done, and with nothing else', async () => {
    const { erasure, release, export: ask, change, held, told, rows, resume } = made()
    const { id } = (await erasure()).approval
    await resume()
    expect(told).toEqual([['shred']])
    held.add('one')
    const lift = (await release()).id
    const exported = (await ask()).id
    for (const each of [id, lift, exported]) change(each, { state: 'approved', decidedBy: 'user:cleo' })
    told.length = 0
    await resume()
    const by = { actor: 'user:cleo', at: ben.at }
    expect(told).toEqual([
      [
        'erase',
        expect.objectContaining({ at: ben.at, details: expect.objectContaining({ approvedBy: 'user:cleo', policy: { people: 2 } }) }),
        expect.anything(),
        id,
        by,
      ],
      ...[['shred'], ['lift', 'one', lift, by], ['shred']],
    ])
    expect(rows.map(({ state }) => state)).toEqual(['done', 'done', 'approved'])
  })

  it('leaves none behind, however many there are', async () => {
    const { release, held, rows, told, resume, change } = made()
    held.add('one')
    const { id } = await release()
    change(id, { state: 'approved', decidedBy: 'user:cleo' })
    const [first] = rows
    for (let i = 1; i < 450; i++) rows.push({ ...(first as ApprovalRecord), id: `${id}-${i}` })
    told.length = 0
    await resume()
    expect(told.filter((what) => (what as unknown[])[0] === 'lift')).toHaveLength(450)
    expect(rows.filter(({ state }) => state !== 'done')).toEqual([])
  })

  it('is not held up by one that cannot be done any more, and hides no fault', async () => {
    const after = async (fault: Error) => {
      const { erasure, change, told, resume } = made({ faults: { eraseCases: fault } })
      change((await erasure()).approval.id, { state: 'approved', decidedBy: 'user:ben' })
      return [await outcome(resume()), told]
    }
    expect(await after(new Conflict('claimed'))).toEqual(['done', [['shred']]])
    expect(await after(new Error('away'))).toEqual(['away', []])
  })
})
