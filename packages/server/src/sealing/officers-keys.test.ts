/** Whose keys may open a sealed service, over a store in memory. By its routes: keys.test.ts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import { type AgencyStore, Conflict, type Store } from '../store/store.ts'
import { keepOfficerKey, keysOf, publishEpoch, publishRecoveryKey, shareEpoch } from './keys.ts'

const at = '2026-01-05T08:00:00.000Z'
const by = { actor: 'user:ada', at }
let store: Store
let agency: AgencyStore
beforeEach(async () => {
  store = openSqliteStore(':memory:', () => new Date(at))
  agency = store.agency(await store.ensureAgency('city', 'City', at))
  await agency.saveService({ id: 'card', definition: {} as never, policy: {} }, null, by)
})
afterEach(() => store.close())

const locked = { format: 1 }
const wrap = (forKey: string) => ({ forKey, enc: `enc of ${forKey}`, key: `key of ${forKey}` })
const officer = (user: string, number: number, publicKey: string, lock: object = locked) =>
  keepOfficerKey(agency, user, { number, publicKey, locked: lock }, by)
const recovery = (number: number, publicKey: string) => publishRecoveryKey(agency, { number, publicKey }, by)
const epoch = (number: number, publicKey: string, users: string[], service = 'card') =>
  publishEpoch(agency, service, { epoch: number, publicKey, wraps: users.map(wrap) }, by)
const share = (number: number, forKey: string, service = 'card') => shareEpoch(agency, { ...wrap(forKey), service, epoch: number }, by)
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    ({ status, code, message, extras }) => (status ? [`${status} ${code}`, ...(extras?.errors ?? [])] : message),
  )
/** The store, in which a query fails with this. */
const failing = (query: 'addSealingKey' | 'addSealingWrap', error: Error) => {
  agency = {
    ...agency,
    [query]: async () => {
      throw error
    },
  }
}

describe('an officer’s key', () => {
  it('counts up by one, and says whose it is since when', async () => {
    expect(await refusal(officer('ada', 2, 'a2'))).toEqual(['409 sealing-taken'])
    expect(await refusal(officer('ada', 0, 'a0'))).toEqual(['409 sealing-taken'])
    await officer('ada', 1, 'a1')
    await officer('ben', 1, 'b1')
    expect(await agency.sealingKeys('officer', 'ada')).toEqual([
      { kind: 'officer', owner: 'ada', number: 1, publicKey: 'a1', locked, createdAt: at, createdBy: 'user:ada' },
    ])
    await officer('ada', 2, 'a2')
    expect((await agency.sealingKeys('officer', 'ada')).map(({ publicKey }) => publicKey)).toEqual(['a2', 'a1'])
    // What was before cannot be written over.
    expect(await refusal(officer('ada', 1, 'a1'))).toEqual(['409 sealing-taken'])
  })

  it('is locked anew under its number, and never becomes another key by it', async () => {
    await officer('ada', 1, 'a1')
    await officer('ada', 1, 'a1', { format: 2 })
    expect(await refusal(officer('ada', 1, 'other'))).toEqual(['409 sealing-taken'])
    expect(await agency.sealingKeys('officer', 'ada')).toMatchObject([{ publicKey: 'a1', locked: { format: 2 } }])
  })
})

