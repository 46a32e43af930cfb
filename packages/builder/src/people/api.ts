/** The server's routes about people, accounts, keys and agencies. */
import { type Caller, httpCaller, ifMatch } from '@guichet/staff/http'

export interface Membership {
  role: string
  services?: string[]
  units?: string[]
}
export interface PersonLine {
  id: string
  name: string
  email: string
  state: 'active' | 'suspended'
  memberships: Membership[]
  secondFactor: boolean
}
export interface InvitationLine {
  id: string
  email: string
  memberships: Membership[]
  expiresAt: string
}
export interface Invited {
  id: string
  link: string
  mailed: boolean
}
export interface KeyLine {
  id: string
  name: string
  permissions: string[]
  services: string[] | null
  expiresAt: string
  usedOn: string | null
  revokedAt: string | null
}
export interface SessionLine {
  id: string
  createdAt: string
  seenAt: string
  label: string
  current: boolean
}
export interface Settings {
  title?: Record<string, string>
  domains?: string[]
  languages?: string[]
  theme?: { colours?: { primary?: string; accent?: string } }
  retentionMonths?: number
  requireSecondFactor?: boolean
  officerMail?: boolean
}
export interface Quotas {
  services?: number
  submissionsPerDay?: number
  storedBytes?: number
}
interface Usage {
  services: number
  submissions: number
  storedBytes: number
}
export interface AgencyView {
  id: string
  title: string
  settings: Settings
  quotas: Quotas
  usage: Usage
  revision: number
}
/** How many citizens are signed in by a provider. */
export interface SignInsOf {
  id: string
  title: string
  signedIn: number
}
/** One person, all of a provider, or everybody. */
export interface SignInsWhose {
  provider?: string
  /** What the provider calls the person. */
  subject?: string
}
export type AgencyLine = Omit<AgencyView, 'settings' | 'revision'>

export function peopleApi(call: Caller = httpCaller('/v1/admin/', (...request) => fetch(...request))) {
  const id = encodeURIComponent
  return {
    changePassword: (password: string) => call<void>('PUT', 'account/password', { password }),
    sessions: async () => (await call<{ sessions: SessionLine[] }>('GET', 'account/sessions')).sessions,
    endSession: (session: string) => call<void>('DELETE', `account/sessions/${id(session)}`),
    offerTotp: () => call<{ secret: string; uri: string; sealed: string }>('POST', 'account/second-factor', {}),
    confirmTotp: (sealed: string, code: string) => call<{ recoveryCodes: string[] }>('PUT', 'account/second-factor', { sealed, code }),
    removeTotp: () => call<void>('DELETE', 'account/second-factor'),
    recoveryCodes: () => call<{ recoveryCodes: string[] }>('POST', 'account/recovery-codes', {}),
    passkeys: async () =>
      (await call<{ passkeys: { id: string; name: string; createdAt: string; usedOn: string | null }[] }>('GET', 'account/passkeys')).passkeys,
    newPasskeyOptions: () => call<object>('POST', 'account/passkeys/options', {}),
    addPasskey: (response: object, name: string) => call<void>('POST', 'account/passkeys', { response, name }),
    removePasskey: (passkey: string) => call<void>('DELETE', `account/passkeys/${id(passkey)}`),
    people: () => call<{ people: PersonLine[]; invitations: InvitationLine[] }>('GET', 'people'),
    invite: (email: string, memberships: Membership[], language: string) => call<Invited>('POST', 'people/invitations', { email, memberships, language }),
    withdraw: (invitation: string) => call<void>('DELETE', `people/invitations/${id(invitation)}`),
    changeMemberships: (person: string, memberships: Membership[]) => call<void>('PUT', `people/${id(person)}/memberships`, { memberships }),
    changeState: (person: string, state: 'active' | 'suspended' | 'removed') => call<void>('PUT', `people/${id(person)}/state`, { state }),
    keys: async () => (await call<{ keys: KeyLine[] }>('GET', 'keys')).keys,
    makeKey: (key: { name: string; permissions: string[]; services?: string[]; days: number }) => call<{ key: string }>('POST', 'keys', key),
    revokeKey: (key: string) => call<void>('DELETE', `keys/${id(key)}`),
    agency: () => call<AgencyView>('GET', 'agency'),
    saveAgency: (settings: Settings, revision: number) => call<{ revision: number }>('PUT', 'agency', settings, ifMatch(revision)),
    deleteOwnAgency: (confirm: string) => call<void>('POST', 'agency/deletion', { confirm }),
    signIns: async () => (await call<{ providers: SignInsOf[] }>('GET', 'sign-ins')).providers,
    /** Gives how many ended. */
    endSignIns: async (whose: SignInsWhose) => (await call<{ ended: number }>('POST', 'sign-ins/end', whose)).ended,
    agencies: async () => (await call<{ agencies: AgencyLine[] }>('GET', 'agencies')).agencies,
    addAgency: (agency: { id: string; title: string; owner: string; quotas: Quotas; language: string }) => call<Invited>('POST', 'agencies', agency),
    setQuotas: (agency: string, quotas: Quotas) => call<void>('PUT', `agencies/${id(agency)}/quotas`, quotas),
    deleteAgency: (agency: string, confirm: string) => call<void>('POST', `agencies/${id(agency)}/deletion`, { confirm }),
    invitation: (token: string) => call<{ agency: { id: string; name: string }; email: string; memberships: Membership[] }>('POST', 'invitation', { token }),
    accept: (token: string, name: string, password: string) => call<object>('POST', 'invitation/acceptance', { token, name, password }),
  }
}

export type PeopleApi = ReturnType<typeof peopleApi>
