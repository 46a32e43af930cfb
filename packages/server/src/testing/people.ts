/** People of any role, signed in. For tests. */
import type { Membership } from '../access/may.ts'
import { newId, newSecret } from '../codes.ts'
import { digestOf } from '../digest.ts'
import type { AgencyStore } from '../store/store.ts'
import { own, type TestResponse, type World } from './world.ts'

export const password = 'correct horse battery'
export const ours = { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json' }

export interface Person {
  id: string
  email: string
  agency: AgencyStore
  /** Opens a session; gives the header that proves it. */
  enter(strong?: boolean): Promise<{ Cookie: string }>
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<TestResponse>
}

/** Somebody new in an agency, as if they had accepted an invitation. */
export async function personIn(world: World, agency: AgencyStore, email: string, memberships: readonly Membership[]): Promise<Person> {
  const now = world.adapters.clock.now()
  const at = now.toISOString()
  const [id, tokenHash] = [newId(now), digestOf(newSecret())]
  const expiresAt = new Date(now.getTime() + 1000).toISOString()
  await agency.invite({ id: newId(now), tokenHash, email, memberships, invitedBy: 'system', createdAt: at, expiresAt }, { actor: 'system', at })
  await agency.acceptInvitation(tokenHash, { id, name: `Name of ${email}`, passwordHash: await world.adapters.passwords.hash(password) }, at)
  const enter = async (strong = true) => {
    const secret = newSecret()
    const opened = world.adapters.clock.now()
    const moment = opened.toISOString()
    const session = { createdAt: moment, seenAt: moment, provedAt: moment, expiresAt: new Date(opened.getTime() + 12 * 3600_000).toISOString() }
    await agency.openSession({ tokenHash: digestOf(secret), user: id, ...session, strong: strong ? 1 : 0, label: 'test' }, { actor: `user:${id}`, at: moment })
    return { Cookie: `guichet=${agency.id}.${secret}` }
  }
  let session: { Cookie: string } | null = null
  return {
    id,
    email,
    agency,
    enter,
    async call(method, path, body, headers = {}) {
      session ??= await enter()
      return world.request(`/v1/admin/${path}`, { method, headers: { ...ours, ...session, ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) })
    },
  }
}

export const agencyOf = async (world: World, name: string): Promise<AgencyStore> => {
  const id = await world.adapters.store.findAgency(name)
  if (!id) throw new Error(`there is no agency ${name}`)
  return world.adapters.store.agency(id)
}
