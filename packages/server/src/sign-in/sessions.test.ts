/** Sign-ins of citizens that are called back: by the person, by the provider, and by the agency. */
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../digest.ts'
import type { AgencyStore } from '../store/store.ts'
import { clientId, type ForgingIdp, forgingIdp, type LogoutForgery } from '../testing/idp/forging-idp.ts'
import { logoutForgeries } from '../testing/idp/logout-forgeries.ts'
import { sendSignedIn, service, signInAs } from '../testing/idp/signing-in.ts'
import { providerFile, signInPolicy } from '../testing/idp/world.ts'
import { agencyOf, ours, type Person, personIn } from '../testing/people.ts'
import { answersOf, createWorld, definitionOf, foreign, own, type World } from '../testing/world.ts'
import { openSignIns } from './sign-ins.ts'

let idp: ForgingIdp
let file: ReturnType<typeof providerFile>
let world: World
let city: AgencyStore
let owner: Person
let minutes = 0
beforeAll(async () => {
  idp = await forgingIdp()
  file = providerFile(idp.issuer)
  world = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date(Date.now() + minutes * 60_000) } })
  await world.offer(definitionOf(), signInPolicy())
  await world.offer(definitionOf(), signInPolicy(), 'town')
  city = await agencyOf(world, 'city')
  owner = await personIn(world, city, 'ada@city.example', [{ role: 'owner' }])
})
afterAll(async () => {
  await world.close()
  await idp.close()
  file.remove()
})
beforeEach(async () => {
  minutes = 0
  idp.forgery = {}
  await city.endCitizenSessions({}, 'agency:city', { actor: 'system', at: new Date().toISOString() })
})

/** A person at the provider; `sid`: their sign-in there, if it names it. */
async function enter(sub = 'person-1', sid?: string, of = service): Promise<string> {
  idp.forgery = { change: ({ payload }) => Object.assign(payload, { sub, ...(sid === undefined ? {} : { sid }) }) }
  const { session } = await signInAs(world, idp.visit, { service: of })
  idp.forgery = {}
  return session
}
const status = async (session: string, of = service) => (await sendSignedIn(world, answersOf(), session, { service: of })).status
const say = (token: string | string[], at = 'city/national', client?: string) =>
  world.request(`/sign-in/${at}/logout`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: [token]
      .flat()
      .map((each) => `logout_token=${encodeURIComponent(each)}`)
      .join('&'),
    ...(client ? { client } : {}),
  })
const signsOut = async (change: NonNullable<LogoutForgery['change']> = () => {}) => (await say(await idp.logoutToken({ change }))).status
const signOut = (session: string, { origin = foreign, of = service } = {}) =>
  world.request(`/v1/services/${of}/sign-in/end`, { method: 'POST', headers: { Origin: origin, Authorization: `Bearer ${session}` } })
const lastEvent = async () => (await city.auditEvents(0, 10_000)).at(-1)

