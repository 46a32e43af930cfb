/** The way of a citizen to a provider and back, step by step, with a provider that says what it is told to. On real servers: sign-in.test.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Adapters } from '../adapters.ts'
import { memoryRates } from '../policy/rate/rates.ts'
import type { AdmitEvidence } from '../policy/rule.ts'
import type { SignInAsk } from '../policy/sign-in/rule.ts'
import type { CitizenSession } from '../store/citizen-sessions.ts'
import type { AgencyId } from '../store/store.ts'
import { refusalOf } from '../testing/refusal.ts'
import { signInRates, slowDown } from './rates.ts'
import {
  type Asker,
  type Beginning,
  beginSignIn,
  challengeOf,
  codeParameter,
  exchangeCode,
  faultParameter,
  filledBy,
  finishSignIn,
  longestReturn,
  mayReturn,
  offeredBy,
} from './road.ts'
import { sealedWords, serviceAbout } from './sealed-words.ts'
import { whoSends } from './sessions.ts'
import { type Attempt, atLeast, isLevel, type SignedIn, SignInError, type SignInFault } from './sign-in.ts'

const page = 'https://www.city.example'
const own = 'https://forms.example.org'
const back = `${page}/apply?x=1`
const start = new Date('2026-01-05T08:00:00.000Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const minute = 60_000
const verifier = 'v'.repeat(43)
const ana: SignedIn = { provider: 'national', subject: 'ana', level: 'substantial', claims: { name: 'Ana', age: 40 }, evidence: 'sha256-x' }

/** What the provider was asked, and what it answers. */
let begun: Attempt[]
let finished: [URLSearchParams, Attempt][]
let answer: SignedIn | Error
let audited: unknown[][]
let logged: [string, object, string][]
let seen: [AdmitEvidence, unknown][]
let rows: CitizenSession[]
let waits: Record<'begun' | 'exchanged', number>
let asked: SignInAsk | undefined
let listed: string[]
let live: boolean
let adapters: Adapters
beforeEach(() => {
  begun = []
  finished = []
  answer = ana
  audited = []
  logged = []
  seen = []
  rows = []
  waits = { begun: 0, exchanged: 0 }
  asked = { demand: 'required', level: 'substantial', providers: [], fills: { 'full-name': 'name', born: 'birthdate' } }
  listed = ['national', 'bank']
  live = true
  const provider = (id: string) => ({
    ...{ id, title: { en: id } },
    begin: async (attempt: Attempt) => {
      begun.push(attempt)
      if (answer instanceof Error) throw answer
      return `https://${id}.example/auth?state=${attempt.state}`
    },
    finish: async (callback: URLSearchParams, attempt: Attempt) => {
      finished.push([callback, attempt])
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const providers = new Map(['national', 'bank'].map((id) => [id, provider(id)]))
  const told = (level: string) => (about: object, what: string) => void logged.push([level, about, what])
  const limit = (name: 'begun' | 'exchanged') => ({ take: async () => waits[name] })
  adapters = {
    ...{ keys: { pepper: Buffer.alloc(32, 7) }, rates: memoryRates(), log: { info: told('info'), warn: told('warn') } },
    signIns: { providers: (of: string) => (of === 'city' || of === 'town' ? listed.map((id) => providers.get(id)) : []) },
    signInRates: { begun: limit('begun'), exchanged: limit('exchanged') },
    live: { find: async (of: string, service: string) => (live ? serviceOf(of, service) : null) },
  } as unknown as Adapters
})

const serviceOf = (of: string, service: string) => ({
  agency: {
    id: of,
    audit: async (...event: unknown[]) => void audited.push(event),
    openCitizenSession: async (row: CitizenSession) => void rows.push(row),
    citizenSession: async (idHash: string) => rows.find((row) => row.idHash === idHash) ?? null,
  },
  version: { service, definition: { locale: { timeZone: 'Europe/Athens' } } },
  policy: {
    asks: { ...(asked ? { signIn: asked } : {}) },
    admit: async (evidence: AdmitEvidence, only: unknown) => {
      seen.push([evidence, only])
      return evidence.origin === page ? null : { status: 403, code: 'origin' }
    },
  },
})
const asker = (change: { of?: string; service?: string; origin?: string | null; sameOrigin?: boolean; now?: Date } = {}): Asker => {
  const { of = 'city', service = 'card', origin = page, sameOrigin = false, now = start } = change
  return { adapters, config: { baseUrl: own }, service: serviceOf(of, service), origin, sameOrigin, client: '203.0.113.7', now } as unknown as Asker
}
const begin = (change: Partial<Beginning> = {}, of = asker()) =>
  beginSignIn(of, { provider: 'national', challenge: challengeOf(verifier), return: back, language: 'el', ...change })
const stateOf = (address: string) => new URL(address).searchParams.get('state') as string
const finish = (state: string | readonly string[], { agency = 'city', provider = 'national', now = start } = {}) =>
  finishSignIn(
    { adapters, config: { baseUrl: own } as never, now },
    agency as AgencyId,
    provider,
    new URLSearchParams([...[state].flat().map((each): [string, string] => ['state', each]), ['code', 'c']]),
  )
const through = async (now = start) => new URL(await finish(stateOf(await begin()), { now }))
const codeIn = (address: URL) => address.searchParams.get(codeParameter) as string
const attemptOver = { status: 400, code: 'sign-in-attempt' }

describe('which providers are offered', () => {
  const offered = () => offeredBy(adapters, asker().service).map(({ id }) => id)
  it('is those of the agency that the service takes, in the agency’s order', () => {
    expect(offered()).toEqual(['national', 'bank'])
    asked = { ...(asked as SignInAsk), demand: 'optional', providers: ['bank', 'gone'] }
    expect(offered()).toEqual(['bank'])
    asked = { ...asked, demand: 'none' }
    expect(offered()).toEqual([])
    asked = undefined
    expect(offered()).toEqual([])
  })
})

describe('the way there', () => {
  it('begins with what the provider has to say again, of which nothing can be read on the way', async () => {
    const address = await begin()
    const [attempt] = begun as [Attempt]
    expect(address).toBe(`https://national.example/auth?state=${attempt.state}`)
    expect(attempt).toEqual({
      ...{ redirectUri: `${own}/sign-in/city/national`, least: 'substantial', language: 'el', state: expect.stringMatching(/^[\w-]+$/) },
      ...{ nonce: expect.stringMatching(/^[\w-]{43}$/), verifier: expect.stringMatching(/^[\w-]{43}$/) },
    })
    expect(attempt.nonce).not.toBe(attempt.verifier)
    await begin()
    expect([begun[1]?.nonce === attempt.nonce, begun[1]?.verifier === attempt.verifier, begun[1]?.state === attempt.state]).toEqual([false, false, false])
  })

  it('is gone only where the service asks for it, to a provider that it takes', async () => {
    const unavailable = { status: 404, code: 'sign-in-unavailable' }
    expect(await refusalOf(() => begin({ provider: 'unknown' }))).toEqual(unavailable)
    asked = { ...(asked as SignInAsk), providers: ['bank'] }
    expect(await refusalOf(() => begin())).toEqual(unavailable)
    asked = { ...asked, demand: 'none', providers: [] }
    expect(await refusalOf(() => begin())).toEqual(unavailable)
    asked = undefined
    expect(await refusalOf(() => begin())).toEqual(unavailable)
    expect(begun).toEqual([])
  })

  it('is gone so often and no more', async () => {
    waits.begun = 1001
    expect(await refusalOf(() => begin())).toEqual({ status: 429, code: 'rate', headers: { 'Retry-After': '2' } })
    const taken: unknown[] = []
    const { begun: there, exchanged, signedOut } = signInRates({ take: async (...args) => taken.push(args) * 0, purge: async () => {} })
    for (const limit of [there, exchanged, signedOut]) await slowDown(limit, { client: 'x', now: start })
    await slowDown(there, { client: null, now: start })
    expect(taken).toEqual([
      [null, 'sign-in begun/x', { size: 240, period: 3_600_000 }, start.getTime()],
      [null, 'sign-in exchanged/x', { size: 240, period: 3_600_000 }, start.getTime()],
      [null, 'sign-in signed out/x', { size: 20_000, period: 3_600_000 }, start.getTime()],
      [null, 'sign-in begun/', { size: 240, period: 3_600_000 }, start.getTime()],
    ])
  })

  it('is not gone when the provider is down, and what is broken here is not said to be its fault', async () => {
    answer = new SignInError('unavailable', 'timeout')
    expect(await refusalOf(() => begin())).toEqual({ status: 503, code: 'sign-in-unavailable', headers: { 'Retry-After': '60' } })
    expect(logged).toEqual([['warn', { agency: 'city', provider: 'national', fault: 'unavailable', reason: 'timeout' }, 'sign-in could not begin']])
    answer = new Error('broken')
    await expect(begin()).rejects.toThrow('broken')
  })
})

describe('the page to come back to', () => {
  it.each<[string, Parameters<typeof asker>[0], boolean]>([
    [back, {}, true],
    [`${page}/`, {}, true],
    ['http://www.city.example/', { origin: 'http://www.city.example' }, true],
    ['https://evil.example/', {}, false],
    [`${page}.evil.example/`, {}, false],
    [`https://ana@www.city.example/`, {}, false],
    [`https://:secret@www.city.example/`, {}, false],
    ['javascript:alert(1)', {}, false],
    ['ftp://www.city.example/', {}, false],
    ['/apply', {}, false],
    ['', {}, false],
    [`${page}/${'x'.repeat(longestReturn - page.length - 1)}`, {}, true],
    [`${page}/${'x'.repeat(longestReturn - page.length)}`, {}, false],
    // Our own frame, on a page that may embed the service and on one that may not.
    [back, { origin: own, sameOrigin: true }, true],
    [`${own}/city/card`, { origin: own, sameOrigin: true }, true],
    ['https://evil.example/', { origin: own, sameOrigin: true }, false],
    // A program, which says nothing of itself.
    [back, { origin: null }, true],
    ['https://evil.example/', { origin: null }, false],
    // A page that may not even embed it: not by that page's word.
    [back, { origin: 'https://evil.example' }, false],
  ])('%s of %j: %s', async (address, change, may) => {
    const of = asker(change)
    expect(await mayReturn(of, address)).toBe(may)
    expect(await refusalOf(() => begin({ return: address }, of))).toEqual(may ? null : { status: 422, code: 'return-address' })
  })

  it('is asked of the rule about origins alone, as a page that looks at the service', async () => {
    await mayReturn(asker({ origin: own, sameOrigin: true }), back)
    expect(seen).toMatchObject([[{ purpose: 'view', agency: 'city', service: 'card', origin: page, sameOrigin: false, body: null }, ['origins']]])
    await mayReturn(asker(), back)
    expect(seen.length).toBe(1)
  })
})

describe('the way back', () => {
  it('leads to the page with a code, and says in the log of the agency who vouched, and not for whom', async () => {
    const address = await through()
    expect([address.origin, address.pathname, [...address.searchParams.keys()]]).toEqual([page, '/apply', ['x', codeParameter]])
    expect(address.searchParams.get('x')).toBe('1')
    expect(audited).toEqual([
      ['citizen.signed-in', 'service:card', { actor: 'citizen', at: start.toISOString(), details: { provider: 'national', level: 'substantial' } }],
    ])
    // The same attempt as was begun, so that the provider's statement can be compared with it.
    expect(finished[0]?.[1]).toEqual(begun[0])
    expect(finished[0]?.[0].get('code')).toBe('c')
  })

  it('is told when nobody came: what the person can do about it, and no more', async () => {
    for (const fault of ['denied', 'level', 'unavailable', 'failed'] satisfies SignInFault[]) {
      answer = ana
      const state = stateOf(await begin())
      answer = new SignInError(fault, 'a reason')
      const address = new URL(await finish(state))
      expect([address.searchParams.get(faultParameter), codeIn(address)]).toEqual([fault, null])
      expect(logged.at(-1)).toEqual(['info', { agency: 'city', provider: 'national', fault, reason: 'a reason' }, 'sign-in ended without a person'])
    }
    expect(audited).toEqual([])
    answer = ana
    const state = stateOf(await begin())
    answer = new Error('broken')
    await expect(finish(state)).rejects.toThrow('broken')
  })

  it('is gone once, within a quarter of an hour, by the provider and the agency it was begun for', async () => {
    const attempt = async () => stateOf(await begin())
    const state = await attempt()
    expect(await refusalOf(() => finish(state, { provider: 'bank' }))).toEqual(attemptOver)
    expect(await refusalOf(() => finish(state, { agency: 'town' }))).toEqual(attemptOver)
    expect(await refusalOf(() => finish(state, { provider: 'unknown' }))).toEqual({ status: 404, code: 'not-found' })
    expect(await refusalOf(() => finish(state, { agency: 'village' }))).toEqual({ status: 404, code: 'not-found' })
    expect(await refusalOf(() => finish([state, state]))).toEqual(attemptOver)
    expect(await refusalOf(() => finish([]))).toEqual(attemptOver)
    expect(await refusalOf(() => finish(`${state.slice(0, -4)}AAAA`))).toEqual(attemptOver)
    expect(await refusalOf(() => finish(state, { now: later(15 * minute) }))).toEqual(attemptOver)
    expect(await finish(state, { now: later(15 * minute - 1) })).toContain(codeParameter)
    expect(await refusalOf(() => finish(state))).toEqual(attemptOver)
    expect(finished.length).toBe(1)
  })

  it('ends where the service is gone, or takes this provider no more', async () => {
    const [gone, taken] = [stateOf(await begin()), stateOf(await begin())]
    live = false
    expect(await refusalOf(() => finish(gone))).toEqual(attemptOver)
    live = true
    asked = { ...(asked as SignInAsk), providers: ['bank'] }
    expect(await refusalOf(() => finish(taken))).toEqual(attemptOver)
    expect(finished).toEqual([])
  })

  it('is not gone by an attempt whose level is none, however it is sealed', async () => {
    const words = sealedWords(adapters.keys.pepper, 'city')
    const held = { i: 'x', s: 'card', r: back, h: challengeOf(verifier), l: 'substantial', g: 'el', x: later(minute).getTime() }
    const sealed = (change: object) => words.seal('attempt', 'attempt|city|national', { ...held, ...change })
    expect(await refusalOf(() => finish(sealed({ l: 'constructor' })))).toEqual(attemptOver)
    expect(await finish(sealed({}))).toContain(codeParameter)
  })
})

describe('the code', () => {
  const exchange = (code: string, secret = verifier, of = asker()) => exchangeCode(of, code, secret)

  it('gives a session, with what the provider vouches for', async () => {
    const exchanged = await exchange(codeIn(await through()))
    expect(exchanged).toEqual({
      ...{ session: expect.any(String), expiresAt: '2026-01-05T09:00:00.000Z', provider: 'national', level: 'substantial', name: 'Ana' },
      fields: { 'full-name': 'Ana' },
    })
    const of = asker()
    expect(await whoSends(adapters, of.service, `Bearer ${exchanged.session}`, page, start)).toEqual(ana)
    expect(rows.map(({ service, provider, level }) => [service, provider, level])).toEqual([['card', 'national', 'substantial']])
  })

  it('is without a name where the provider gives none that is a text', async () => {
    for (const claims of [{}, { name: 3 }]) {
      answer = { ...ana, claims: claims as SignedIn['claims'] }
      expect((await exchange(codeIn(await through()))).name).toBeNull()
    }
  })

  it('opens once, within two minutes, for the page that began, its service and its agency', async () => {
    const code = codeIn(await through())
    for (const [secret, of] of [
      ['w'.repeat(43), asker()],
      [verifier, asker({ origin: 'https://evil.example' })],
      [verifier, asker({ origin: null })],
      [verifier, asker({ service: 'permit' })],
      [verifier, asker({ of: 'town' })],
      [verifier, asker({ now: later(2 * minute) })],
    ] as const)
      expect(await refusalOf(() => exchange(code, secret, of))).toEqual(attemptOver)
    expect(await refusalOf(() => exchange(`${code.slice(0, -4)}AAAA`))).toEqual(attemptOver)
    expect(rows).toEqual([])
    expect((await exchange(code, verifier, asker({ now: later(2 * minute - 1) }))).provider).toBe('national')
    expect(await refusalOf(() => exchange(code))).toEqual(attemptOver)
    expect(rows.length).toBe(1)
  })

  it('opens for our own frame too, which stands on a page of another origin', async () => {
    expect((await exchange(codeIn(await through()), verifier, asker({ origin: own, sameOrigin: true }))).provider).toBe('national')
  })

  it('is for whoever has the secret of the page: the digest that went along is none', async () => {
    const code = codeIn(await through())
    expect(await refusalOf(() => exchange(code, challengeOf(verifier)))).toEqual(attemptOver)
    expect(sealedWords(adapters.keys.pepper, 'city').open('code', serviceAbout('city', 'card'), code)).toBeNull()
  })

  it('is tried so often and no more', async () => {
    const code = codeIn(await through())
    waits.exchanged = 1
    expect(await refusalOf(() => exchange(code))).toEqual({ status: 429, code: 'rate', headers: { 'Retry-After': '1' } })
  })
})

describe('what a sign-in fills in', () => {
  it('is what the provider said itself, in the fields that the policy names', () => {
    expect(filledBy(asked, ana)).toEqual({ 'full-name': 'Ana' })
    expect(filledBy({ ...(asked as SignInAsk), fills: { a: 'age', b: 'constructor' } }, ana)).toEqual({ a: 40 })
    expect(filledBy(undefined, ana)).toEqual({})
  })
})

describe('levels', () => {
  it('go from low to high, and there are no others', () => {
    expect(['low', 'substantial', 'high'].map((level) => (['low', 'substantial', 'high'] as const).filter((least) => atLeast(level as never, least)))).toEqual([
      ['low'],
      ['low', 'substantial'],
      ['low', 'substantial', 'high'],
    ])
    expect(['low', 'substantial', 'high', 'constructor', '', null].map(isLevel)).toEqual([true, true, true, false, false, false])
  })
})
