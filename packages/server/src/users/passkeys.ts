/**
 * Passkeys: a key pair on somebody's device, unlocked there with a finger, a face or a PIN, so that it is two factors in one.
 * The library that checks them is loaded with the first: most requests never need it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Adapters } from '../adapters.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import { randomBytes } from '../random.ts'
import { ownOrigins } from '../routes/client.ts'
import type { Call } from '../routes/route.ts'
import { type AgencyStore, Conflict, type UserRecord } from '../store/store.ts'
import { personOf, renewSession, startSession } from './session.ts'
import { accountOf, signInPlaces, slowDown, titleOf } from './sign-in.ts'

const library = () => import('@simplewebauthn/server')
const challengeLasts = 5 * 60_000
const most = 20

const macOf = ({ keys }: Pick<Adapters, 'keys'>, body: Uint8Array) =>
  createHmac('sha256', keys.pepper).update('passkey challenge').update(body).digest().subarray(0, 16)

/** Says by itself that it is ours and from when, so that no replica has to remember it. */
function newChallenge(adapters: Pick<Adapters, 'keys'>, now: Date): Uint8Array<ArrayBuffer> {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(now.getTime()))
  const body = Buffer.concat([randomBytes(16), time])
  return new Uint8Array(Buffer.concat([body, macOf(adapters, body)]))
}

/** Ours, of these minutes, and for the first time: all replicas count together how often one has come back. */
export async function takeChallenge(adapters: Pick<Adapters, 'keys' | 'rates'>, challenge: string, now: Date): Promise<boolean> {
  const bytes = Buffer.from(challenge, 'base64url')
  if (bytes.length !== 40 || !timingSafeEqual(macOf(adapters, bytes.subarray(0, 24)), bytes.subarray(24))) return false
  const age = now.getTime() - Number(bytes.readBigUInt64BE(16))
  if (age < -challengeLasts || age > challengeLasts) return false
  return (await adapters.rates.take(null, `challenge/${challenge}`, { size: 1, period: 4 * challengeLasts }, now.getTime())) === 0
}

/** The page's own origin, which is one of ours (routes/install.ts has looked), and the name that passkeys are bound to. */
function placeOf({ c, config }: Call) {
  const own = ownOrigins(config)
  const origin = c.req.header('origin') ?? ''
  const at = own.has(origin) ? origin : new URL(config.baseUrl).origin
  return { origin: at, rpID: new URL(at).hostname }
}

const given = <T extends { id: string }>(call: Call) => call.body<{ response: T; name?: string }>()

/** @throws Refused if it is not what was asked for, or cannot be understood */
async function checked<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch {
    // The library says in English what was wrong with it; who signs in can only try again.
    throw new Refused(403, 'passkey')
  }
}

export async function offerPasskey(call: Call): Promise<Response> {
  const { user, agency, agencyTitle } = personOf(call)
  const { generateRegistrationOptions } = await library()
  const options = await generateRegistrationOptions({
    rpName: agencyTitle,
    rpID: placeOf(call).rpID,
    userName: user.email,
    userDisplayName: user.name,
    userID: new Uint8Array(Buffer.from(user.id)),
    challenge: newChallenge(call.adapters, call.now),
    attestationType: 'none',
    excludeCredentials: (await agency.passkeys(user.id)).map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  return call.c.json(options)
}

export async function addPasskey(call: Call): Promise<Response> {
  const { user, agency } = personOf(call)
  const { response, name } = given<RegistrationResponseJSON>(call)
  if ((await agency.passkeys(user.id)).length >= most) throw new Refused(409, 'quota')
  const { verifyRegistrationResponse } = await library()
  const { origin, rpID } = placeOf(call)
  const expectedChallenge = (challenge: string) => takeChallenge(call.adapters, challenge, call.now)
  const { verified, registrationInfo } = await checked(
    verifyRegistrationResponse({ response, expectedChallenge, expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true }),
  )
  if (!verified || !registrationInfo) throw new Refused(403, 'passkey')
  const { id, publicKey, counter } = registrationInfo.credential
  const { actor, at } = call.deed()
  try {
    await agency.addPasskey({ id, userId: user.id, name: name?.trim() || '', publicKey, counter, createdAt: at, usedOn: null }, { actor, at })
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(409, 'passkey')
    throw error
  }
  // The device has just been unlocked by its owner, which is more than a password.
  await renewSession(call, true)
  return call.c.json({ id }, 201)
}

export async function listPasskeys(call: Call): Promise<Response> {
  const { user, agency } = personOf(call)
  const passkeys = (await agency.passkeys(user.id)).map(({ id, name, createdAt, usedOn }) => ({ id, name, createdAt, usedOn }))
  return call.c.json({ passkeys })
}

export async function removePasskey(call: Call): Promise<Response> {
  const { user, agency } = personOf(call)
  if (!(await agency.removePasskey(user.id, call.param('id'), call.deed()))) throw new Refused(404, 'not-found')
  return call.c.body(null, 204)
}

/** The same for everybody: which passkeys there are, the device knows. */
export async function challengePasskey(call: Call): Promise<Response> {
  const { generateAuthenticationOptions } = await library()
  const options = await generateAuthenticationOptions({
    rpID: placeOf(call).rpID,
    challenge: newChallenge(call.adapters, call.now),
    userVerification: 'required',
  })
  return call.c.json(options)
}

/** Whose passkey has signed our challenge. @throws Refused */
async function whoSigned(call: Call, places: readonly AgencyStore[]): Promise<{ agency: AgencyStore; user: UserRecord }> {
  const { response } = given<AuthenticationResponseJSON>(call)
  await slowDown(call, digestOf(response.id))
  const found = await Promise.all(places.map(async (agency) => ({ agency, passkey: await agency.passkey(response.id) })))
  for (const { agency, passkey } of found) {
    const user = passkey && (await agency.user(passkey.userId))
    if (!passkey || user?.state !== 'active') continue
    const { verifyAuthenticationResponse } = await library()
    const { origin, rpID } = placeOf(call)
    const { verified, authenticationInfo } = await checked(
      verifyAuthenticationResponse({
        response,
        expectedChallenge: (challenge) => takeChallenge(call.adapters, challenge, call.now),
        expectedOrigin: origin,
        expectedRPID: rpID,
        credential: { id: passkey.id, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.counter },
        requireUserVerification: true,
      }),
    )
    const day = call.now.toISOString().slice(0, 10)
    if (verified && (await agency.usePasskey(passkey.id, authenticationInfo.newCounter, day))) return { agency, user }
  }
  throw new Refused(403, 'passkey')
}

export async function signInWithPasskey(call: Call): Promise<Response> {
  const { agency, user } = await whoSigned(call, await signInPlaces(call.adapters, undefined))
  await startSession(call, agency, user, true)
  return call.c.json(accountOf(user, agency, await titleOf(agency)))
}

/** Proves again who one is, as a password would. */
export async function proveWithPasskey(call: Call): Promise<Response> {
  const mine = personOf(call)
  const { user } = await whoSigned(call, [mine.agency])
  if (user.id !== mine.user.id) throw new Refused(403, 'passkey')
  await renewSession(call, true)
  return call.c.body(null, 204)
}
