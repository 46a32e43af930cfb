/** What is believed of a provider, against one on loopback that says what it is told to. Through a whole server: forged.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret } from '../../codes.ts'
import { digestOf } from '../../digest.ts'
import { createEgress } from '../../egress/egress.ts'
import { attacks } from '../../testing/idp/forgeries.ts'
import { clientId, clientSecret, type Forgery, type ForgingIdp, forgingIdp } from '../../testing/idp/forging-idp.ts'
import { logoutForgeries } from '../../testing/idp/logout-forgeries.ts'
import { type Attempt, type SignedIn, SignInError, type SignInProvider } from '../sign-in.ts'
import { openIdConnect } from './kind.ts'

let idp: ForgingIdp
let provider: Required<SignInProvider>
beforeAll(async () => {
  idp = await forgingIdp()
  provider = opened()
})
afterAll(() => idp.close())

const opened = (more: object = {}, now = () => new Date()) =>
  openIdConnect.open(
    {
      ...{ id: 'national', kind: 'openid-connect', title: { en: 'National' }, issuer: idp.issuer, clientId, clientSecret },
      ...{ levels: { low: 'low', substantial: 'substantial', high: 'high' }, ...more },
    },
    { egress: createEgress([idp.place]), now },
  ) as Required<SignInProvider>
const attemptOf = (more: Partial<Attempt> = {}): Attempt => ({
  ...{ redirectUri: 'https://forms.example.org/sign-in/city/national', state: newSecret(), nonce: newSecret(), verifier: newSecret() },
  ...{ least: 'substantial', language: 'el', ...more },
})
/** Goes to the provider and back. Gives who it was, or which of four things went wrong. */
async function goes(forgery: Forgery = {}, by = provider, attempt = attemptOf()): Promise<SignedIn | string> {
  idp.forgery = forgery
  try {
    const address = await by.begin(attempt).catch((error) => {
      if (!(error instanceof SignInError)) throw error
      return null
    })
    if (address === null) return 'not-begun'
    return await by.finish(new URL(await idp.visit(address)).searchParams, attempt)
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    return error.fault
  } finally {
    idp.forgery = {}
  }
}
const says = (change: Record<string, unknown>): Forgery => ({ change: ({ payload }) => void Object.assign(payload, change) })
const faultOf = async (work: Promise<unknown>) => {
  try {
    await work
    return null
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    return [error.fault, error.reason]
  }
}

