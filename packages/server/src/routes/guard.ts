/** Whether somebody who is signed in may use a route, and what of their agency they get there. */
import { limitedTo } from '../access/limited.ts'
import { reachOf } from '../access/may.ts'
import { Refused } from '../problem.ts'
import { proofLasts } from '../users/session.ts'
import type { Route, SignedIn } from './route.ts'

type UserRoute = Extract<Route, { access: 'user' }>

/** The one place where a route's permission is asked for. @throws Refused */
export async function allowed({ permission, fresh }: Pick<UserRoute, 'permission' | 'fresh'>, actor: SignedIn, now: Date): Promise<SignedIn> {
  const reach = reachOf(actor, permission)
  if (reach === null) throw new Refused(403, actor.session?.mustSecure ? 'second-factor-missing' : 'not-allowed')
  const unproved = now.getTime() - Date.parse(actor.session?.provedAt ?? '')
  if (fresh && !(unproved <= proofLasts)) throw new Refused(403, actor.session ? 'prove-again' : 'not-allowed')
  return { ...actor, agency: await limitedTo(actor.agency, reach) }
}
