/** Programs that call the API with a key: `Authorization: Bearer guichet_<agency>.<secret>`. */
import type { Adapters } from '../adapters.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import type { AppContext, SignedIn } from '../routes/route.ts'
import { keyPermissions, ofTheWhole } from './permissions.ts'

/** What a key begins with, so that those who look for lost secrets in code find ours. */
export const keyMark = 'guichet_'

/** What stands behind Bearer; null: there is no such header. */
export const keyIn = (c: AppContext): string | null => /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null

/** @throws Refused for a key that is none, has expired or was revoked: all alike */
export async function keyActor(key: string, { store }: Pick<Adapters, 'store'>, now: Date): Promise<SignedIn> {
  const [, agencyName = '', secret = ''] = new RegExp(`^${keyMark}([a-z][a-z0-9-]{0,59})\\.([\\w-]{43})$`).exec(key) ?? []
  const agencyId = secret && (await store.findAgency(agencyName))
  const agency = agencyId ? store.agency(agencyId) : null
  const found = await agency?.keyBySecret(digestOf(secret), now.toISOString())
  if (!agency || !found) throw new Refused(401, 'signed-out', { headers: { 'WWW-Authenticate': 'Bearer' } })
  const day = now.toISOString().slice(0, 10)
  if (found.usedOn !== day) await agency.useKey(found.id, day)
  // A permission that keys may not have is none, whatever stands in the row.
  const permissions = keyPermissions.filter((permission) => found.permissions.includes(permission) && (found.services === null || !ofTheWhole.has(permission)))
  return {
    name: `key:${found.id}`,
    grants: [{ role: null, permissions, services: found.services, units: null }],
    agency,
    agencyTitle: found.agencyTitle,
    user: null,
    session: null,
  }
}
