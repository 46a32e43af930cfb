/**
 * What may be done at all, and who may do it: the one table. Whatever is not in it nobody may do.
 *
 * `self` is everybody's who is signed in: one's own account and sessions, and who one is.
 */

export const permissions = [
  'self',
  /** Drafts, versions and their policies, to look at. */
  'service.read',
  'service.edit',
  'service.publish',
  /** That there are cases and where they stand; nothing of what was sent in. */
  'case.list',
  'case.read',
  'case.decide',
  'case.export',
  /** Erasing a case before its time, and the legal hold that forbids it. */
  'case.erase',
  'statistics.read',
  'audit.read',
  /** Who works here and as what; to change that is `people.manage`. */
  'people.read',
  'people.manage',
  /** Keys of programs that call the API. */
  'keys.manage',
  'agency.read',
  'agency.settings',
  /** Keys that answers are encrypted to, and their epochs. */
  'encryption.keys',
  /** To make agencies and set their quotas. Of the installation, not of an agency. */
  'agencies.manage',
] as const

export type Permission = (typeof permissions)[number]

/**
 * - `owner`: everything of the agency.
 * - `editor`: drafts of services.
 * - `publisher`: looks at drafts and publishes them; so that two people can be asked for, it does not edit.
 * - `officer`: cases, and nothing else; of certain services or units, if that is said.
 * - `auditor`: who did what, and numbers; nothing of what was sent in.
 * - `operator`: of the installation, which is no agency: has no way to any agency's services, cases or people.
 */
export const roles = ['owner', 'editor', 'publisher', 'officer', 'auditor', 'operator'] as const

export type Role = (typeof roles)[number]

const ofAnAgency = permissions.filter((permission) => permission !== 'agencies.manage')

export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  owner: ofAnAgency,
  editor: ['self', 'agency.read', 'service.read', 'service.edit', 'statistics.read'],
  publisher: ['self', 'agency.read', 'service.read', 'service.publish', 'statistics.read'],
  officer: ['self', 'agency.read', 'service.read', 'case.list', 'case.read', 'case.decide', 'case.export', 'statistics.read'],
  auditor: ['self', 'agency.read', 'service.read', 'audit.read', 'statistics.read', 'people.read'],
  operator: ['self', 'agencies.manage', 'people.read', 'people.manage', 'audit.read'],
}

/** Roles that may be limited to services, and to units. A limit on any other would be one in name only. */
export const limitedToServices: ReadonlySet<Role> = new Set<Role>(['editor', 'publisher', 'officer'])
export const limitedToUnits: ReadonlySet<Role> = new Set<Role>(['officer'])

/** What a program with a key may be allowed; people, keys and settings are for people alone. */
export const keyPermissions = [
  'service.read',
  'service.edit',
  'service.publish',
  'case.list',
  'case.read',
  'case.decide',
  'case.export',
  'statistics.read',
  'audit.read',
] as const satisfies readonly Permission[]

/** What is of the agency as a whole: a key for some services does not get it, since nothing would limit it to them. */
export const ofTheWhole: ReadonlySet<Permission> = new Set<Permission>(['audit.read'])

export type KeyPermission = (typeof keyPermissions)[number]
