/** Who is signed in. The cookie names an agency and a secret; the session itself is a row that is looked up each time. */
import { getCookie, setCookie } from 'hono/cookie'
import { grantsOf } from '../access/may.ts'
import type { Adapters } from '../adapters.ts'
import { newId, newSecret } from '../codes.ts'
import type { Config } from '../config.ts'
import { digestOf } from '../digest.ts'
import { limited, type Rates } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import { clientAddress } from '../routes/client.ts'
import type { AppContext, Call, SignedIn } from '../routes/route.ts'
import type { AgencyStore, NewUser } from '../store/store.ts'
import { TooBusy } from './password.ts'

const lifetime = 12 * 3600_000
/** Replicas' clocks may differ by so much. */
const skew = 5 * 60_000

/** Tries to sign in, by address and by account; a guess costs half a second of our time as well. */
export interface SignInTries {
  take(client: string, account: string, now: number): Promise<number>
}

export function signInTries(rates: Rates): SignInTries {
  const byAddress = limited(rates, 'sign-in from', { size: 20, period: 15 * 60_000 })
  const byAccount = limited(rates, 'sign-in as', { size: 10, period: 15 * 60_000 })
  return { take: async (client, account, now) => Math.max(...(await Promise.all([byAddress.take(client, now), byAccount.take(account, now)]))) }
}

const isSecure = ({ baseUrl }: Config) => baseUrl.startsWith('https:')
/** `__Host-` binds the cookie to this very host, but browsers take it over https alone. */
const cookieName = (config: Config) => (isSecure(config) ? '__Host-guichet' : 'guichet')

/** @throws Refused when nobody is signed in */
export async function currentActor(c: AppContext, adapters: Adapters, config: Config, now: Date): Promise<SignedIn> {
  const [agencyName = '', secret = ''] = (getCookie(c, cookieName(config)) ?? '').split('.')
  const agencyId = secret && (await adapters.store.findAgency(agencyName))
  if (!agencyId) throw new Refused(401, 'signed-out')
  const agency = adapters.store.agency(agencyId)
  const tokenHash = digestOf(secret)
  const session = await agency.session(tokenHash, now.toISOString())
  // Opened later than now: the clock was set back, and nobody knows for how long it has been open.
  if (!session || Date.parse(session.createdAt) > now.getTime() + skew) throw new Refused(401, 'signed-out')
  return { ...session, name: `user:${session.user.id}`, grants: grantsOf(session.user.memberships), agency, tokenHash }
}

async function startSession({ c, adapters, config, now }: Call, agency: AgencyStore, user: NewUser) {
  const secret = newSecret()
  const at = now.toISOString()
  await agency.openSession(
    { tokenHash: digestOf(secret), user: user.id, createdAt: at, expiresAt: new Date(now.getTime() + lifetime).toISOString() },
    { actor: `user:${user.id}`, at },
  )
  adapters.statistics.tally.met(agency.id, 'staff', user.id, now)
  setCookie(c, cookieName(config), `${agency.id}.${secret}`, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(config),
    maxAge: lifetime / 1000,
  })
}

const account = (user: NewUser, agencyId: string, agencyTitle: string) => ({
  user: { id: user.id, name: user.name, email: user.email },
  agency: { id: agencyId, name: agencyTitle },
})
const plainEmail = (email: string) => email.trim().toLowerCase()

const slowDown = async ({ c, adapters, config, now }: Call, email: string) => {
  const wait = await adapters.tries.take(clientAddress(c, config) ?? '', email, now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
}
const hashing = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof TooBusy) throw new Refused(503, 'rate', { headers: { 'Retry-After': '5' } })
    throw error
  }
}

/** Makes the first user of an agency with the one-time token. */
export async function setUp(call: Call): Promise<Response> {
  const { adapters, now } = call
  const { token, email, name, password } = call.body<{ token: string; email: string; name: string; password: string }>()
  await slowDown(call, 'set-up')
  const user: NewUser = { id: newId(now), email: plainEmail(email), name: name.trim(), passwordHash: await hashing(adapters.passwords.hash(password)) }
  for (const { id, title } of await adapters.store.agencies()) {
    const agency = adapters.store.agency(id)
    if (await agency.createFirstUser(user, digestOf(token), now.toISOString())) {
      await startSession(call, agency, user)
      return call.c.json(account(user, id, title), 201)
    }
  }
  throw new Refused(403, 'setup')
}

export async function signIn(call: Call): Promise<Response> {
  const { adapters } = call
  const { email, password } = call.body<{ email: string; password: string }>()
  const wanted = plainEmail(email)
  await slowDown(call, wanted)
  for (const { id, title } of await adapters.store.agencies()) {
    const agency = adapters.store.agency(id)
    const user = await agency.userByEmail(wanted)
    if (user?.state !== 'active') continue
    if (!(await hashing(adapters.passwords.check(password, user.passwordHash)))) throw new Refused(401, 'sign-in')
    await startSession(call, agency, user)
    return call.c.json(account(user, id, title))
  }
  await hashing(adapters.passwords.check(password, null))
  throw new Refused(401, 'sign-in')
}

export function whoAmI(call: Call): Response {
  const { user, agency, agencyTitle } = call.actor()
  return call.c.json(account(user, agency.id, agencyTitle))
}

export async function signOut(call: Call): Promise<Response> {
  const { user, agency, tokenHash } = call.actor()
  await agency.closeSession(tokenHash, { actor: `user:${user.id}`, at: call.now.toISOString() })
  setCookie(call.c, cookieName(call.config), '', { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(call.config), maxAge: 0 })
  return call.c.body(null, 204)
}
