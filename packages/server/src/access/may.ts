/** Whether somebody may do something. Pure; no answer is "yes" unless a grant says so. */
import { limitedToServices, limitedToUnits, type Permission, permissionsOf, type Role, roles } from './permissions.ts'

/** What somebody is in an agency. Without `services` of all of them, without `units` of all stages; an empty list is none. */
export interface Membership {
  role: Role
  services?: readonly string[]
  /** The `unit` of stages. */
  units?: readonly string[]
}

/** What somebody, or a program with a key, may do; null: without that limit. */
export interface Grant {
  /** As what; null: a program with a key. */
  role: Role | null
  permissions: readonly Permission[]
  services: readonly string[] | null
  units: readonly string[] | null
}

export interface Actor {
  /** As the audit log names it: `user:<id>`, `key:<id>`. */
  name: string
  grants: readonly Grant[]
}

/** What it is done to. */
export interface Target {
  service?: string
  unit?: string
}

/** The part of an agency that a permission reaches; each entry is a part. */
export interface Reach {
  services: readonly string[] | null
  units: readonly string[] | null
}

/** Unknown roles grant nothing: a row that a newer version wrote, or that somebody tampered with. */
export const grantsOf = (memberships: readonly Membership[]): Grant[] =>
  memberships
    .filter(({ role }) => roles.includes(role))
    .map(({ role, services, units }) => ({ role, permissions: permissionsOf[role], services: services ?? null, units: units ?? null }))

/**
 * What of the agency the permission reaches: null: nothing, so that it is refused before anything is looked up;
 * `everything`; or parts.
 */
export function reachOf({ grants }: Pick<Actor, 'grants'>, permission: Permission): readonly Reach[] | 'everything' | null {
  const fit = grants.filter((grant) => grant.permissions.includes(permission))
  if (fit.length === 0) return null
  if (fit.some(({ services, units }) => services === null && units === null)) return 'everything'
  return fit.map(({ services, units }) => ({ services, units }))
}

/** As what somebody may do something to a service; `key`: as a program. What rules of a policy go by. */
export const rolesFor = ({ grants }: Pick<Actor, 'grants'>, permission: Permission, service: string): string[] => [
  ...new Set(
    grants
      .filter(({ permissions, services }) => permissions.includes(permission) && (services === null || services.includes(service)))
      .map(({ role }) => role ?? 'key'),
  ),
]

/** Denied unless a grant with the permission covers the target. A target that does not say its service or unit is covered by no grant that is limited in it. */
export function may(actor: Pick<Actor, 'grants'>, permission: Permission, { service, unit }: Target = {}): boolean {
  const reach = reachOf(actor, permission)
  if (reach === null) return false
  if (reach === 'everything') return true
  return reach.some(
    ({ services, units }) =>
      (services === null || (service !== undefined && services.includes(service))) && (units === null || (unit !== undefined && units.includes(unit))),
  )
}

/** What is wrong with memberships that somebody is to get; null: nothing. `installation`: those of operators. */
export function faultOf(memberships: readonly Membership[], installation: boolean): string | null {
  if (memberships.length === 0) return '/memberships'
  for (const [i, { role, services, units }] of memberships.entries()) {
    if ((role === 'operator') !== installation) return `/memberships/${i}/role`
    if (services && !limitedToServices.has(role)) return `/memberships/${i}/services`
    if (units && !limitedToUnits.has(role)) return `/memberships/${i}/units`
  }
  return null
}
