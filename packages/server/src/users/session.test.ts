/** Who is behind a cookie, decided over rows as the store would give them. On real servers: people.test.ts. */
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { permissionsOf } from '../access/permissions.ts'
import { readConfig } from '../config.ts'
import { digestOf } from '../digest.ts'
import type { Bindings, Call, SignedIn, Variables } from '../routes/route.ts'
import { refusalOf } from '../testing/refusal.ts'
import { asksForSecondFactor, currentActor, forgetCookie, needsSecondFactor, personOf, proofLasts, renewSession, startSession } from './session.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const ago = (ms: number) => new Date(now.getTime() - ms).toISOString()
const minute = 60_000
const user = { id: 'u1', email: 'ada@city.example', name: 'Ada', memberships: [{ role: 'editor' }] }
const row = { user, agencyTitle: 'City', settings: {}, strong: 1, provedAt: ago(minute), createdAt: ago(10 * minute), seenAt: ago(minute) }

type Row = Omit<typeof row, 'settings'> & { settings: { requireSecondFactor?: boolean } }
/** One agency that knows one session, and the installation's house. */
function storeWith(found: Partial<Row> | null, known = 'city') {
  const touched: unknown[] = []
  const opened: unknown[] = []
  const agency = {
    id: known,
    session: async (hash: string, at: string) => (found && hash === digestOf('secret') && at === now.toISOString() ? { ...row, ...found } : null),
    touchSession: async (...args: unknown[]) => void touched.push(args),
    openSession: async (...args: unknown[]) => void opened.push(args),
  }
  const store = { findAgency: async (name: string) => (name === known ? known : null), agency: () => agency }
  return { adapters: { store } as never, agency, touched, opened }
}

/** What `work` makes of a request with this cookie, and the cookies that it answers with. */
async function within<Result>(cookie: string | null, work: (c: Call['c']) => Result | Promise<Result>) {
  const app = new Hono<{ Bindings: Bindings; Variables: Variables }>()
  let result: Result | undefined
  let failed: unknown
  app.get('/', async (c) => {
    try {
      result = await work(c)
    } catch (error) {
      failed = error
    }
    return c.body(null)
  })
  const response = await app.request('/', {
    headers: { ...(cookie === null ? {} : { Cookie: cookie }), 'User-Agent': 'Mozilla/5.0 (X11; Linux) Firefox/140.0' },
  })
  if (failed !== undefined) throw failed
  return { result: result as Result, cookies: response.headers.getSetCookie() }
}
const plain = readConfig({})
const secure = readConfig({ BASE_URL: 'https://forms.example.org' })
const actorOf = async (found: Partial<Row> | null, { cookie = 'guichet=city.secret' as string | null, known = 'city', config = plain } = {}) => {
  const store = storeWith(found, known)
  const { result } = await within(cookie, (c) => currentActor(c, store.adapters, config, now))
  return { ...store, actor: result }
}
const signedOut = { status: 401, code: 'signed-out' }

describe('whoever a cookie belongs to', () => {
  it('is the user of its session, with what they are at this moment', async () => {
    const { actor, agency } = await actorOf({})
    expect(actor).toEqual({
      ...{ name: 'user:u1', agency, agencyTitle: 'City', user },
      grants: [{ role: 'editor', permissions: permissionsOf.editor, services: null, units: null }],
      session: { tokenHash: digestOf('secret'), provedAt: row.provedAt, strong: true, mustSecure: false },
    })
  })

  it.each<[string, string | null]>([
    ['no cookie', null],
    ['a cookie of another name', 'other=city.secret'],
    ['no secret', 'guichet=city.'],
    ['a cookie without a dot', 'guichet=city'],
    ['an agency that is none', 'guichet=town.secret'],
    ['another secret', 'guichet=city.other'],
    ['nothing in it', 'guichet='],
  ])('is nobody with %s', async (_, cookie) => {
    expect(await refusalOf(() => actorOf({}, { cookie }))).toEqual(signedOut)
  })

  it('is nobody without a session', async () => {
    expect(await refusalOf(() => actorOf(null))).toEqual(signedOut)
  })

  it.each<[string, Partial<Row>, boolean]>([
    ['used an hour ago', { seenAt: ago(60 * minute) }, true],
    ['idle for longer', { seenAt: ago(60 * minute + 1) }, false],
    ['used at a moment that is none', { seenAt: 'never' }, false],
    ['opened as much later as clocks may differ', { createdAt: ago(-5 * minute) }, true],
    ['opened later than now', { createdAt: ago(-5 * minute - 1) }, false],
  ])('of a session %s: %j', async (_, found, welcome) => {
    expect(await refusalOf(() => actorOf(found))).toEqual(welcome ? null : signedOut)
  })

  it('is noted as there once a minute', async () => {
    expect((await actorOf({ seenAt: ago(minute) })).touched).toEqual([])
    expect((await actorOf({ seenAt: ago(minute + 1) })).touched).toEqual([[digestOf('secret'), now.toISOString()]])
  })

  it('is found by the cookie of this server alone: with https by the one that binds itself to the host', async () => {
    expect((await actorOf({}, { cookie: '__Host-guichet=city.secret', config: secure })).actor.name).toBe('user:u1')
    expect(await refusalOf(() => actorOf({}, { config: secure }))).toEqual(signedOut)
  })

  it.each<[string, Partial<Row>, string, boolean]>([
    ['an agency that asks for a second factor', { strong: 0, settings: { requireSecondFactor: true } }, 'city', true],
    ['one that was shown a second factor', { strong: 1, settings: { requireSecondFactor: true } }, 'city', false],
    ['one that asks for none', { strong: 0 }, 'city', false],
    ['the installation, which always asks', { strong: 0 }, '~', true],
    ['the installation, shown one', { strong: 1 }, '~', false],
  ])('may do nothing but secure themselves in %s: %j', async (_, found, known, must) => {
    const { actor } = await actorOf(found, { cookie: `guichet=${known}.secret`, known })
    expect(actor.session).toMatchObject({ mustSecure: must, strong: found.strong === 1 })
    expect(actor.grants).toEqual(
      must
        ? [{ role: null, permissions: ['self'], services: null, units: null }]
        : [{ role: 'editor', permissions: permissionsOf.editor, services: null, units: null }],
    )
    expect(asksForSecondFactor('city', { requireSecondFactor: false })).toBe(false)
  })

  it.each<[string, object | null, boolean]>([
    ['city', { settings: { requireSecondFactor: true } }, true],
    ['city', { settings: {} }, false],
    ['city', null, false],
    ['~', { settings: {} }, true],
  ])('needs a second factor in %s as it is set: %j', async (id, profile, needed) => {
    expect(await needsSecondFactor({ id, profile: async () => profile } as never)).toBe(needed)
  })
})

