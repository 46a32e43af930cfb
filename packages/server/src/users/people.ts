/** Who works in an agency, and as what. */
import { faultOf, type Membership } from '../access/may.ts'
import { Refused } from '../problem.ts'
import type { Call } from '../routes/route.ts'
import { installation, type UserChange } from '../store/people.ts'
import { Conflict, type UserRecord } from '../store/store.ts'

export async function listPeople(call: Call): Promise<Response> {
  const { agency } = call.actor()
  const [users, invitations] = await Promise.all([agency.users(), agency.invitations(call.now.toISOString())])
  return call.c.json({
    people: users
      .filter(({ state }) => state !== 'removed')
      .map(({ id, name, email, state, memberships, totpSecret }) => ({ id, name, email, state, memberships, secondFactor: totpSecret !== null })),
    invitations: invitations.map(({ id, email, memberships, expiresAt }) => ({ id, email, memberships, expiresAt })),
  })
}

async function change(call: Call, what: UserChange): Promise<Response> {
  try {
    if (!(await call.actor().agency.changeUser(call.param('id'), what, call.deed()))) throw new Refused(404, 'not-found')
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(409, 'last-owner')
    throw error
  }
  return call.c.body(null, 204)
}

/** What somebody is from now on. Their sessions end, so that nothing goes on under what they were. */
export async function changeMemberships(call: Call): Promise<Response> {
  const { memberships } = call.body<{ memberships: Membership[] }>()
  const fault = faultOf(memberships, call.actor().agency.id === installation)
  if (fault !== null) throw new Refused(400, 'shape', { errors: [{ pointer: fault, code: 'shape.invalid' }] })
  return change(call, { memberships })
}

export const changeState = (call: Call): Promise<Response> => change(call, { state: call.body<{ state: UserRecord['state'] }>().state })
