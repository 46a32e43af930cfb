/** One's own account: another password, proving again who one is, and one's open sessions. */
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import type { Call } from '../routes/route.ts'
import { takeCode } from './second-factor.ts'
import { forgetCookie, personOf, renewSession } from './session.ts'
import { hashing, slowDown } from './sign-in.ts'

async function checkPassword(call: Call, password: string, code: string | undefined): Promise<boolean> {
  const { user, agency } = personOf(call)
  await slowDown(call, user.email)
  if (!(await hashing(call.adapters.passwords.check(password, user.passwordHash)))) throw new Refused(403, 'sign-in')
  if (!user.totpSecret) return false
  if (code === undefined) throw new Refused(403, 'second-factor')
  if (!(await takeCode(call.adapters, agency, user, code, call.now))) throw new Refused(403, 'second-factor-wrong')
  return true
}

/** The session goes on under another secret, and what is dangerous is allowed for ten minutes. */
export async function proveAgain(call: Call): Promise<Response> {
  const { password, code } = call.body<{ password: string; code?: string }>()
  await renewSession(call, await checkPassword(call, password, code))
  return call.c.body(null, 204)
}

/** All other sessions end. */
export async function changePassword(call: Call): Promise<Response> {
  const { user, agency, session } = personOf(call)
  const { password } = call.body<{ password: string }>()
  const passwordHash = await hashing(call.adapters.passwords.hash(password))
  await agency.secureUser(user.id, { what: 'password', passwordHash }, session.tokenHash, call.deed())
  await renewSession(call, session.strong)
  return call.c.body(null, 204)
}

/** A name for a session that is not its secret's digest, by which it would be found. */
const nameOf = (tokenHash: string) => digestOf(`session|${tokenHash}`).slice(-22)

export async function listSessions(call: Call): Promise<Response> {
  const { user, agency, session } = personOf(call)
  const sessions = (await agency.sessionsOf(user.id, call.now.toISOString())).map(({ tokenHash, createdAt, seenAt, label }) => ({
    id: nameOf(tokenHash),
    createdAt,
    seenAt,
    label,
    current: tokenHash === session.tokenHash,
  }))
  return call.c.json({ sessions })
}

export async function endSession(call: Call): Promise<Response> {
  const { user, agency, session } = personOf(call)
  const found = (await agency.sessionsOf(user.id, call.now.toISOString())).find(({ tokenHash }) => nameOf(tokenHash) === call.param('id'))
  if (!found || !(await agency.endSession(user.id, found.tokenHash, call.deed()))) throw new Refused(404, 'not-found')
  if (found.tokenHash === session.tokenHash) forgetCookie(call)
  return call.c.body(null, 204)
}
