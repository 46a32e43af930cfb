/** Setting up the first user, signing in with a password, and out. The work and the words are the same for people we know and do not. */
import { permissions } from '../access/permissions.ts'
import type { Adapters } from '../adapters.ts'
import { madeAt, newId } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { limited, type Rates } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import { clientAddress } from '../routes/client.ts'
import type { Call } from '../routes/route.ts'
import { installation } from '../store/people.ts'
import type { AgencyId, AgencyStore, NewUser, UserRecord } from '../store/store.ts'
import { TooBusy } from './password.ts'
import { takeCode } from './second-factor.ts'
import { forgetCookie, needsSecondFactor, personOf, startSession } from './session.ts'

/** Tries to sign in, by address and by account; a guess costs half a second of our time as well. */
export interface SignInTries {
  take(client: string, account: string, now: number): Promise<number>
}

export function signInTries(rates: Rates): SignInTries {
  const byAddress = limited(rates, 'sign-in from', { size: 20, period: 15 * 60_000 })
  const byAccount = limited(rates, 'sign-in as', { size: 10, period: 15 * 60_000 })
  return { take: async (client, account, now) => Math.max(...(await Promise.all([byAddress.take(client, now), byAccount.take(account, now)]))) }
}

export const plainEmail = (email: string) => email.trim().toLowerCase()

/** @throws Refused when somebody has tried too often, from there or as that person */
export async function slowDown({ c, adapters, config, now }: Call, who: string): Promise<void> {
  const wait = await adapters.tries.take(clientAddress(c, config) ?? '', who, now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
}

export const hashing = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof TooBusy) throw new Refused(503, 'rate', { headers: { 'Retry-After': '5' } })
    throw error
  }
}

/** Every agency, and the house of those who run the installation if there is one; or the one that is named. */
export async function signInPlaces({ store }: Pick<Adapters, 'store'>, named: string | undefined): Promise<AgencyStore[]> {
  const ids = (await store.agencies()).map(({ id }): AgencyId | null => id)
  const places = [...ids, await store.findAgency(installation)].filter((id) => id !== null)
  return places.filter((id) => named === undefined || id === named).map((id) => store.agency(id))
}

export const accountOf = (user: NewUser, agency: AgencyStore, title: string) => ({
  user: { id: user.id, name: user.name, email: user.email },
  agency: { id: agency.id as string, name: title },
})
/** What people call it. The house of those who run the installation has no name. */
export const titleOf = async (agency: AgencyStore) => (agency.id === installation ? '' : ((await agency.profile())?.title ?? ''))

/** Makes the first user of an agency, who owns it, with the one-time token. */
export async function setUp(call: Call): Promise<Response> {
  const { adapters, now } = call
  const { token, email, name, password } = call.body<{ token: string; email: string; name: string; password: string }>()
  // As the token that is tried: guessing one is beyond anybody, and whoever tries must not keep others from theirs.
  await slowDown(call, digestOf(token))
  const user: NewUser = { id: newId(now), email: plainEmail(email), name: name.trim(), passwordHash: await hashing(adapters.passwords.hash(password)) }
  for (const { id, title } of await adapters.store.agencies()) {
    const agency = adapters.store.agency(id)
    if (await agency.createFirstUser(user, digestOf(token), now.toISOString())) {
      await startSession(call, agency, user, false)
      return call.c.json(accountOf(user, agency, title), 201)
    }
  }
  throw new Refused(403, 'setup')
}

/**
 * An account belongs to one agency. Of an address that several agencies know, the oldest account is meant unless one is named:
 * whoever invites sees the link, so an agency could make an account for anybody's address, and must not stand before the one
 * that was there. To try the password on each would show by the time it takes how many there are.
 */
export async function signIn(call: Call): Promise<Response> {
  const { adapters, now } = call
  const { email, password, code, agency: named } = call.body<{ email: string; password: string; code?: string; agency?: string }>()
  const wanted = plainEmail(email)
  await slowDown(call, wanted)
  const places = await signInPlaces(adapters, named)
  const found = await Promise.all(places.map(async (agency) => ({ agency, user: await agency.userByEmail(wanted) })))
  const [known] = found
    .filter((one): one is { agency: AgencyStore; user: UserRecord } => one.user?.state === 'active')
    .sort((a, b) => (madeAt(a.user.id) < madeAt(b.user.id) ? -1 : Number(madeAt(a.user.id) > madeAt(b.user.id))))
  const right = await hashing(adapters.passwords.check(password, known?.user.passwordHash ?? null))
  if (!known || !right) throw new Refused(401, 'sign-in')
  const { agency, user } = known
  if (user.totpSecret) {
    if (code === undefined) throw new Refused(401, 'second-factor')
    if (!(await takeCode(adapters, agency, user, code, now))) throw new Refused(401, 'second-factor-wrong')
  }
  await startSession(call, agency, user, user.totpSecret !== null)
  return call.c.json(accountOf(user, agency, await titleOf(agency)))
}

export async function whoAmI(call: Call): Promise<Response> {
  const { user, session, agency, agencyTitle } = personOf(call)
  const { grants } = call.actor()
  return call.c.json({
    ...accountOf(user, agency, agency.id === installation ? '' : agencyTitle),
    operator: agency.id === installation,
    memberships: user.memberships,
    may: permissions.filter((permission) => grants.some((grant) => grant.permissions.includes(permission))),
    secondFactor: {
      on: user.totpSecret !== null,
      recoveryCodes: user.recoveryCodes.length,
      required: await needsSecondFactor(agency),
      missing: session.mustSecure,
    },
  })
}

export async function signOut(call: Call): Promise<Response> {
  const { session, agency } = personOf(call)
  await agency.closeSession(session.tokenHash, call.deed())
  forgetCookie(call)
  return call.c.body(null, 204)
}
