/** The second factor of a password: codes of an authenticator, or one of the recovery codes. Each of them works once. */
import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Adapters } from '../adapters.ts'
import { groupCode, newTrackingCode, readCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { openBytes, sealBytes } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import type { Call } from '../routes/route.ts'
import type { AgencyStore, UserRecord } from '../store/store.ts'
import { needsSecondFactor, personOf, renewSession } from './session.ts'
import { base32, otpauth, stepOfCode } from './totp.ts'

type Secrets = Pick<Adapters, 'keys'>
const recoveryCodes = 8

/** Not a month's key: those are destroyed with what they sealed, and people go on signing in. */
const sealingKey = ({ keys }: Secrets): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', keys.pepper, Buffer.alloc(0), 'guichet second factor', 32)))
const about = (agency: string, user: string) => `second factor|${agency}|${user}`
const open = (adapters: Secrets, agency: string, user: string, sealed: Uint8Array) => openBytes(sealingKey(adapters), about(agency, user), sealed)
/** As long as a tracking code, and made and read alike. */
const codeHash = (agency: string, user: string, code: string) => digestOf(`recovery|${agency}|${user}|${code}`)

/** Whether the code is one of the user's, which uses it up. */
export async function takeCode(adapters: Secrets, agency: AgencyStore, user: UserRecord, code: string, now: Date): Promise<boolean> {
  const typed = code.replace(/[\s-]/g, '')
  if (user.totpSecret && /^\d{6}$/.test(typed)) {
    const step = stepOfCode(open(adapters, agency.id, user.id, user.totpSecret), typed, now)
    return step !== null && (await agency.takeTotpStep(user.id, step))
  }
  const recovery = readCode(typed)
  return recovery !== null && agency.takeRecoveryCode(user.id, codeHash(agency.id, user.id, recovery), { actor: `user:${user.id}`, at: now.toISOString() })
}

function newRecoveryCodes(agency: string, user: string) {
  const codes = Array.from({ length: recoveryCodes }, newTrackingCode)
  return { shown: codes.map(groupCode), hashes: codes.map((code) => codeHash(agency, user, code)) }
}

/** A secret for an authenticator. It holds once a code of it was shown: until then only the page has it, sealed for this user. */
export function offerTotp(call: Call): Response {
  const { user, agency, agencyTitle } = personOf(call)
  const secret = randomBytes(20)
  const sealed = sealBytes(sealingKey(call.adapters), about(agency.id, user.id), secret).toString('base64url')
  return call.c.json({ secret: base32(secret), uri: otpauth(secret, agencyTitle, user.email), sealed })
}

/** Turns it on, and gives the recovery codes, this once. */
export async function confirmTotp(call: Call): Promise<Response> {
  const { user, agency, session } = personOf(call)
  const { sealed, code } = call.body<{ sealed: string; code: string }>()
  const blob = Buffer.from(sealed, 'base64url')
  let secret: Uint8Array
  try {
    secret = open(call.adapters, agency.id, user.id, blob)
  } catch {
    throw new Refused(400, 'shape', { errors: [{ pointer: '/sealed', code: 'shape.invalid' }] })
  }
  const step = stepOfCode(secret, code.replace(/\s/g, ''), call.now)
  if (step === null) throw new Refused(422, 'second-factor-wrong')
  const { shown, hashes } = newRecoveryCodes(agency.id, user.id)
  await agency.secureUser(user.id, { what: 'second-factor-on', totpSecret: blob, recoveryCodes: hashes }, session.tokenHash, call.deed())
  await agency.takeTotpStep(user.id, step)
  await renewSession(call, true)
  return call.c.json({ recoveryCodes: shown })
}

export async function renewRecoveryCodes(call: Call): Promise<Response> {
  const { user, agency, session } = personOf(call)
  if (!user.totpSecret) throw new Refused(404, 'not-found')
  const { shown, hashes } = newRecoveryCodes(agency.id, user.id)
  await agency.secureUser(user.id, { what: 'recovery-codes', recoveryCodes: hashes }, session.tokenHash, call.deed())
  return call.c.json({ recoveryCodes: shown })
}

/** @throws Refused where the agency asks for one */
export async function removeTotp(call: Call): Promise<Response> {
  const { user, agency, session } = personOf(call)
  if (await needsSecondFactor(agency)) throw new Refused(403, 'second-factor-missing')
  await agency.secureUser(user.id, { what: 'second-factor-off', totpSecret: null, recoveryCodes: [] }, session.tokenHash, call.deed())
  return call.c.body(null, 204)
}