describe('a sign-in that the person ends', () => {
  it('counts for nothing any more, here and where more time or files are asked for', async () => {
    const [session, other] = [await enter(), await enter()]
    expect(await status(session)).toBe(201)
    // Neither from another page, nor for another service, nor by what is no session.
    expect((await signOut(session, { origin: own })).status).toBe(204)
    expect((await signOut(session, { of: 'town/library-card' })).status).toBe(204)
    expect((await signOut('AAAA')).status).toBe(204)
    expect(await status(session)).toBe(201)

    const ended = await signOut(session)
    expect([ended.status, ended.headers.get('access-control-allow-origin')]).toEqual([204, foreign])
    expect(await lastEvent()).toMatchObject({ action: 'citizen.signed-out', actor: 'citizen', object: 'service:library-card', details: { count: 1 } })
    const asked = { method: 'POST', headers: { Origin: foreign, Authorization: `Bearer ${session}`, 'Content-Type': 'application/pdf' } }
    expect((await world.request(`/v1/services/${service}/sign-in/extension`, asked)).status).toBe(401)
    expect((await world.request(`/v1/services/${service}/attachments?target=student_id&name=a.pdf`, { ...asked, body: '%PDF-1.4' })).status).toBe(401)
    expect(await status(session)).toBe(401)
    expect((await signOut(session)).status).toBe(204)
    expect(await status(other)).toBe(201)
  })

  it('is kept without a name, and without what would let anybody use it', async () => {
    const session = await enter('person-of-whom-nothing-is-kept', 'sid-of-whom-nothing-is-kept')
    expect(await city.countCitizenSessions(new Date().toISOString())).toEqual(new Map([['national', 1]]))
    const disk = world.disk()
    for (const secret of ['of-whom-nothing-is-kept', session, digestOf('person-of-whom-nothing-is-kept')]) expect(disk).not.toContain(secret)
    // What is looked through is where it would be.
    expect(disk).toContain('national')
  })

  it('says when it was last used, every five minutes at most', async () => {
    const session = await enter()
    const spied: string[] = []
    const live = (await world.adapters.live.find('city', 'library-card'))!
    const { touchCitizenSession } = live.agency
    const touch: typeof touchCitizenSession = (id, at) => {
      spied.push(at)
      return touchCitizenSession(id, at)
    }
    Object.assign(live.agency, { touchCitizenSession: touch })
    try {
      for (const at of [0, 3, 4, 6, 8, 12]) {
        minutes = at
        expect(await status(session)).toBe(201)
      }
      expect(spied).toHaveLength(2)
    } finally {
      Object.assign(live.agency, { touchCitizenSession })
    }
  })

  it('ends with the provider that the operator takes away', async () => {
    const session = await enter()
    const { signIns } = world.adapters
    try {
      world.adapters.signIns = openSignIns({}, { egress: world.adapters.egress, now: () => new Date() })
      expect(await status(session)).toBe(401)
    } finally {
      world.adapters.signIns = signIns
    }
    expect(await status(session)).toBe(201)
  })
})