describe('a statement', () => {
  it.each(attacks)('that proves nothing names nobody: $name', async ({ forgery, fault }) => {
    // What a provider says of itself is believed for a minute: where that is what is wrong, nothing may be known yet.
    const by = forgery.discovery || forgery.jwks ? opened() : provider
    // Whether the state is ours is looked at before, by road.ts; here it is one of many that does not fit.
    expect(await goes(forgery, by)).toBe(fault === 'stays' ? 'failed' : fault)
  })

  it('that proves it names one person, with what may be used of it', async () => {
    let token = ''
    const kept: Forgery = {
      async token(statement, keys) {
        const { rightly } = await import('../../testing/idp/forging-idp.ts')
        token = await rightly(statement, keys)
        return token
      },
    }
    expect(await goes(kept)).toEqual({
      ...{ provider: 'national', subject: 'person-1', level: 'substantial', claims: { name: 'Ana Papadopoulou', birthdate: '1980-02-29' } },
      evidence: digestOf(token),
    })
  })

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['its list of one audience', { aud: [clientId] }, {}],
    ['a higher level', { acr: 'high' }, { level: 'high' }],
    ['a name of the sign-in', { sid: 's1' }, { session: 's1' }],
    ['a long name of the person', { sub: 'x'.repeat(255) }, { subject: 'x'.repeat(255) }],
    ['who asked for it', { azp: clientId }, {}],
  ])('may have %s', async (_, change, found) => {
    expect(await goes(says(change))).toMatchObject({ provider: 'national', ...found })
  })

  it.each<[string, Record<string, unknown>]>([
    ['that is empty', { sid: '' }],
    ['that is no text', { sid: 3 }],
    ['that is too long', { sid: 'x'.repeat(256) }],
  ])('has no name of the sign-in %s', async (_, change) => {
    expect(await goes(says(change))).not.toHaveProperty('session')
  })

  it('of a name that is too long names nobody', async () => {
    expect(await goes(says({ sub: 'x'.repeat(256) }))).toBe('failed')
  })

  it('without a level is that of the level that the agency takes it for, if any', async () => {
    const none: Forgery = { change: ({ payload }) => delete payload.acr }
    expect(await goes(none, opened({ assumedLevel: 'high' }))).toMatchObject({ level: 'high' })
    expect(await goes(none, opened({ assumedLevel: 'low' }))).toBe('level')
    // One that is stated and not known is not stood in for.
    expect(await goes(says({ acr: 'unknown' }), opened({ assumedLevel: 'high' }))).toBe('level')
  })

  it('is believed as to what the provider has checked itself, and is plain', async () => {
    const claims = ['name', 'email', 'phone_number', 'age', 'adult', 'address', 'roles', 'empty', 'long', 'longest', 'endless', 'constructor', 'gone']
    const by = opened({ claims })
    const said = {
      ...{ email: 'a@example.org', phone_number: '+30 1', age: 40, adult: false, address: { street: 'x' }, roles: ['a'] },
      ...{ empty: '', long: 'x'.repeat(301), longest: 'x'.repeat(300), other: 'not asked for' },
    }
    const plain = { name: 'Ana Papadopoulou', age: 40, adult: false, longest: 'x'.repeat(300) }
    expect(await goes(says(said), by)).toMatchObject({ claims: plain })
    for (const proof of ['true', 1, false]) expect(((await goes(says({ ...said, email_verified: proof }), by)) as SignedIn).claims).toEqual(plain)
    const checked = { ...said, email_verified: true, phone_number_verified: true }
    expect(((await goes(says(checked), by)) as SignedIn).claims).toEqual({ ...plain, email: 'a@example.org', phone_number: '+30 1' })
  })
})

describe('the way to the provider', () => {
  const queryOf = async (by: SignInProvider, attempt = attemptOf()) => Object.fromEntries(new URL(await by.begin(attempt)).searchParams)

  it('says what is asked for, and no secret', async () => {
    const attempt = attemptOf()
    const address = await provider.begin(attempt)
    expect(address.startsWith(`${idp.issuer}/auth?`)).toBe(true)
    const query = await queryOf(provider, attempt)
    expect(query).toEqual({
      ...{ response_type: 'code', client_id: clientId, redirect_uri: attempt.redirectUri, scope: 'openid profile', state: attempt.state, nonce: attempt.nonce },
      ...{ code_challenge: expect.stringMatching(/^[\w-]{43}$/), code_challenge_method: 'S256', ui_locales: 'el', acr_values: 'substantial high' },
    })
    expect(address).not.toContain(attempt.verifier)
    expect((await queryOf(provider, attemptOf({ least: 'high' }))).acr_values).toBe('high')
  })

  it('asks for what the agency has set', async () => {
    const query = await queryOf(opened({ levels: {}, assumedLevel: 'high', maxAgeSeconds: 60, scopes: ['openid', 'email'] }))
    expect([query.acr_values, query.max_age, query.scope]).toEqual([undefined, '60', 'openid email'])
  })

  it('brings the code back with the agency’s secret, where the agency says', async () => {
    await goes()
    // RFC 6749, 2.3.1: both are encoded first, as in a form.
    const encoded = [clientId, clientSecret].map((each) => each.replaceAll('-', '%2D')).join(':')
    const basic = `Basic ${Buffer.from(encoded).toString('base64')}`
    expect([idp.asked.at(-1)?.authorization, idp.asked.at(-1)?.body.get('client_secret')]).toEqual([basic, null])
    await goes({}, opened({ secretIn: 'body' }))
    expect([idp.asked.at(-1)?.authorization, idp.asked.at(-1)?.body.get('client_secret')]).toEqual([undefined, clientSecret])
    expect(await goes({}, opened({ clientSecret: null }))).toMatchObject({ subject: 'person-1' })
    expect([idp.asked.at(-1)?.authorization, idp.asked.at(-1)?.body.get('client_secret'), idp.asked.at(-1)?.body.get('client_id')]).toEqual([
      undefined,
      null,
      clientId,
    ])
  })

  it('is not gone to a provider without PKCE; one that does not say is asked for it', async () => {
    const methods = (list: string[] | undefined): Forgery => ({ discovery: (document) => ({ ...document, code_challenge_methods_supported: list }) })
    expect(await goes(methods(['plain']), opened())).toBe('not-begun')
    expect(await goes(methods(undefined), opened())).toMatchObject({ subject: 'person-1' })
  })

  it('is not gone to one that names no address of its page, its tokens or its keys', async () => {
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'])
      expect([name, await goes({ discovery: ({ [name]: _, ...rest }) => rest }, opened())]).toEqual([name, 'not-begun'])
  })

  it('takes a sign-in that is as new as the agency asks for', async () => {
    const now = Math.floor(Date.now() / 1000)
    const by = opened({ maxAgeSeconds: 60 })
    expect(await goes(says({ auth_time: now }), by)).toMatchObject({ subject: 'person-1' })
    expect(await goes(says({ auth_time: now - 200 }), by)).toBe('failed')
    expect(await goes({}, by)).toBe('failed')
  })
})

