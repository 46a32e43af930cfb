/**
 * ID tokens (OpenID Connect Core 1.0, 3.1.3.7): the issuer says, signed, who somebody is, to us, for this attempt, just now, and
 * how sure it is of that.
 */
import { timingSafeEqual } from 'node:crypto'
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { digestOf } from '../../digest.ts'
import { type Attempt, atLeast, type Claim, type Level, type SignedIn, SignInError } from '../sign-in.ts'
import { oldest, tolerance } from './logout-token.ts'
import type { OpenIdSettings } from './settings.ts'

type Asked = Pick<OpenIdSettings, 'id' | 'issuer' | 'clientId' | 'algorithms' | 'levels' | 'assumedLevel' | 'claims'>

/** @throws unless the issuer itself signed it, for us, for this attempt, just now, and is sure enough who it is */
export async function readIdToken(
  token: string,
  keys: JWTVerifyGetKey,
  settings: Asked,
  { nonce, least }: Pick<Attempt, 'nonce' | 'least'>,
  now: Date,
): Promise<SignedIn> {
  const { issuer, clientId, algorithms } = settings
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: clientId,
    algorithms: [...algorithms],
    currentDate: now,
    clockTolerance: tolerance,
    maxTokenAge: oldest,
    requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'nonce'],
  })
  // A statement for several clients names the one that asked for it, and one that names another is another's.
  if ((Array.isArray(payload.aud) && payload.aud.length !== 1) || (payload.azp !== undefined && payload.azp !== clientId))
    throw new SignInError('failed', 'another client')
  if (typeof payload.nonce !== 'string' || !same(payload.nonce, nonce)) throw new SignInError('failed', 'another attempt')
  return personOf(payload, token, least, settings)
}

const same = (a: string, b: string) => timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)))

/** @throws SignInError when it is not sure enough who it is */
function personOf(payload: JWTPayload, token: string, least: Level, { id, levels, assumedLevel, claims }: Asked): SignedIn {
  const { acr, sub, sid } = payload
  const level: Level | null = typeof acr === 'string' ? (Object.hasOwn(levels, acr) ? (levels[acr] as Level) : null) : assumedLevel
  if (level === null || !atLeast(level, least)) throw new SignInError('level', 'acr')
  if (!sub || sub.length > 255) throw new SignInError('failed', 'no subject')
  const session = typeof sid === 'string' && sid !== '' && sid.length <= 255 ? { session: sid } : {}
  return { provider: id, subject: sub, ...session, level, claims: claimsOf(payload, claims), evidence: digestOf(token) }
}

/** Addresses that the provider has not checked itself are what the person once typed there: nobody vouches for them. */
const needs: Readonly<Record<string, string>> = { email: 'email_verified', phone_number: 'phone_number_verified' }

function claimsOf(payload: JWTPayload, wanted: readonly string[]): Record<string, Claim> {
  const found: Record<string, Claim> = {}
  for (const name of wanted) {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined
    const proof = needs[name]
    if (proof !== undefined && payload[proof] !== true) continue
    if (
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value)) ||
      (typeof value === 'string' && value !== '' && value.length <= 300)
    )
      found[name] = value
  }
  return found
}