/** Whoever is signed in, for what is done with their session. */
const callOf = (c: Call['c'], actor: Partial<SignedIn>, config = plain) => {
  const met: unknown[] = []
  const adapters = { statistics: { tally: { met: (...args: unknown[]) => void met.push(args) } } }
  return { met, call: { c, config, now, adapters, actor: () => actor } as unknown as Call }
}
const session = { tokenHash: digestOf('secret'), provedAt: row.provedAt, strong: false, mustSecure: false }

describe('a session', () => {
  it('is opened for twelve hours, under a secret that the cookie alone has', async () => {
    const { agency, opened } = storeWith(null)
    const { result: met, cookies } = await within(null, async (c) => {
      const { call, met } = callOf(c, {})
      await startSession(call, agency as never, user as never, true)
      await startSession(call, agency as never, user as never, false)
      return met
    })
    const [, secret] = /^guichet=city\.([\w-]{43}); Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/.exec(cookies[0] ?? '') ?? []
    const at = now.toISOString()
    const times = { createdAt: at, seenAt: at, provedAt: at, expiresAt: '2026-01-05T20:00:00.000Z' }
    const made = { tokenHash: digestOf(secret as string), user: 'u1', ...times, strong: 1, label: 'Firefox, Linux' }
    expect(opened[0]).toEqual([made, { actor: 'user:u1', at }])
    expect(opened[1]).toMatchObject([{ strong: 0 }, {}])
    expect(met[0]).toEqual(['city', 'staff', 'u1', now])
    expect(cookies[1]).not.toBe(cookies[0])
  })

  it('goes on under another secret, and never with less proof than before', async () => {
    const renewed: unknown[] = []
    const agency = { id: 'city', renewSession: async (...args: unknown[]) => renewed.push(args) }
    const { cookies } = await within(null, async (c) => {
      for (const [before, strong] of [
        [false, true],
        [true, false],
        [false, false],
      ] as const)
        await renewSession(callOf(c, { user: user as never, session: { ...session, strong: before }, agency: agency as never }, secure).call, strong)
    })
    expect(cookies[0]).toMatch(/^__Host-guichet=city\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
    const [, secret] = /\.([\w-]{43});/.exec(cookies[0] ?? '') ?? []
    expect(renewed[0]).toEqual([session.tokenHash, { tokenHash: digestOf(secret as string), provedAt: now.toISOString(), strong: 1 }])
    expect(renewed.slice(1)).toMatchObject([
      [session.tokenHash, { strong: 1 }],
      [session.tokenHash, { strong: 0 }],
    ])
  })

  it('that ended meanwhile does not go on, and gets no cookie', async () => {
    const agency = { id: 'city', renewSession: async () => false } as never
    const { result, cookies } = await within(null, (c) => refusalOf(() => renewSession(callOf(c, { user: user as never, session, agency }).call, true)))
    expect([result, cookies]).toEqual([signedOut, []])
  })

  it('counts for what is dangerous for ten minutes', () => {
    expect(proofLasts).toBe(10 * minute)
  })

  it('is of a person: a program has none', async () => {
    const { result } = await within(null, async (c) => {
      const agency = { id: 'city' } as never
      const whole = { user: user as never, session, agency, agencyTitle: 'City' }
      expect(personOf(callOf(c, whole).call)).toEqual(whole)
      return Promise.all([{ user: null }, { session: null }].map((none) => refusalOf(() => personOf(callOf(c, { ...whole, ...none }).call))))
    })
    expect(result).toEqual(Array(2).fill({ status: 403, code: 'not-allowed' }))
  })

  it('is taken from the browser at once', async () => {
    const { cookies } = await within(null, (c) => forgetCookie(callOf(c, {}).call))
    expect(cookies).toEqual(['guichet=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict'])
  })
})