describe('keys of a service', () => {
  beforeEach(async () => {
    await officer('ada', 1, 'a1')
    await recovery(1, 'r1')
  })

  it('have a number that nobody took meanwhile', async () => {
    expect(await refusal(epoch(2, 'e2', ['a1', 'r1']))).toEqual(['409 sealing-taken'])
    expect(await refusal(epoch(1, 'e1', ['a1', 'r1']))).toBe('done')
    expect(await refusal(epoch(1, 'e1', ['a1', 'r1']))).toEqual(['409 sealing-taken'])
    failing('addSealingKey', new Conflict('taken'))
    expect(await refusal(epoch(2, 'e2', ['a1', 'r1']))).toEqual(['409 sealing-taken'])
    failing('addSealingKey', new Error('away'))
    expect(await refusal(epoch(2, 'e2', ['a1', 'r1']))).toBe('away')
  })

  it('are for officers’ newest keys and the newest recovery key, each once', async () => {
    const wrong = (i: number) => ['422 answers', { pointer: `/wraps/${i}/forKey`, code: 'shape.invalid' }]
    expect(await refusal(epoch(1, 'e1', ['a1', 'r1', 'stranger']))).toEqual(wrong(2))
    expect(await refusal(epoch(1, 'e1', ['a1', 'r1', 'a1']))).toEqual(wrong(2))
    await officer('ada', 2, 'a2')
    await recovery(2, 'r2')
    expect(await refusal(epoch(1, 'e1', ['a1', 'r2']))).toEqual(wrong(0))
    expect(await refusal(epoch(1, 'e1', ['a2', 'r1']))).toEqual(wrong(1))
    await officer('ben', 1, 'b1')
    expect(await refusal(epoch(1, 'e1', ['a2', 'r2', 'b1']))).toBe('done')
    expect(await agency.sealingKeys('service', 'card')).toMatchObject([{ number: 1, publicKey: 'e1', locked: null, createdBy: 'user:ada' }])
    expect((await agency.sealingWraps('card')).sort((a, b) => a.forKey.localeCompare(b.forKey))).toEqual(
      ['a2', 'b1', 'r2'].map((forKey) => ({ ...wrap(forKey), service: 'card', epoch: 1 })),
    )
  })

  it('always have the recovery key and an officer among their users', async () => {
    const missing = ['422 answers', { pointer: '/wraps', code: 'shape.missing' }]
    await officer('ben', 1, 'b1')
    for (const users of [[], ['a1'], ['r1'], ['a1', 'b1']]) expect([users, await refusal(epoch(1, 'e1', users))]).toEqual([users, missing])
    const town = store.agency(await store.ensureAgency('town', 'Town', at))
    await town.saveService({ id: 'card', definition: {} as never, policy: {} }, null, by)
    agency = town
    await officer('cleo', 1, 'c1')
    await officer('dora', 1, 'd1')
    // Without a recovery key there are none at all.
    expect(await refusal(epoch(1, 'e1', ['c1', 'd1']))).toEqual(missing)
  })

  it('are of a service that there is', async () => {
    expect(await refusal(epoch(1, 'e1', ['a1', 'r1'], 'none'))).toEqual(['404 not-found'])
    expect(await refusal(keysOf(agency, 'none'))).toEqual(['404 not-found'])
    expect(await refusal(share(1, 'a1', 'none'))).toEqual(['404 not-found'])
  })
})

describe('letting somebody in', () => {
  beforeEach(async () => {
    await officer('ada', 1, 'a1')
    await recovery(1, 'r1')
    await epoch(1, 'e1', ['a1', 'r1'])
    await officer('ben', 1, 'b1')
  })

  it('is for officers and the recovery key, to a key that there is, once', async () => {
    expect(await refusal(share(2, 'b1'))).toEqual(['404 not-found'])
    expect(await refusal(share(1, 'stranger'))).toEqual(['422 answers', { pointer: '/forKey', code: 'shape.invalid' }])
    expect(await refusal(share(1, 'b1'))).toBe('done')
    expect(await refusal(share(1, 'b1'))).toEqual(['409 sealing-taken'])
    await recovery(2, 'r2')
    expect(await refusal(share(1, 'r2'))).toBe('done')
    expect((await agency.sealingWraps('card')).map(({ forKey }) => forKey).sort()).toEqual(['a1', 'b1', 'r1', 'r2'])
    failing('addSealingWrap', new Error('away'))
    expect(await refusal(share(1, 'b1'))).toBe('away')
  })

  it('is to any of the service’s keys, and to none where there is none', async () => {
    await epoch(2, 'e2', ['a1', 'r1'])
    expect([await refusal(share(1, 'b1')), await refusal(share(2, 'b1'))]).toEqual(['done', 'done'])
    await agency.saveService({ id: 'permit', definition: {} as never, policy: {} }, null, by)
    expect(await refusal(share(1, 'b1', 'permit'))).toEqual(['404 not-found'])
  })

  it('ends with the service, whose keys are left', async () => {
    agency = { ...agency, service: async () => null }
    expect(await refusal(share(1, 'b1'))).toEqual(['404 not-found'])
  })
})

describe('what is known of a service’s keys', () => {
  it('is all that is public of them, and what officers’ browsers need', async () => {
    const empty = { agency: 'city', service: 'card', epochs: [], wraps: [], recovery: null, recipients: null }
    expect(await keysOf(agency, 'card')).toEqual(empty)
    await officer('ada', 1, 'a1')
    await recovery(1, 'r1')
    await epoch(1, 'e1', ['a1', 'r1'])
    const known = await keysOf(agency, 'card')
    expect(known).toEqual({
      ...empty,
      epochs: [{ epoch: 1, publicKey: 'e1', createdAt: at, createdBy: 'user:ada' }],
      wraps: expect.arrayContaining([
        { ...wrap('a1'), epoch: 1 },
        { ...wrap('r1'), epoch: 1 },
      ]),
      recovery: { number: 1, publicKey: 'r1', createdAt: at },
      recipients: expect.objectContaining({ epoch: 1 }),
    })
    expect(known.wraps).toHaveLength(2)
  })

  it('stays known when the draft is gone and versions are there', async () => {
    const without = { ...agency, service: async () => null }
    expect(await refusal(keysOf(without, 'card'))).toEqual(['404 not-found'])
    expect(await keysOf({ ...without, versions: async () => [{}] as never }, 'card')).toMatchObject({ service: 'card', epochs: [] })
  })
})
