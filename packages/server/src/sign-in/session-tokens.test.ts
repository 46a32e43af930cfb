/** What a citizen's session counts for, over rows as the store would give them. On real servers: sessions.test.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../digest.ts'
import type { CitizenSession, CitizenSessionsOf } from '../store/citizen-sessions.ts'
import { refusalOf } from '../testing/refusal.ts'
import type { Asker } from './road.ts'
import { sealedWords, serviceAbout } from './sealed-words.ts'
import { endAtProvider, endForAgency, endSession, extendSession, openSession, whoSends } from './sessions.ts'
import type { SignedIn } from './sign-in.ts'

const pepper = Buffer.alloc(32, 7)
const page = 'https://www.city.example'
const minute = 60_000
const hour = 60 * minute
const start = new Date('2026-01-05T08:00:00.000Z')
const later = (ms: number) => new Date(start.getTime() + ms)
const ana: SignedIn = { provider: 'national', subject: 'ana', level: 'high', claims: { name: 'Ana' }, evidence: 'sha256-x' }

let rows: Map<string, CitizenSession>
let touched: string[]
let ended: unknown[][]
let taken: unknown[][]
let wait: number
let providers: { id: string }[]
beforeEach(() => {
  rows = new Map()
  touched = []
  ended = []
  taken = []
  wait = 0
  providers = [{ id: 'national' }, { id: 'bank' }]
})

const agency = (id = 'city') => ({
  id,
  openCitizenSession: async (row: CitizenSession) => void rows.set(row.idHash, row),
  citizenSession: async (idHash: string, now: string) => {
    const row = rows.get(idHash)
    return row && row.expiresAt > now ? row : null
  },
  touchCitizenSession: async (idHash: string, at: string) => {
    touched.push(at)
    Object.assign(rows.get(idHash) as object, { seenAt: at })
  },
  extendCitizenSession: async (idHash: string, to: object) => {
    const row = rows.get(idHash)
    if (row) Object.assign(row, to)
    return row !== undefined
  },
  endCitizenSessions: async (which: CitizenSessionsOf, ...rest: unknown[]) => {
    ended.push([which, ...rest])
    return 3
  },
})
const adapters = {
  keys: { pepper },
  signIns: { providers: (of: string) => (of === 'city' || of === 'town' ? providers : []) },
  signInRates: {
    exchanged: {
      take: async (...args: unknown[]) => {
        taken.push(args)
        return wait
      },
    },
  },
} as unknown as Asker['adapters']
const asker = (change: Partial<{ of: string; service: string; origin: string | null; now: Date; client: string | null }> = {}): Asker => {
  const { of = 'city', service = 'card', origin = page, now = start, client = '203.0.113.7' } = change
  return { adapters, service: { agency: agency(of), version: { service } }, origin, sameOrigin: false, client, now } as unknown as Asker
}
const open = async (who: SignedIn = ana, of: Asker = asker()) => `Bearer ${(await openSession(of, who)).session}`
const sends = (authorization: string | undefined, of: Asker = asker()) => whoSends(adapters, of.service, authorization, of.origin, of.now)
const rowOf = () => [...rows.values()][0] as CitizenSession

describe('who sends', () => {
  it('is nobody without a session, and the person with theirs', async () => {
    expect(await sends(undefined)).toBeNull()
    expect(await sends(await open())).toEqual(ana)
    // However the word before it is written.
    expect(await sends((await open()).replace('Bearer', 'bearer'))).toEqual(ana)
  })

  it('is nobody by what is no session, and is told so', async () => {
    const session = await open()
    const token = session.slice('Bearer '.length)
    const broken = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`
    for (const given of ['', 'Bearer ', 'Bearer AAAA', token, `Basic ${token}`, `x${session}`, `${session} x`, `Bearer x ${token}`, `Bearer ${broken}`])
      expect(await sends(given), given.slice(0, 30)).toBe('ended')
    expect(await sends(session)).toEqual(ana)
  })

  it('is known to this service alone, of this agency, on this page', async () => {
    const session = await open()
    expect(await sends(session, asker({ service: 'permit' }))).toBe('ended')
    expect(await sends(session, asker({ of: 'town' }))).toBe('ended')
    expect(await sends(session, asker({ origin: 'https://elsewhere.example' }))).toBe('ended')
    expect(await sends(session, asker({ origin: null }))).toBe('ended')
    expect(await sends(session)).toEqual(ana)
    // Whoever names no origin is held to none by another token, and to that.
    const program = await open(ana, asker({ origin: null }))
    expect(await sends(program, asker({ origin: null }))).toEqual(ana)
    expect(await sends(program)).toBe('ended')
  })

  it('is nobody once the row says that it is of another service', async () => {
    const session = await open()
    rowOf().service = 'permit'
    expect(await sends(session)).toBe('ended')
  })

  it('is nobody once the row is gone, or the provider is', async () => {
    const session = await open()
    providers = [{ id: 'bank' }]
    expect(await sends(session)).toBe('ended')
    providers = [{ id: 'bank' }, { id: 'national' }]
    expect(await sends(session)).toEqual(ana)
    rows.clear()
    expect(await sends(session)).toBe('ended')
  })

  it('is nobody after twelve hours, whatever the row says', async () => {
    const session = await open()
    rowOf().expiresAt = later(48 * hour).toISOString()
    expect(await sends(session, asker({ now: later(12 * hour - 1) }))).toEqual(ana)
    expect(await sends(session, asker({ now: later(12 * hour) }))).toBe('ended')
  })

  it('is nobody by a token of the right key that names no row', async () => {
    const of = asker()
    const word = (content: object, about = serviceAbout('city', 'card')) =>
      `Bearer ${sealedWords(pepper, 'city').seal('session', about, { o: page, x: later(hour).getTime(), who: ana, ...content })}`
    await open(ana, of)
    expect(await sends(word({}))).toBe('ended')
    expect(await sends(word({ i: 7 }))).toBe('ended')
    // The control: the same with the name of a row.
    rows.set(digestOf('known'), rowOf())
    expect(await sends(word({ i: 'known' }))).toEqual(ana)
    expect(await sends(word({ i: 'known' }, serviceAbout('city', 'permit')))).toBe('ended')
  })

  it('is seen every five minutes at most', async () => {
    const session = await open()
    for (const at of [0, 5 * minute - 1, 5 * minute, 9 * minute, 10 * minute]) await sends(session, asker({ now: later(at) }))
    expect(touched).toEqual([later(5 * minute), later(10 * minute)].map((at) => at.toISOString()))
  })
})

describe('a session that is opened', () => {
  it('counts for an hour, and its row names nobody', async () => {
    const { session, expiresAt } = await openSession(asker(), { ...ana, session: 'sid-1' })
    expect(expiresAt).toBe(later(hour).toISOString())
    expect(rowOf()).toEqual({
      ...{ idHash: expect.stringMatching(/^[\w-]{20,}$/), service: 'card', provider: 'national', level: 'high' },
      ...{ subjectMac: expect.stringMatching(/^[\w-]{43}$/), providerSessionMac: expect.stringMatching(/^[\w-]{43}$/) },
      ...{ createdAt: start.toISOString(), seenAt: start.toISOString(), expiresAt },
    })
    for (const secret of ['ana', 'sid-1', session]) expect(JSON.stringify(rowOf())).not.toContain(secret)
    expect(rowOf().subjectMac).not.toBe(rowOf().providerSessionMac)
  })

  it('is marked as that of the person at the provider, and of nobody else', async () => {
    const marks = async (who: Partial<SignedIn>, of = 'city') => {
      rows.clear()
      await open({ ...ana, ...who }, asker({ of }))
      return [rowOf().subjectMac, rowOf().providerSessionMac]
    }
    const first = await marks({})
    expect(first[1]).toBe('')
    expect(await marks({ level: 'low' })).toEqual(first)
    const others = [first[0], (await marks({ subject: 'ben' }))[0], (await marks({ provider: 'bank' }))[0], (await marks({}, 'town'))[0]]
    // A sign-in of the same name as a person is not that person.
    others.push((await marks({ session: 'ana' }))[1])
    expect(new Set(others).size).toBe(5)
  })
})

describe('more time', () => {
  const extend = (session: string | undefined, now: Date) => extendSession(asker({ now }), session)
  const over = { status: 401, code: 'sign-in-ended' }

  it('is an hour from now, with the same token', async () => {
    const session = await open()
    expect(await extend(session, later(30 * minute))).toEqual({ session: session.slice('Bearer '.length), expiresAt: later(90 * minute).toISOString() })
    expect([rowOf().expiresAt, rowOf().seenAt]).toEqual([later(90 * minute).toISOString(), later(30 * minute).toISOString()])
    expect(await sends(session, asker({ now: later(89 * minute) }))).toEqual(ana)
    expect(await sends(session, asker({ now: later(90 * minute) }))).toBe('ended')
  })

  it('ends twelve hours after the person signed in', async () => {
    const session = await open()
    for (let at = 50 * minute; at < 12 * hour; at += 50 * minute) await refusalOf(() => extend(session, later(at)))
    expect(rowOf().expiresAt).toBe(later(12 * hour).toISOString())
    // No longer: to be told so is better than to be given what ends as before.
    expect(await refusalOf(() => extend(session, later(12 * hour - minute)))).toEqual(over)
    expect(await refusalOf(() => extend(session, later(12 * hour)))).toEqual(over)
  })

  it('is none without a session, with another’s page, or when it was ended meanwhile', async () => {
    const session = await open()
    expect(await refusalOf(() => extend(undefined, start))).toEqual(over)
    expect(await refusalOf(() => extend('Bearer AAAA', later(minute)))).toEqual(over)
    expect(await refusalOf(() => extendSession(asker({ origin: 'https://elsewhere.example', now: later(minute) }), session))).toEqual(over)
    const of = asker({ now: later(minute) })
    Object.assign(of.service.agency, { extendCitizenSession: async () => false })
    expect(await refusalOf(() => extendSession(of, session))).toEqual(over)
    // At the moment when it was opened there is nothing to gain.
    expect(await refusalOf(() => extend(session, start))).toEqual(over)
    expect(await refusalOf(() => extend(session, later(minute)))).toBeNull()
  })

  it('is asked for so often and no more, by client', async () => {
    const session = await open()
    wait = 1500
    expect(await refusalOf(() => extend(session, later(minute)))).toEqual({ status: 429, code: 'rate', headers: { 'Retry-After': '2' } })
    expect(rowOf().expiresAt).toBe(later(hour).toISOString())
    wait = 0
    await extendSession(asker({ now: later(minute), client: null }), session)
    expect(taken).toEqual([
      ['203.0.113.7', later(minute).getTime()],
      ['', later(minute).getTime()],
    ])
  })
})

describe('a session that is ended', () => {
  const at = start.toISOString()
  it('by the person is that one alone', async () => {
    const session = await open()
    await open()
    await endSession(asker(), session)
    expect(ended).toEqual([[{ idHash: rowOf().idHash }, 'service:card', { actor: 'citizen', at, details: { provider: 'national' } }]])
  })

  it('by what is no session is none', async () => {
    const session = await open()
    for (const [given, of] of [
      [undefined, asker()],
      ['Bearer AAAA', asker()],
      [session, asker({ origin: 'https://elsewhere.example' })],
    ] as const)
      await endSession(of, given)
    expect(ended).toEqual([])
  })

  it('by the provider is what it names: one, all of a person, or one and those that it never named', async () => {
    await open({ ...ana, session: 'sid-1' })
    const { subjectMac, providerSessionMac } = rowOf()
    const says = (subject: string | null, session: string | null) => endAtProvider(adapters, agency() as never, 'national', { subject, session }, start)
    expect([await says('ana', null), await says(null, 'sid-1'), await says('ana', 'sid-1')]).toEqual([3, 3, 3])
    const rest = ['provider:national', { actor: 'system', at, details: { provider: 'national' } }]
    expect(ended).toEqual([
      [{ provider: 'national', subjectMac }, ...rest],
      [{ provider: 'national', providerSessionMacs: [providerSessionMac] }, ...rest],
      [{ provider: 'national', subjectMac, providerSessionMacs: [providerSessionMac, ''] }, ...rest],
    ])
  })

  it('by the agency is a person’s, a provider’s, or everybody’s', async () => {
    await open()
    const by = { actor: 'user:u1', at }
    const ends = (which: object) => endForAgency(adapters, agency() as never, which, by)
    expect([await ends({ provider: 'national', subject: 'ana' }), await ends({ provider: 'national' }), await ends({})]).toEqual([3, 3, 3])
    // A name without the provider who gives it names nobody: the routes refuse it (400), and it is kept nowhere.
    expect(ended).toEqual([
      [{ provider: 'national', subjectMac: rowOf().subjectMac }, 'provider:national', { ...by, details: { whose: 'person', provider: 'national' } }],
      [{ provider: 'national' }, 'provider:national', { ...by, details: { whose: 'provider', provider: 'national' } }],
      [{}, 'agency:city', { ...by, details: { whose: 'everybody' } }],
    ])
  })
})
