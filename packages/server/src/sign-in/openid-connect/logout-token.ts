/**
 * Logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6): the issuer says, signed, that somebody has signed out.
 * Everything that holds for its statements about who somebody is holds here too, and the two can never be taken for each other:
 * this one has the event, and no nonce.
 *
 * No list of tokens that came before is kept (it is optional, and a provider that got no answer sends the same again): taken a
 * second time, in the minutes that it counts, it ends what is ended, and at worst a sign-in that came meanwhile.
 */
import { decodeJwt, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type SignedOut, SignInError } from '../sign-in.ts'
import type { OpenIdSettings } from './settings.ts'

/** Clocks of two agencies may be so far apart, in seconds. */
export const tolerance = 30
/** A statement older than this, in seconds, was not made for what is going on now. */
export const oldest = 600

const event = 'http://schemas.openid.net/event/backchannel-logout'
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

/** By what it says of itself, which anybody can write: worth a look at the signature. */
export function mayBeLogout(token: string, { issuer }: Pick<OpenIdSettings, 'issuer'>): boolean {
  try {
    const { iss, events } = decodeJwt(token)
    return iss === issuer && isObject(events) && Object.hasOwn(events, event)
  } catch {
    return false
  }
}

/** @throws unless the issuer itself signed it, for us, just now, to say that somebody signed out */
export async function readLogoutToken(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, clientId, algorithms }: Pick<OpenIdSettings, 'issuer' | 'clientId' | 'algorithms'>,
  now: Date,
): Promise<SignedOut> {
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer,
    audience: clientId,
    algorithms: [...algorithms],
    currentDate: now,
    clockTolerance: tolerance,
    maxTokenAge: oldest,
    requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
  })
  const need = (holds: boolean, what: string) => {
    if (!holds) throw new SignInError('failed', what)
  }
  const { typ } = protectedHeader
  // A token of another kind says so; older providers say nothing, or that it is a JWT.
  need(typ === undefined || /^(?:application\/)?(?:logout\+jwt|jwt)$/i.test(typ), 'another kind of token')
  need(!Array.isArray(payload.aud) || payload.aud.length === 1, 'another client')
  need(!Object.hasOwn(payload, 'nonce'), 'a statement about who somebody is')
  const { events } = payload
  need(isObject(events) && Object.hasOwn(events, event) && isObject((events as Record<string, unknown>)[event]), 'another event')
  const name = (claim: 'sub' | 'sid') => {
    const value = payload[claim]
    if (value === undefined) return null
    need(typeof value === 'string' && value !== '' && value.length <= 255, claim)
    return value as string
  }
  const [subject, session] = [name('sub'), name('sid')]
  need(subject !== null || session !== null, 'nobody')
  return { subject, session }
}
