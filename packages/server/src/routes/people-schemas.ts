/** Schemas of bodies and answers about people, their accounts, keys and agencies. */
import { keyPermissions, permissions, roles } from '../access/permissions.ts'
import type { Schema } from './route.ts'

const text: Schema = { type: 'string' }
const moment: Schema = { type: 'string', format: 'date-time' }
const whole: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more })
const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const words = (maxLength: number, more: Schema = {}): Schema => ({ type: 'string', minLength: 1, maxLength, ...more })
const name = words(200, { pattern: '\\S' })
const slug: Schema = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,59}$' }
const email = words(254, { pattern: '^[^\\s@]+@[^\\s@]+$' })
const password = words(200, { minLength: 12 })
const language = { type: 'string', pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }

const membership = object(
  {
    role: { enum: roles },
    services: list(slug, { maxItems: 200, uniqueItems: true, description: 'Of these services only; without it of all.' }),
    units: list(words(60), { maxItems: 200, uniqueItems: true, description: 'Cases at stages of these units only; without it all.' }),
  },
  ['role'],
)
const memberships = list(membership, { minItems: 1, maxItems: 50 })
const agencyLine = object({ id: text, name: text })

export const account = object({
  user: object({ id: text, name: text, email: text }),
  agency: agencyLine,
  operator: { type: 'boolean', description: 'Of the installation: `agency` is no agency then.' },
  memberships: list(membership),
  may: list({ enum: permissions }),
  secondFactor: object({
    on: { type: 'boolean' },
    recoveryCodes: { type: 'integer', description: 'How many are left.' },
    required: { type: 'boolean' },
    missing: { type: 'boolean', description: 'It is required, and was not shown: nothing else is allowed.' },
  }),
})
export const proof = object({ password: words(200), code: words(60) }, ['password'])
export const newPassword = object({ password })
export const ownSessions = object({ sessions: list(object({ id: text, createdAt: moment, seenAt: moment, label: text, current: { type: 'boolean' } })) })
export const totpOffer = object({ secret: text, uri: text, sealed: text })
export const totpConfirmation = object({ sealed: words(400), code: words(20) })
export const recoveryCodes = object({ recoveryCodes: list(text, { description: 'Shown this once.' }) })
/** What a browser gives and takes: https://www.w3.org/TR/webauthn-3/ */
export const passkeyOptions: Schema = { type: 'object', description: 'PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON.' }
export const newPasskey = object(
  { response: { type: 'object', required: ['id'], properties: { id: words(1400) } }, name: { type: 'string', maxLength: 100 } },
  ['response'],
)
export const signedPasskey = object({ response: { type: 'object', required: ['id'], properties: { id: words(1400) } } })
export const passkeyMade = object({ id: text })
export const passkeys = object({ passkeys: list(object({ id: text, name: text, createdAt: moment, usedOn: orNull(text) })) })

export const people = object({
  people: list(
    object({ id: text, name: text, email: text, state: { enum: ['active', 'suspended'] }, memberships: list(membership), secondFactor: { type: 'boolean' } }),
  ),
  invitations: list(object({ id: text, email: text, memberships: list(membership), expiresAt: moment })),
})
export const invitationWanted = object({ email, memberships, language }, ['email', 'memberships'])
export const invitationMade = object({
  id: text,
  link: { type: 'string', format: 'uri', description: 'Shown this once.' },
  expiresAt: moment,
  mailed: { type: 'boolean', description: 'Whether a mail server has taken it.' },
})
export const membershipsWanted = object({ memberships })
export const stateWanted = object({ state: { enum: ['active', 'suspended', 'removed'] } })
export const invitationToken = object({ token: words(200) })
export const invitationSeen = object({ agency: agencyLine, email: text, memberships: list(membership), expiresAt: moment })
export const invitationAccepted = object({ token: words(200), name, password })

export const keyWanted = object(
  {
    name,
    permissions: list({ enum: keyPermissions }, { minItems: 1, uniqueItems: true }),
    services: list(slug, { maxItems: 200, uniqueItems: true, description: 'Of these services only; without it of all.' }),
    days: { type: 'integer', minimum: 1, maximum: 366 },
  },
  ['name', 'permissions', 'days'],
)
export const keyMade = object({ id: text, key: { type: 'string', description: 'Shown this once.' }, expiresAt: moment })
export const keys = object({
  keys: list(
    object({
      id: text,
      name: text,
      permissions: list({ enum: keyPermissions }),
      services: orNull(list(text)),
      madeBy: text,
      createdAt: moment,
      expiresAt: moment,
      usedOn: orNull(text),
      revokedAt: orNull(moment),
    }),
  ),
})

const colour = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' }
export const agencySettings = object(
  {
    title: { type: 'object', propertyNames: language, additionalProperties: words(200), maxProperties: 20 },
    domains: list({ type: 'string', pattern: '^https?://[A-Za-z0-9.-]+(:\\d{1,5})?$' }, { maxItems: 50, uniqueItems: true }),
    languages: list(language, { maxItems: 20, uniqueItems: true }),
    theme: object({ colours: object({ primary: colour, accent: colour }, []) }, []),
    retentionMonths: { type: 'integer', minimum: 1, maximum: 1200 },
    requireSecondFactor: { type: 'boolean' },
    officerMail: { type: 'boolean', description: 'Whether its people may have mails about their work sent to them; absent: they may.' },
  },
  [],
)
export const quotas = object({ services: whole, submissionsPerDay: whole, storedBytes: whole }, [])
const usage = object({ services: whole, submissions: whole, storedBytes: whole })
export const agency = object({ id: text, title: text, settings: agencySettings, quotas, usage, revision: whole })
export const revision = object({ revision: whole })
export const confirmation = object({ confirm: words(60) })
export const agencyWanted = object({ id: slug, title: name, owner: email, quotas, language }, ['id', 'title', 'owner'])
export const agencies = object({ agencies: list(object({ id: text, title: text, createdAt: moment, quotas, usage })) })
