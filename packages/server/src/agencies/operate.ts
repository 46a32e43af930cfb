/** What operators do: they make agencies, say how much each may use, and delete them. Of what is in one they see counts alone. */
import { Refused } from '../problem.ts'
import type { Call } from '../routes/route.ts'
import { installation, type Quotas } from '../store/people.ts'
import type { AgencyStore, Deed, Store } from '../store/store.ts'
import { sendInvitation } from '../users/invitation-mail.ts'
import { type Invitation, invite } from '../users/invitations.ts'

export const agencyName = /^[a-z][a-z0-9-]{0,59}$/

/** In the agency's own log it is an operator's deed; who of them it was stands in that of the installation. */
const operators = ({ at }: Pick<Deed, 'at'>): Deed => ({ actor: 'operator', at })

/** @throws Refused when there is or was one of that name: what it published and signed stays its own */
export async function makeAgency(
  store: Store,
  { id, title, owner, quotas = {} }: { id: string; title: string; owner: string; quotas?: Quotas },
  { baseUrl, now, by }: { baseUrl: string; now: Date; by: Pick<Deed, 'actor' | 'at'> },
): Promise<Invitation> {
  const house = await store.house(by.at)
  const before = store.agency((await store.findAgency(id)) ?? (id as AgencyStore['id']))
  if (await before.profile()) throw new Refused(409, 'agency-taken')
  const agency = store.agency(await store.ensureAgency(id, title, by.at))
  await house.audit('agency.created', `agency:${id}`, by)
  await agency.setQuotas(quotas, operators(by))
  return invite(agency, { email: owner, memberships: [{ role: 'owner' }] }, { baseUrl, now, by: operators(by) })
}

async function found(call: Call): Promise<AgencyStore> {
  const { store } = call.adapters
  const name = call.param('agency')
  const id = name === installation ? null : (await store.agencies()).find((agency) => agency.id === name)?.id
  if (!id) throw new Refused(404, 'not-found')
  return store.agency(id)
}

export async function listAgencies(call: Call): Promise<Response> {
  const { store } = call.adapters
  const day = call.now.toISOString().slice(0, 10)
  const agencies = []
  for (const { id, title } of await store.agencies()) {
    const [profile, usage] = await Promise.all([store.agency(id).profile(), store.agency(id).usage(day)])
    agencies.push({ id, title, createdAt: profile?.createdAt, quotas: profile?.quotas ?? {}, usage })
  }
  return call.c.json({ agencies })
}

export async function addAgency(call: Call): Promise<Response> {
  const wanted = call.body<{ id: string; title: string; owner: string; quotas?: Quotas; language?: string }>()
  const { store } = call.adapters
  const invitation = await makeAgency(store, wanted, { baseUrl: call.config.baseUrl, now: call.now, by: call.deed() })
  const mailed = await sendInvitation(call, { to: wanted.owner, link: invitation.link, agency: wanted.title, language: wanted.language ?? call.language })
  return call.c.json({ ...invitation, mailed }, 201)
}

export async function setQuotas(call: Call): Promise<Response> {
  const agency = await found(call)
  await (await call.adapters.store.house(call.deed().at)).audit('agency.changed', `agency:${agency.id}`, call.deed())
  await agency.setQuotas(call.body<Quotas>(), operators(call.deed()))
  return call.c.body(null, 204)
}

/** @throws Refused unless its name is repeated */
export async function deleteAgency(call: Call): Promise<Response> {
  const agency = await found(call)
  if (call.body<{ confirm: string }>().confirm !== agency.id) throw new Refused(422, 'confirmation')
  await (await call.adapters.store.house(call.deed().at)).audit('agency.deleted', `agency:${agency.id}`, call.deed())
  await agency.remove(operators(call.deed()))
  return call.c.body(null, 204)
}