describe('a provider that does not answer', () => {
  it('is told apart from one that answers wrongly, and asked again at once', async () => {
    const by = opened()
    idp.forgery = { discovery: () => ({ redirect: `${idp.issuer}/elsewhere` }) }
    expect((await faultOf(by.begin(attemptOf())))?.[0]).toBe('failed')
    idp.forgery = {}
    expect(await by.begin(attemptOf())).toContain('/auth?')
    const nobody = openIdConnect.open(
      { id: 'x', kind: 'openid-connect', title: {}, issuer: 'http://127.0.0.1:9', clientId, assumedLevel: 'high' },
      { egress: createEgress(['127.0.0.1:9']), now: () => new Date() },
    )
    expect(await faultOf(nobody.begin(attemptOf()))).toEqual(['unavailable', 'connection'])
    const inside = openIdConnect.open(
      { id: 'x', kind: 'openid-connect', title: {}, issuer: idp.issuer, clientId, assumedLevel: 'high' },
      { egress: createEgress([]), now: () => new Date() },
    )
    expect((await faultOf(inside.begin(attemptOf())))?.[0]).toBe('unavailable')
  })

  it.each([
    ['denied', 'access_denied'],
    ['denied', 'login_required'],
    ['denied', 'interaction_required'],
    ['denied', 'consent_required'],
    ['denied', 'account_selection_required'],
    ['unavailable', 'temporarily_unavailable'],
    ['unavailable', 'server_error'],
    ['failed', 'invalid_scope'],
  ])('is %s by %s', async (fault, error) => {
    const back: Forgery = {
      callback(query) {
        query.delete('code')
        query.set('error', error)
      },
    }
    expect(await goes(back)).toBe(fault)
  })

  it('has keys that cannot be had', async () => {
    expect(await goes({ jwks: { status: 503 } }, opened())).toBe('unavailable')
    expect(await goes({ jwks: { status: 404 } }, opened())).toBe('failed')
    expect(await goes({ tokenEndpoint: { status: 503, body: { error: 'invalid_grant' } } })).toBe('unavailable')
  })

  it('is asked what it is once a minute', async () => {
    let now = new Date('2026-01-05T08:00:00.000Z')
    const by = opened({}, () => now)
    const asked = () => idp.visits.get('/.well-known/openid-configuration') ?? 0
    const before = asked()
    await by.begin(attemptOf())
    await by.begin(attemptOf())
    expect(asked() - before).toBe(1)
    for (const [seconds, more] of [
      [60, 1],
      [61, 2],
      // The clock was set back.
      [0, 3],
    ] as const) {
      now = new Date(Date.parse('2026-01-05T08:00:00.000Z') + seconds * 1000)
      await by.begin(attemptOf())
      expect([seconds, asked() - before]).toEqual([seconds, more])
    }
  })
})