describe('a provider that says that somebody has signed out', () => {
  it('ends what it names: a sign-in, a person, or both', async () => {
    const all = async () => ({
      a: await enter('person-1', 'sid-1'),
      b: await enter('person-1', 'sid-2'),
      c: await enter('person-1'),
      d: await enter('person-2', 'sid-1'),
    })
    const left = async (change: NonNullable<LogoutForgery['change']>) => {
      const open = await all()
      expect(await signsOut(change)).toBe(200)
      const found = []
      for (const [name, session] of Object.entries(open)) if ((await status(session)) === 201) found.push(name)
      return found.join('')
    }
    expect(await left(() => {})).toBe('d')
    expect(await left(({ payload }) => Object.assign(payload, { sub: undefined, sid: 'sid-2' }))).toBe('acd')
    // One that the provider never named cannot be told from the one that it means.
    expect(await left(({ payload }) => Object.assign(payload, { sid: 'sid-1' }))).toBe('bd')
    expect(await left(({ payload }) => Object.assign(payload, { sub: 'person-3' }))).toBe('abcd')
    expect(await left(({ payload }) => Object.assign(payload, { aud: [clientId] }))).toBe('d')
    expect(await left(({ header }) => delete header.typ)).toBe('d')
  })

  it('answers as it is asked to, also twice, and logs nobody’s name', async () => {
    const session = await enter()
    const token = await idp.logoutToken()
    const first = await say(token)
    expect([first.status, first.headers.get('cache-control'), await first.text()]).toEqual([200, 'no-store', ''])
    expect(await lastEvent()).toMatchObject({
      action: 'citizen.signed-out',
      actor: 'system',
      object: 'provider:national',
      details: { provider: 'national', count: 1 },
    })
    expect(await status(session)).toBe(401)
    expect((await say(token)).status).toBe(200)
    const log = world.log.join('\n')
    for (const secret of ['person-1', token]) expect(log).not.toContain(secret)
  })

  it('ends nothing of another agency, and nothing where there is no such provider', async () => {
    const there = await enter('person-1', undefined, 'town/library-card')
    expect(await signsOut()).toBe(200)
    expect(await status(there, 'town/library-card')).toBe(201)
    expect((await say(await idp.logoutToken(), 'town/national')).status).toBe(200)
    expect(await status(there, 'town/library-card')).toBe(401)
    for (const nowhere of ['city/other', 'nowhere/national']) expect((await say(await idp.logoutToken(), nowhere)).status).toBe(404)
  })

  it.each(logoutForgeries)('is not believed: $name', async ({ forgery }) => {
    const session = await enter()
    const refused = await say(await idp.logoutToken(forgery))
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([400, 'no-store'])
    expect((await city.countCitizenSessions(new Date().toISOString())).get('national')).toBe(1)
    expect(await status(session)).toBe(201)
  })

  it('is not believed by its statement about who somebody is, which is no logout token', async () => {
    const session = await enter()
    let statement = ''
    idp.forgery = {
      token: async (said, { secret }) => {
        const { rightly } = await import('../testing/idp/forging-idp.ts')
        statement = await rightly(said, { secret })
        return statement
      },
    }
    await signInAs(world, idp.visit)
    expect(decodeJwt(statement)).toMatchObject({ sub: 'person-1' })
    expect((await say(statement)).status).toBe(400)
    expect((await say([])).status).toBe(400)
    expect((await say([await idp.logoutToken(), await idp.logoutToken()])).status).toBe(400)
    expect(await status(session)).toBe(201)
  })

  it('is asked for its keys twice a minute at most by what anybody may send', async () => {
    await enter()
    expect(await signsOut()).toBe(200)
    const before = idp.visits.get('/jwks') ?? 0
    for (let i = 0; i < 5; i++) expect((await say(await idp.logoutToken({ change: ({ header }) => (header.kid = `unknown-${i}`) }))).status).toBe(400)
    expect((idp.visits.get('/jwks') ?? 0) - before).toBeLessThanOrEqual(1)
  })

  it('is heard again later when its keys cannot be had now', async () => {
    const fresh = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
    try {
      await fresh.offer(definitionOf(), signInPolicy())
      idp.forgery = { jwks: { status: 500 } }
      const body = new URLSearchParams({ logout_token: await idp.logoutToken() }).toString()
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const later = await fresh.request('/sign-in/city/national/logout', { method: 'POST', headers, body })
      expect([later.status, later.headers.get('retry-after')]).toEqual([503, '60'])
    } finally {
      await fresh.close()
    }
  })
})

describe('an agency that ends sign-ins', () => {
  const end = async (body: object) => {
    const cookie = await owner.enter()
    const answer = await world.request('/v1/admin/sign-ins/end', { method: 'POST', headers: { ...ours, ...cookie }, body: JSON.stringify(body) })
    return [answer.status, answer.status === 200 ? ((await answer.json()).ended as number) : null]
  }
  it('ends those of a person, of a provider, or all, sees how many there are, and leaves a line', async () => {
    const [a, b, c] = [await enter('person-1'), await enter('person-1'), await enter('person-2')]
    const there = await enter('person-1', undefined, 'town/library-card')
    const listed = await world.request('/v1/admin/sign-ins', { headers: { ...ours, ...(await owner.enter()) } })
    expect(await listed.json()).toEqual({ providers: [{ id: 'national', title: 'National sign-in', signedIn: 3 }] })
    expect(await end({ subject: 'person-1' })).toEqual([400, null])
    expect(await end({ provider: 'national', subject: 'person-1' })).toEqual([200, 2])
    expect(await lastEvent()).toMatchObject({
      action: 'citizen.signed-out',
      actor: `user:${owner.id}`,
      object: 'provider:national',
      details: { whose: 'person', count: 2 },
    })
    expect([await status(a), await status(b), await status(c)]).toEqual([401, 401, 201])
    expect(await end({})).toEqual([200, 1])
    expect(await lastEvent()).toMatchObject({ object: 'agency:city', details: { whose: 'everybody' } })
    expect([await status(c), await status(there, 'town/library-card')]).toEqual([401, 201])
    const again = await enter()
    expect(await end({ provider: 'national' })).toEqual([200, 1])
    expect(await status(again)).toBe(401)
  })
})
