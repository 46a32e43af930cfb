/** Inviting people, and accepting: the link holds a secret of which the store has the digest; it works once, for a week. */
import { faultOf, type Membership } from '../access/may.ts'
import { newId, newSecret } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import type { Call } from '../routes/route.ts'
import { installation } from '../store/people.ts'
import { type AgencyStore, Conflict, type Deed } from '../store/store.ts'
import { sendInvitation } from './invitation-mail.ts'
import { startSession } from './session.ts'
import { accountOf, hashing, plainEmail, slowDown, titleOf } from './sign-in.ts'

const lifetime = 7 * 86_400_000

export interface Invitation {
  id: string
  /** To be shown once, to whoever invites. */
  link: string
  expiresAt: string
}

/** @throws Refused for memberships that are none, and when somebody of that address works there already */
export async function invite(
  agency: AgencyStore,
  { email, memberships }: { email: string; memberships: readonly Membership[] },
  { baseUrl, now, by }: { baseUrl: string; now: Date; by: Deed },
): Promise<Invitation> {
  const fault = faultOf(memberships, agency.id === installation)
  if (fault !== null) throw new Refused(400, 'shape', { errors: [{ pointer: fault, code: 'shape.invalid' }] })
  const [id, secret] = [newId(now), newSecret()]
  const expiresAt = new Date(now.getTime() + lifetime).toISOString()
  try {
    const invitation = { id, tokenHash: digestOf(secret), email: plainEmail(email), memberships, invitedBy: by.actor, createdAt: by.at, expiresAt }
    await agency.invite(invitation, by)
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(409, 'works-here')
    throw error
  }
  return { id, link: `${baseUrl}/builder/#invitation=${agency.id}.${secret}`, expiresAt }
}

export async function invitePerson(call: Call): Promise<Response> {
  const { agency, agencyTitle } = call.actor()
  const { email, memberships, language } = call.body<{ email: string; memberships: Membership[]; language?: string }>()
  const invitation = await invite(agency, { email, memberships }, { baseUrl: call.config.baseUrl, now: call.now, by: call.deed() })
  const mailed = await sendInvitation(call, { to: plainEmail(email), link: invitation.link, agency: agencyTitle, language: language ?? call.language })
  return call.c.json({ ...invitation, mailed }, 201)
}

export async function withdrawInvitation(call: Call): Promise<Response> {
  if (!(await call.actor().agency.withdrawInvitation(call.param('id'), call.deed()))) throw new Refused(404, 'not-found')
  return call.c.body(null, 204)
}

/** @throws Refused: the same for a link that never was, was used, was withdrawn or is too old */
async function invited(call: Call, token: string) {
  const [name, secret = ''] = token.split('.') as [string, string?]
  // As this invitation alone: whoever tries others must not keep anybody from theirs.
  await slowDown(call, digestOf(token))
  const id = secret && (await call.adapters.store.findAgency(name))
  const agency = id ? call.adapters.store.agency(id) : null
  const found = await agency?.invitation(digestOf(secret), call.now.toISOString())
  if (!agency || !found) throw new Refused(404, 'invitation')
  return { agency, found, secret, title: await titleOf(agency) }
}

export async function lookAtInvitation(call: Call): Promise<Response> {
  const { agency, found, title } = await invited(call, call.body<{ token: string }>().token)
  return call.c.json({ agency: { id: agency.id, name: title }, email: found.email, memberships: found.memberships, expiresAt: found.expiresAt })
}

export async function acceptInvitation(call: Call): Promise<Response> {
  const { adapters, now } = call
  const { token, name, password } = call.body<{ token: string; name: string; password: string }>()
  const { agency, secret, title } = await invited(call, token)
  const passwordHash = await hashing(adapters.passwords.hash(password))
  const user = await agency.acceptInvitation(digestOf(secret), { id: newId(now), name: name.trim(), passwordHash }, now.toISOString()).catch((error) => {
    if (error instanceof Conflict) throw new Refused(409, 'works-here')
    throw error
  })
  if (!user) throw new Refused(404, 'invitation')
  await startSession(call, agency, user, false)
  return call.c.json(accountOf(user, agency, title), 201)
}
