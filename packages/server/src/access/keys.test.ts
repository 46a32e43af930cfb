import { describe, expect, it } from 'vitest'
import type { Adapters } from '../adapters.ts'
import { digestOf } from '../digest.ts'
import type { AppContext, Call } from '../routes/route.ts'
import { refusalOf } from '../testing/refusal.ts'
import { listKeys, makeKey, revokeKey } from './api-keys.ts'
import { keyActor, keyIn } from './key-actor.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const secret = 'S'.repeat(43)

const row = { id: 'k1', permissions: ['case.list'], services: ['permit'] as string[] | null, usedOn: null as string | null, agencyTitle: 'City' }
/** A store with one agency that knows one secret. */
function storeWith(found: Partial<typeof row> = {}) {
  const used: unknown[] = []
  const agency = {
    id: 'city',
    keyBySecret: async (hash: string, at: string) => (hash === digestOf(secret) && at === now.toISOString() ? { ...row, ...found } : null),
    useKey: async (...args: unknown[]) => void used.push(args),
  }
  const names = ['city', 'a1-b', `c${'x'.repeat(59)}`]
  const store = { findAgency: async (name: string) => (names.includes(name) ? name : null), agency: () => agency }
  return { adapters: { store } as unknown as Pick<Adapters, 'store'>, used, agency }
}
describe('the key behind a request', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer   abc', 'abc'],
    ['Basic abc', null],
    ['Bearer', null],
    ['Bearer ', null],
    ['Bearer a b', null],
    ['x Bearer abc', null],
    [undefined, null],
  ])('of %j is %j', (header, key) => {
    expect(keyIn({ req: { header: (name: string) => (name === 'authorization' ? header : undefined) } } as unknown as AppContext)).toBe(key)
  })
})

describe('a program', () => {
  it('is what its key says, of the agency that the key names', async () => {
    const { adapters, agency } = storeWith()
    expect(await keyActor(`guichet_city.${secret}`, adapters, now)).toEqual({
      ...{ name: 'key:k1', grants: [{ role: null, permissions: ['case.list'], services: ['permit'], units: null }] },
      ...{ agency, agencyTitle: 'City', user: null, session: null },
    })
    for (const name of ['a1-b', `c${'x'.repeat(59)}`]) expect((await keyActor(`guichet_${name}.${secret}`, adapters, now)).name).toBe('key:k1')
  })

  it('is refused alike whatever is wrong with its key', async () => {
    for (const key of [
      `guichet_city.${'T'.repeat(43)}`,
      `guichet_town.${secret}`,
      `guichet_city.${secret}x`,
      `guichet_city.${secret.slice(1)}`,
      `guichet_city.`,
      `guichet_city`,
      `Guichet_city.${secret}`,
      `xguichet_city.${secret}`,
      `guichet_City.${secret}`,
      `guichet_~.${secret}`,
      `guichet_c${'x'.repeat(60)}.${secret}`,
      `guichet_cityx${secret}`,
      `city.${secret}`,
      '',
    ])
      expect([key, await refusalOf(() => keyActor(key, storeWith().adapters, now))]).toEqual([
        key,
        { status: 401, code: 'signed-out', headers: { 'WWW-Authenticate': 'Bearer' } },
      ])
  })

  it('asks nothing of the store with what is no key', async () => {
    const asked = { findAgency: () => Promise.reject(new Error('asked')) } as never
    expect(await refusalOf(() => keyActor('guichet_city.short', { store: asked }, now))).toMatchObject({ status: 401 })
  })

  it('gets no permission that programs may not have, nor one for the whole where it is for some services', async () => {
    const permissions = ['case.list', 'people.manage', 'self', 'audit.read', 'toString']
    const of = async (services: string[] | null) => (await keyActor(`guichet_city.${secret}`, storeWith({ permissions, services }).adapters, now)).grants
    expect(await of(null)).toEqual([{ role: null, permissions: ['case.list', 'audit.read'], services: null, units: null }])
    expect(await of(['permit'])).toEqual([{ role: null, permissions: ['case.list'], services: ['permit'], units: null }])
    expect(await of([])).toEqual([{ role: null, permissions: ['case.list'], services: [], units: null }])
  })

  it('is noted once a day', async () => {
    for (const [usedOn, used] of [
      [null, [['k1', '2026-01-05']]],
      ['2026-01-04', [['k1', '2026-01-05']]],
      ['2026-01-05', []],
    ] as const) {
      const store = storeWith({ usedOn })
      await keyActor(`guichet_city.${secret}`, store.adapters, now)
      expect(store.used).toEqual(used)
    }
  })
})

describe('keys of an agency', () => {
  const deed = { actor: 'user:1', at: now.toISOString() }
  const callOf = (body: object, agency: object) =>
    ({
      ...{ now, actor: () => ({ agency: { id: 'city', ...agency } }), deed: () => deed, body: () => body, param: (name: string) => `the ${name}` },
      c: { json: (value: unknown, status = 200) => ({ value, status }), body: (value: unknown, status: number) => ({ value, status }) },
    }) as unknown as Call

  it('are shown once, and kept as a digest', async () => {
    const made: Record<string, unknown>[] = []
    const agency = { makeKey: async (key: Record<string, unknown>, by: object) => made.push(key, by as never) }
    const wanted = { name: ' Archive ', permissions: ['case.list', 'case.list', 'audit.read'], days: 30 }
    const { value, status } = (await makeKey(callOf(wanted, agency))) as unknown as { value: { id: string; key: string; expiresAt: string }; status: number }
    const [, given] = /^guichet_city\.([\w-]{43})$/.exec(value.key) ?? []
    expect([status, value.expiresAt]).toEqual([201, '2026-02-04T08:00:00.000Z'])
    expect(made).toEqual([
      {
        ...{ id: value.id, secretHash: digestOf(given as string), name: 'Archive', permissions: ['case.list', 'audit.read'], services: null },
        ...{ madeBy: 'user:1', createdAt: deed.at, expiresAt: value.expiresAt, usedOn: null, revokedAt: null },
      },
      deed,
    ])
    await makeKey(callOf({ ...wanted, permissions: ['case.list'], services: ['permit'] }, agency))
    expect(made[2]).toMatchObject({ services: ['permit'], permissions: ['case.list'] })
    expect(made[2]?.secretHash).not.toBe(made[0]?.secretHash)
  })

  it('for some services get nothing that is of the whole', async () => {
    const agency = { makeKey: () => Promise.reject(new Error('made')) }
    const wanted = { name: 'A', permissions: ['case.list', 'audit.read'], services: ['permit'], days: 1 }
    const errors = [{ pointer: '/services', code: 'shape.invalid' }]
    expect(await refusalOf(() => makeKey(callOf(wanted, agency)))).toEqual({ status: 400, code: 'shape', errors })
  })

  it('are listed without what proves them, and revoked by their id', async () => {
    const agency = {
      keys: async () => [{ id: 'k1', name: 'Archive', secretHash: 'x' }],
      revokeKey: async (id: string, by: object) => id === 'the id' && by === deed,
    }
    expect(await listKeys(callOf({}, agency))).toEqual({ value: { keys: [{ id: 'k1', name: 'Archive' }] }, status: 200 })
    expect(await revokeKey(callOf({}, agency))).toEqual({ value: null, status: 204 })
    expect(await refusalOf(() => revokeKey(callOf({}, { revokeKey: async () => false })))).toEqual({ status: 404, code: 'not-found' })
  })
})
