/** What is believed of a signed statement, by itself. With a provider around it: statements.test.ts, forged.test.ts. */
import { type CryptoKey, generateKeyPair, type JWTVerifyGetKey, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../digest.ts'
import { SignInError } from '../sign-in.ts'
import { readIdToken } from './id-token.ts'
import { mayBeLogout, readLogoutToken } from './logout-token.ts'
import { readSettings } from './settings.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const seconds = now.getTime() / 1000
const issuer = 'https://id.example'
const settings = (more: object = {}) =>
  readSettings({
    ...{ id: 'national', kind: 'openid-connect', title: { en: 'National' }, issuer, clientId: 'us' },
    ...{ levels: { low: 'low', substantial: 'substantial', high: 'high' }, ...more },
  })

let secret: CryptoKey
let keys: JWTVerifyGetKey
let strangers: CryptoKey
beforeAll(async () => {
  const pair = await generateKeyPair('RS256')
  secret = pair.privateKey
  keys = async () => pair.publicKey
  strangers = (await generateKeyPair('RS256')).privateKey
})

const payload = {
  ...{ iss: issuer, aud: 'us' as unknown, sub: 'person-1', nonce: 'n1', iat: seconds, exp: seconds + 300, acr: 'substantial' },
}
type Change = Record<string, unknown>
const sign = (content: object, key = secret, header: object = { alg: 'RS256' }) => new SignJWT(content as never).setProtectedHeader(header as never).sign(key)
const read = async (change: Change = {}, { given = settings(), nonce = 'n1', least = 'substantial' as const, key = secret } = {}) =>
  readIdToken(await sign({ ...payload, ...change }, key), keys, given, { nonce, least }, now)
/** Which of four things it is said to be, and why; the code of what is not even a statement. */
const faultOf = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => (error instanceof SignInError ? `${error.fault}: ${error.reason}` : (error as { code: string }).code),
  )

