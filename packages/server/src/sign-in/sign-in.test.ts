/** Signing in from a foreign page, with a provider that can say anything. What it may get wrong stands in forged.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../digest.ts'
import { type ForgingIdp, forgingIdp } from '../testing/idp/forging-idp.ts'
import { begin, exchange, followBack, goThrough, outcomeOf, sendSignedIn, service, signInAs } from '../testing/idp/signing-in.ts'
import { providerFile, signInPolicy } from '../testing/idp/world.ts'
import { answersOf, createWorld, definitionOf, foreign, own, type World } from '../testing/world.ts'

let idp: ForgingIdp
let world: World
/** Minutes that the server's clock is ahead. */
let ahead = 0
beforeAll(async () => {
  idp = await forgingIdp()
  const file = providerFile(idp.issuer)
  world = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date(Date.now() + ahead * 60_000) } })
  await world.offer(definitionOf(), signInPolicy())
  await world.offer(definitionOf(), signInPolicy(), 'town')
})
afterAll(async () => {
  await world.close()
  await idp.close()
})

const cases = async () => {
  const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  return agency.submissions()
}

describe('signing in', () => {
  it('leads from a foreign page to the provider and back, and lets the person send', async () => {
    const before = await cases()
    expect((await sendSignedIn(world, answersOf(), null)).status).toBe(401)
    const { session, fields } = await signInAs(world, idp.visit)
    expect(fields).toEqual({ name: 'Ana Papadopoulou' })
    const sent = await sendSignedIn(world, answersOf({ name: 'Somebody Else' }), session)
    expect(sent.status).toBe(201)
    const { receipt, submission } = await sent.json()
    // What the page sends in a field that the sign-in fills does not count.
    const row = (await cases()).find(({ id }) => id === submission)!
    const answers = JSON.parse(Buffer.from(row.answers).toString())
    expect(answers.name).toBe('Ana Papadopoulou')
    expect(JSON.parse(Buffer.from(row.outcome).toString()).signIn).toEqual({ provider: 'national', level: 'substantial', fields: ['name'] })
    expect(receipt.payload).toMatchObject({ signIn: { provider: 'national', level: 'substantial', evidenceDigest: expect.stringMatching(/^sha256-/) } })
    expect((await cases()).length).toBe(before.length + 1)
  })

  it('sends the browser with what the protocol asks for, and adds nothing to the page but the code', async () => {
    const { address } = await begin(world)
    const query = new URL(address!).searchParams
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      client_id: 'guichet-test',
      redirect_uri: `${own}/sign-in/city/national`,
      code_challenge_method: 'S256',
      acr_values: 'substantial high',
      ui_locales: 'en',
    })
    const { status, location, response } = await goThrough(world, idp.visit, address!)
    expect([status, response.headers.get('referrer-policy'), response.headers.get('set-cookie')]).toEqual([303, 'no-referrer', null])
    expect(location).toMatch(new RegExp(`^${foreign}/apply\\?x=1&guichet-sign-in=[A-Za-z0-9_-]+$`))
    expect(idp.asked.at(-1)!.authorization).toMatch(/^Basic /)
  })

  it('gives a code that opens once, with the secret of the page that began, for its service and origin', async () => {
    const { address, verifier } = await begin(world)
    const { location } = await goThrough(world, idp.visit, address!)
    const code = outcomeOf(location!).code!
    const status = async (response: Promise<{ status: number }>) => (await response).status
    expect(await status(exchange(world, code, 'x'.repeat(43)))).toBe(400)
    expect(await status(exchange(world, code, verifier, { service: 'town/library-card' }))).toBe(400)
    expect(await status(exchange(world, code, verifier, { origin: null }))).toBe(400)
    expect(await status(exchange(world, `${code.slice(0, -2)}AA`, verifier))).toBe(400)
    expect(await status(exchange(world, code, verifier))).toBe(200)
    expect(await status(exchange(world, code, verifier))).toBe(400)
  })

  it('takes a session for the service and the origin that it was given for', async () => {
    const { session } = await signInAs(world, idp.visit)
    expect((await sendSignedIn(world, answersOf(), session, { service: 'town/library-card' })).status).toBe(401)
    expect((await sendSignedIn(world, answersOf(), session, { origin: own })).status).toBe(401)
    const forged = `${session.slice(0, 20)}${session[20] === 'A' ? 'B' : 'A'}${session.slice(21)}`
    expect((await sendSignedIn(world, answersOf(), forged)).status).toBe(401)
    expect((await sendSignedIn(world, answersOf(), session)).status).toBe(201)
  })

  it('comes back only to the page that asks', async () => {
    const status = async (page: Parameters<typeof begin>[1]) => (await begin(world, page)).response.status
    for (const back of ['https://evil.example/', `${own}/x`, 'javascript:alert(1)', `${foreign}@evil.example/`, 'https://www.city.example.evil/', '/apply'])
      expect([back, await status({ back })]).toEqual([back, 422])
    expect(await status({ origin: 'https://evil.example', back: 'https://evil.example/' })).toBe(403)
    // Our own frame on a page that may embed the service, and on one that may not.
    expect(await status({ origin: own })).toBe(200)
    expect(await status({ origin: own, back: 'https://evil.example/' })).toBe(422)
    expect(await status({ provider: 'unknown' })).toBe(404)
  })

  it('ends an attempt once, and knows no attempt that it did not begin', async () => {
    const { address } = await begin(world)
    const callback = new URL(await idp.visit(address!))
    expect((await followBack(world, callback)).status).toBe(303)
    const again = await followBack(world, callback)
    expect([again.status, again.response.headers.get('content-type')]).toEqual([400, 'text/html; charset=UTF-8'])
    const foreignState = new URL(callback)
    foreignState.searchParams.set('state', 'A'.repeat(200))
    expect((await followBack(world, foreignState)).status).toBe(400)
    // The answer of one agency's provider is none of another's.
    const other = new URL(await idp.visit((await begin(world)).address!))
    other.pathname = '/sign-in/town/national'
    expect((await followBack(world, other)).status).toBe(400)
  })

  it('counts citizens apart from staff, and logs neither who it was nor any token', async () => {
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const { session } = await signInAs(world, idp.visit)
    const events = await agency.auditEvents(0, 1000)
    const signedIn = events.filter(({ action }) => action === 'citizen.signed-in')
    expect(signedIn.at(-1)).toMatchObject({ actor: 'citizen', object: 'service:library-card', details: { provider: 'national', level: 'substantial' } })
    const today = new Date().toISOString().slice(0, 10)
    const counted = (await agency.daily(today, today)).filter(({ measure }) => measure === 'signed_in')
    expect(counted.map(({ channel }) => channel)).toEqual(['citizen'])
    expect(counted[0]?.count).toBe(signedIn.length)
    const log = world.log.join('\n')
    for (const secret of ['Papadopoulou', 'person-1', session, idp.asked.at(-1)!.body.get('code')!]) expect(log).not.toContain(secret)
    expect(log).toContain('/sign-in/:agency/:provider')
  })

  it('gives the answer to what was sent once more, when the session is over meanwhile', async () => {
    const { session } = await signInAs(world, idp.visit)
    const key = digestOf(session).slice(0, 40)
    const first = await (await sendSignedIn(world, answersOf(), session, { key })).json()
    const again = await sendSignedIn(world, answersOf(), null, { key })
    expect([again.status, (await again.json()).reference]).toEqual([201, first.reference])
    expect((await sendSignedIn(world, answersOf(), null)).status).toBe(401)
  })

  it('is made longer for whoever asks in time, and for half a day at most', async () => {
    const { session } = await signInAs(world, idp.visit)
    const extend = (held: string | null, origin = foreign, of = service) =>
      world.request(`/v1/services/${of}/sign-in/extension`, {
        method: 'POST',
        headers: { Origin: origin, ...(held ? { Authorization: `Bearer ${held}` } : {}) },
      })
    // Another origin, another service, no session at all.
    for (const refused of [extend(session, own), extend(session, foreign, 'town/library-card'), extend(null), extend('AAAA')])
      expect((await refused).status).toBe(401)
    let held = session
    let extensions = 0
    try {
      for (;;) {
        ahead += 55
        const answer = await extend(held)
        if (answer.status !== 200) break
        held = (await answer.json()).session as string
        extensions++
      }
      expect(extensions).toBeGreaterThanOrEqual(10)
      // It is the same, and good until its end, and no longer.
      expect(held).toBe(session)
      expect((await sendSignedIn(world, answersOf(), held)).status).toBe(201)
      ahead += 60
      expect((await sendSignedIn(world, answersOf(), held)).status).toBe(401)
      expect((await extend(held)).status).toBe(401)
    } finally {
      ahead = 0
    }
  })

  it('tells the page what it needs to offer', async () => {
    const view = await (await world.request(`/v1/services/${service}?lang=el`)).json()
    expect(view.asks).toEqual({
      signIn: { demand: 'required', level: 'substantial', providers: [{ id: 'national', title: 'Εθνική σύνδεση' }], fields: ['name'] },
    })
  })
})