describe('keys', () => {
  const fetched = () => idp.visits.get('/jwks') ?? 0
  it('are fetched once, and again for a statement that names another', async () => {
    const by = opened()
    const before = fetched()
    expect([await goes({}, by), await goes({}, by)]).toMatchObject([{ subject: 'person-1' }, { subject: 'person-1' }])
    expect(fetched() - before).toBe(1)
    await idp.rotate()
    expect(await goes({}, by)).toMatchObject({ subject: 'person-1' })
    expect(fetched() - before).toBe(2)
  })

  it('are not fetched for whatever anybody may send', async () => {
    const by = opened()
    expect(await by.signedOut(await idp.logoutToken())).toEqual({ subject: 'person-1', session: null })
    const before = fetched()
    for (let i = 0; i < 4; i++)
      expect(await faultOf(by.signedOut(await idp.logoutToken({ change: ({ header }) => (header.kid = `unknown-${i}`) })))).not.toBeNull()
    expect(fetched() - before).toBeLessThanOrEqual(1)
  })
})

describe('what a provider sends when somebody has signed out there', () => {
  it.each(logoutForgeries)('ends nothing when it proves nothing: $name', async ({ forgery }) => {
    expect((await faultOf(provider.signedOut(await idp.logoutToken(forgery))))?.[0]).toBe('failed')
  })

  it('costs no call when it is not even made out to us', async () => {
    const by = opened()
    const asked = () => idp.visits.get('/.well-known/openid-configuration') ?? 0
    const before = asked()
    for (const change of [{ iss: 'https://other.example' }, { events: undefined }, { events: [] }])
      expect(await faultOf(by.signedOut(await idp.logoutToken({ change: ({ payload }) => void Object.assign(payload, change) })))).toEqual([
        'failed',
        'no logout token',
      ])
    expect(asked()).toBe(before)
  })

  it.each<[Record<string, unknown>, object]>([
    [{}, { subject: 'person-1', session: null }],
    [{ sid: 's1' }, { subject: 'person-1', session: 's1' }],
    [
      { sub: undefined, sid: 's1' },
      { subject: null, session: 's1' },
    ],
    [{ sub: 'x'.repeat(255) }, { subject: 'x'.repeat(255), session: null }],
    [{ aud: [clientId] }, { subject: 'person-1', session: null }],
  ])('names a person, a sign-in, or both: %j', async (change, found) => {
    expect(await provider.signedOut(await idp.logoutToken({ change: ({ payload }) => void Object.assign(payload, change) }))).toEqual(found)
  })

  it.each<[Record<string, unknown>, string]>([
    [{ sub: 'x'.repeat(256) }, 'sub'],
    [{ sid: '' }, 'sid'],
    [{ sub: undefined }, 'nobody'],
    [{ nonce: 'n' }, 'a statement about who somebody is'],
    [{ aud: [clientId, 'another'] }, 'another client'],
  ])('says why it is not taken: %j', async (change, reason) => {
    expect(await faultOf(provider.signedOut(await idp.logoutToken({ change: ({ payload }) => void Object.assign(payload, change) })))).toEqual([
      'failed',
      reason,
    ])
  })

  it.each([
    [undefined, true],
    ['JWT', true],
    ['logout+jwt', true],
    ['application/logout+jwt', true],
    ['at+jwt', false],
    ['xlogout+jwt', false],
    ['logout+jwtx', false],
  ])('may call itself %j: %s', async (typ, taken) => {
    const said = idp.logoutToken({ change: ({ header }) => void Object.assign(header, { typ }) })
    expect((await faultOf(provider.signedOut(await said)))?.[1] ?? null).toBe(taken ? null : 'another kind of token')
  })

  it('is heard again later when its keys cannot be had', async () => {
    idp.forgery = { jwks: { status: 500 } }
    try {
      expect((await faultOf(opened().signedOut(await idp.logoutToken())))?.[0]).toBe('unavailable')
    } finally {
      idp.forgery = {}
    }
  })
})
