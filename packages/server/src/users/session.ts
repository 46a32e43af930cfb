/**
 * Who is signed in. The cookie names an agency and a secret; the session itself, and what its user may do, are rows that are
 * read with every request: whoever is suspended, changed or signed out is refused with the next one, on every replica.
 */
import { getCookie, setCookie } from 'hono/cookie'
import { type Grant, grantsOf } from '../access/may.ts'
import type { Adapters } from '../adapters.ts'
import { newSecret } from '../codes.ts'
import type { Config } from '../config.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import type { AppContext, Call, SignedIn } from '../routes/route.ts'
import { installation } from '../store/people.ts'
import type { AgencyStore, NewUser } from '../store/store.ts'
import { labelOf } from './label.ts'

/** However busy it is. */
const lifetime = 12 * 3600_000
/** Without a request. */
const idle = 60 * 60_000
/** Replicas' clocks may differ by so much. */
const skew = 5 * 60_000
/** A session is noted as used again after this. */
const noteEvery = 60_000
/** For how long a proof of who somebody is counts for what is dangerous. */
export const proofLasts = 10 * 60_000

const isSecure = ({ baseUrl }: Config) => baseUrl.startsWith('https:')
/** `__Host-` binds the cookie to this very host, but browsers take it over https alone. */
const cookieName = (config: Config) => (isSecure(config) ? '__Host-guichet' : 'guichet')
const writeCookie = (c: AppContext, config: Config, value: string, maxAge: number) =>
  setCookie(c, cookieName(config), value, { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(config), maxAge })

/** Nothing but one's own account, where a second factor can be added. */
const toSecure: readonly Grant[] = [{ role: null, permissions: ['self'], services: null, units: null }]

/** @throws Refused when nobody is signed in */
export async function currentActor(c: AppContext, adapters: Adapters, config: Config, now: Date): Promise<SignedIn> {
  const [agencyName, secret = ''] = (getCookie(c, cookieName(config)) ?? '').split('.') as [string, string?]
  const agencyId = secret && (await adapters.store.findAgency(agencyName))
  if (!agencyId) throw new Refused(401, 'signed-out')
  const agency = adapters.store.agency(agencyId)
  const tokenHash = digestOf(secret)
  const session = await agency.session(tokenHash, now.toISOString())
  // Opened later than now: the clock was set back, and nobody knows for how long it has been open.
  if (!session || Date.parse(session.createdAt) > now.getTime() + skew) throw new Refused(401, 'signed-out')
  const unseen = now.getTime() - Date.parse(session.seenAt)
  // A moment that is none counts as long ago.
  if (!(unseen <= idle)) throw new Refused(401, 'signed-out')
  if (unseen > noteEvery) await agency.touchSession(tokenHash, now.toISOString())
  const { user, agencyTitle, settings, strong, provedAt } = session
  const mustSecure = strong === 0 && asksForSecondFactor(agencyId, settings)
  return {
    name: `user:${user.id}`,
    grants: mustSecure ? toSecure : grantsOf(user.memberships),
    agency,
    agencyTitle,
    user,
    session: { tokenHash, provedAt, strong: strong > 0, mustSecure },
  }
}

/** Operators can make agencies and owners: a password alone never is enough for that. */
export const asksForSecondFactor = (agency: string, { requireSecondFactor }: { requireSecondFactor?: boolean }) =>
  agency === installation || requireSecondFactor === true

/** The same of an agency as it is set at this moment. */
export const needsSecondFactor = async (agency: Pick<AgencyStore, 'id' | 'profile'>) => asksForSecondFactor(agency.id, (await agency.profile())?.settings ?? {})

/** Somebody has proved who they are: opens a session under a secret of its own. */
export async function startSession({ c, adapters, config, now }: Call, agency: AgencyStore, user: NewUser, strong: boolean): Promise<void> {
  const secret = newSecret()
  const at = now.toISOString()
  const expiresAt = new Date(now.getTime() + lifetime).toISOString()
  const label = labelOf(c.req.header('user-agent'))
  await agency.openSession(
    { tokenHash: digestOf(secret), user: user.id, createdAt: at, expiresAt, seenAt: at, provedAt: at, strong: strong ? 1 : 0, label },
    { actor: `user:${user.id}`, at },
  )
  adapters.statistics.tally.met(agency.id, 'staff', user.id, now)
  writeCookie(c, config, `${agency.id}.${secret}`, lifetime / 1000)
}

/** The person behind the request. @throws Refused to a program with a key */
export function personOf(call: Call) {
  const { user, session, agency, agencyTitle } = call.actor()
  if (!user || !session) throw new Refused(403, 'not-allowed')
  return { user, session, agency, agencyTitle }
}

/** Somebody has proved again who they are, or changed how they do: the session goes on under another secret. */
export async function renewSession(call: Call, strong: boolean): Promise<void> {
  const { session, agency } = personOf(call)
  const secret = newSecret()
  const renewed = { tokenHash: digestOf(secret), provedAt: call.now.toISOString(), strong: strong || session.strong ? 1 : 0 }
  if (!(await agency.renewSession(session.tokenHash, renewed))) throw new Refused(401, 'signed-out')
  writeCookie(call.c, call.config, `${agency.id}.${secret}`, lifetime / 1000)
}

export const forgetCookie = ({ c, config }: Call) => writeCookie(c, config, '', 0)