describe('a statement about who somebody is', () => {
  it('names the person, and what it was', async () => {
    const token = await sign(payload)
    expect(await readIdToken(token, keys, settings(), { nonce: 'n1', least: 'low' }, now)).toEqual({
      ...{ provider: 'national', subject: 'person-1', level: 'substantial', claims: {}, evidence: digestOf(token) },
    })
  })

  it.each<[string, Change, string | null]>([
    ['another issuer', { iss: 'https://other.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['another client', { aud: 'them' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['us in a list', { aud: ['us'] }, null],
    ['us among others', { aud: ['us', 'them'] }, 'failed: another client'],
    ['nobody in a list', { aud: [] }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['us, asked for by us', { azp: 'us' }, null],
    ['us, asked for by others', { azp: 'them' }, 'failed: another client'],
    ['us, asked for by nobody', { azp: '' }, 'failed: another client'],
    ['another attempt', { nonce: 'n2' }, 'failed: another attempt'],
    ['a longer word of the attempt', { nonce: 'n11' }, 'failed: another attempt'],
    ['the attempt in a list', { nonce: ['n1'] }, 'failed: another attempt'],
    ['an attempt that is no text', { nonce: ['n1', 'n1'] }, 'failed: another attempt'],
    ['no attempt', { nonce: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no issuer', { iss: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no client', { aud: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no person', { sub: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no end', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no time of making', { iat: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an end just now', { exp: seconds - 29 }, null],
    ['an end before', { exp: seconds - 30 }, 'ERR_JWT_EXPIRED'],
    ['ten minutes', { iat: seconds - 630 }, null],
    ['more than that', { iat: seconds - 631 }, 'ERR_JWT_EXPIRED'],
    ['a moment to come, as clocks differ', { iat: seconds + 30 }, null],
    ['a moment to come', { iat: seconds + 31 }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an empty name', { sub: '' }, 'failed: no subject'],
    ['the longest name', { sub: 'x'.repeat(255) }, null],
    ['a longer name', { sub: 'x'.repeat(256) }, 'failed: no subject'],
  ])('of %s', async (_, change, fault) => {
    expect(await faultOf(read(change))).toBe(fault)
  })

  it('is signed by the issuer, in a way that the agency takes', async () => {
    expect(await faultOf(read({}, { key: strangers }))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
    expect(await faultOf(read({}, { given: settings({ algorithms: ['ES256'] }) }))).toBe('ERR_JOSE_ALG_NOT_ALLOWED')
    expect(await faultOf(read({}, { given: settings({ algorithms: ['ES256', 'RS256'] }) }))).toBeNull()
  })

  it.each<[unknown, object, string | null]>([
    ['low', {}, null],
    ['substantial', {}, 'substantial'],
    ['high', {}, 'high'],
    ['unknown', {}, null],
    ['constructor', {}, null],
    [['high'], {}, null],
    [undefined, {}, null],
    [undefined, { assumedLevel: 'low' }, null],
    [undefined, { assumedLevel: 'high' }, 'high'],
    [['high'], { assumedLevel: 'substantial' }, 'substantial'],
    ['unknown', { assumedLevel: 'high' }, null],
    ['low', { assumedLevel: 'high' }, null],
  ])('of the level %j, with %j, is of %j', async (acr, more, level) => {
    const said = read({ acr }, { given: settings(more) })
    if (level === null) expect(await faultOf(said)).toBe('level: acr')
    else expect((await said).level).toBe(level)
  })

  it.each<[unknown, string | undefined]>([
    ['s1', 's1'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['x'.repeat(256), undefined],
    ['', undefined],
    [3, undefined],
    [undefined, undefined],
  ])('names the sign-in %j as %j', async (sid, session) => {
    const said = await read({ sid })
    expect([said.session, 'session' in said]).toEqual([session, session !== undefined])
  })

  it('is believed as to what is asked for, is plain, and was checked by the provider itself', async () => {
    const wanted = ['name', 'age', 'adult', 'never', 'email', 'phone_number', 'address', 'roles', 'empty', 'longest', 'longer', 'constructor', 'gone']
    const claims = {
      ...{ name: 'Ana', age: 40, adult: false, never: null, email: 'a@example.org', phone_number: '+30 1', address: { street: 'x' }, roles: ['a'] },
      ...{ empty: '', longest: 'x'.repeat(300), longer: 'x'.repeat(301), other: 'not asked for' },
    }
    const given = settings({ claims: wanted })
    const plain = { name: 'Ana', age: 40, adult: false, longest: 'x'.repeat(300) }
    expect((await read(claims, { given })).claims).toEqual(plain)
    for (const proof of ['true', 1, false, null])
      expect((await read({ ...claims, email_verified: proof, phone_number_verified: proof }, { given })).claims).toEqual(plain)
    expect((await read({ ...claims, email_verified: true }, { given })).claims).toEqual({ ...plain, email: 'a@example.org' })
    expect((await read({ ...claims, phone_number_verified: true }, { given })).claims).toEqual({ ...plain, phone_number: '+30 1' })
  })
})

const event = 'http://schemas.openid.net/event/backchannel-logout'
const logout = { iss: issuer, aud: 'us' as unknown, sub: 'person-1', iat: seconds, exp: seconds + 120, jti: 'j1', events: { [event]: {} } as unknown }
const signedOut = async (change: Change = {}, header: object = { alg: 'RS256' }) =>
  readLogoutToken(await sign({ ...logout, ...change }, secret, header), keys, settings(), now)

describe('a statement that somebody has signed out', () => {
  it.each<[Change, object]>([
    [{}, { subject: 'person-1', session: null }],
    [{ sid: 's1' }, { subject: 'person-1', session: 's1' }],
    [
      { sub: undefined, sid: 'x'.repeat(255) },
      { subject: null, session: 'x'.repeat(255) },
    ],
    [{ aud: ['us'] }, { subject: 'person-1', session: null }],
    [{ events: { [event]: { a: 1 }, other: {} } }, { subject: 'person-1', session: null }],
  ])('names a person, a sign-in, or both: %j', async (change, found) => {
    expect(await signedOut(change)).toEqual(found)
  })

  it.each<[string, Change, string]>([
    ['another client too', { aud: ['us', 'them'] }, 'failed: another client'],
    ['another client', { aud: 'them' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an attempt to sign in', { nonce: 'n1' }, 'failed: a statement about who somebody is'],
    ['no attempt, said', { nonce: null }, 'failed: a statement about who somebody is'],
    ['another event', { events: { other: {} } }, 'failed: another event'],
    ['the event as a word', { events: { [event]: 'x' } }, 'failed: another event'],
    ['the event as nothing', { events: { [event]: null } }, 'failed: another event'],
    ['events in a list', { events: [event] }, 'failed: another event'],
    ['events in a word', { events: event }, 'failed: another event'],
    ['an event of the prototype', { events: Object.create({ [event]: {} }) }, 'failed: another event'],
    ['nobody', { sub: undefined }, 'failed: nobody'],
    ['an empty name', { sub: '' }, 'failed: sub'],
    ['a name that is too long', { sid: 'x'.repeat(256) }, 'failed: sid'],
    ['a name that is none', { sid: 3 }, 'failed: sid'],
    ['no id of its own', { jti: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no events', { events: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no end', { exp: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['no time of making', { iat: undefined }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['an end before', { exp: seconds - 30 }, 'ERR_JWT_EXPIRED'],
    ['more than ten minutes', { iat: seconds - 631 }, 'ERR_JWT_EXPIRED'],
    ['another issuer', { iss: 'https://other.example' }, 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
  ])('of %s is none', async (_, change, fault) => {
    expect(await faultOf(signedOut(change))).toBe(fault)
  })

  it.each([
    [undefined, true],
    ['JWT', true],
    ['application/jwt', true],
    ['logout+jwt', true],
    ['application/logout+jwt', true],
    ['at+jwt', false],
    ['xlogout+jwt', false],
    ['logout+jwtx', false],
  ])('may call itself %j: %s', async (typ, taken) => {
    expect(await faultOf(signedOut({}, { alg: 'RS256', ...(typ === undefined ? {} : { typ }) }))).toBe(taken ? null : 'failed: another kind of token')
  })

  it('is signed in a way that the agency takes', async () => {
    const token = await sign(logout)
    expect(await faultOf(readLogoutToken(token, keys, settings({ algorithms: ['ES256'] }), now))).toBe('ERR_JOSE_ALG_NOT_ALLOWED')
    expect(await faultOf(readLogoutToken(await sign(logout, strangers), keys, settings(), now))).toBe('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
  })

  it('is worth a look at its signature where it says that it is one of the issuer’s', async () => {
    const may = async (change: Change) => mayBeLogout(await sign({ ...logout, ...change }), settings())
    expect(await may({})).toBe(true)
    for (const change of [
      { iss: 'https://other.example' },
      { events: undefined },
      { events: [event] },
      { events: { other: {} } },
      { events: event },
      { events: null },
    ])
      expect([change, await may(change)]).toEqual([change, false])
    expect(mayBeLogout('no token', settings())).toBe(false)
  })
})
