/** What the store keeps of people, programs and agencies themselves. Part of the contract in store.ts. */
import type { Membership } from '../access/may.ts'
import type { KeyPermission } from '../access/permissions.ts'
import type { Deed, NewUser, UserRecord } from './store.ts'

/**
 * The house of those who run the installation. It is kept as an agency is, with people, sessions and an audit log of its
 * own, under a name that no agency can have; it has no services, and no list of agencies shows it.
 */
export const installation = '~'

export interface PeopleQueries {
  /** Everybody who ever worked here, by id. */
  users(): Promise<UserRecord[]>
  user(id: string): Promise<UserRecord | null>
  userByEmail(email: string): Promise<UserRecord | null>
  /**
   * Changes what somebody is or may, and ends all their sessions. Who is removed loses address, password, second factor
   * and passkeys for good. False if there is nobody of that id who has not been removed.
   * @throws Conflict 'last-owner' if nobody would be left who can manage people
   */
  changeUser(id: string, change: UserChange, by: Deed): Promise<boolean>
  /** Changes how somebody proves who they are. All their sessions but `keep` end. */
  secureUser(id: string, change: SecretChange, keep: string | null, by: Deed): Promise<void>
  /** Takes a step of the time-based code; false if it, or a later one, was taken before. */
  takeTotpStep(user: string, step: number): Promise<boolean>
  /** Uses a recovery code up, by its digest; false if it is none of those left. */
  takeRecoveryCode(user: string, codeHash: string, by: Deed): Promise<boolean>

  addPasskey(passkey: PasskeyRecord, by: Deed): Promise<void>
  passkeys(user: string): Promise<PasskeyRecord[]>
  passkey(id: string): Promise<PasskeyRecord | null>
  /** Notes that it was used, unless its counter shows that there is a copy of it. */
  usePasskey(id: string, counter: number, day: string): Promise<boolean>
  removePasskey(user: string, id: string, by: Deed): Promise<boolean>

  /** What was offered to the same address before is withdrawn. @throws Conflict 'taken' if somebody of that address works here */
  invite(invitation: InvitationRecord, by: Deed): Promise<void>
  invitations(now: string): Promise<InvitationRecord[]>
  /** Null if there is none, or it has expired. */
  invitation(tokenHash: string, now: string): Promise<InvitationRecord | null>
  withdrawInvitation(id: string, by: Deed): Promise<boolean>
  /** Makes the user that was invited, and uses the invitation up: of two that come at once one gets it. Null: there is none. @throws Conflict 'taken' */
  acceptInvitation(tokenHash: string, user: Omit<NewUser, 'email'>, at: string): Promise<UserRecord | null>

  sessionsOf(user: string, now: string): Promise<SessionRecord[]>
  /** Notes that it was used. Nothing is promised on it. */
  touchSession(tokenHash: string, at: string): Promise<void>
  /** Gives it another secret, after its user proved again who they are. False if it is gone. */
  renewSession(tokenHash: string, renewed: Pick<SessionRecord, 'tokenHash' | 'provedAt' | 'strong'>): Promise<boolean>
  endSession(user: string, tokenHash: string, by: Deed): Promise<boolean>

  makeKey(key: ApiKeyRecord, by: Deed): Promise<void>
  keys(): Promise<ApiKeyRecord[]>
  /** Null if there is none, or it has expired or was revoked. */
  keyBySecret(secretHash: string, now: string): Promise<(ApiKeyRecord & { agencyTitle: string }) | null>
  /** Notes the day. Nothing is promised on it. */
  useKey(id: string, day: string): Promise<void>
  revokeKey(id: string, by: Deed): Promise<boolean>

  profile(): Promise<AgencyProfile | null>
  /** @throws Conflict 'stale' */
  saveSettings(settings: AgencySettings, revision: number, by: Deed): Promise<number>
  setQuotas(quotas: Quotas, by: Deed): Promise<void>
  /** From then on nobody can sign in there or send anything in; sessions, keys and invitations end with it. */
  remove(by: Deed): Promise<boolean>
  /**
   * What counts towards the quotas: services, submissions on a day (of the services' own calendars), bytes of files. To sum
   * those up takes as long as there are files: where nobody asks for them, `files` is false, and they count as none.
   */
  usage(day: string, files?: boolean): Promise<Usage>
}

export type UserChange = { memberships: readonly Membership[] } | { state: UserRecord['state'] }

export interface SecretChange {
  /** What changed, for the audit log, such as `password`. */
  what: string
  passwordHash?: string
  /** Sealed; null takes the second factor away. */
  totpSecret?: Uint8Array | null
  /** Digests. */
  recoveryCodes?: readonly string[]
}

export interface SessionRecord {
  tokenHash: string
  user: string
  createdAt: string
  /** It ends then at the latest. */
  expiresAt: string
  /** When it was last used, to the minute. */
  seenAt: string
  /** When its user last proved who they are. */
  provedAt: string
  /** 1 if that took more than a password. */
  strong: number
  /** By which its user knows it again, such as `Firefox, Linux`. */
  label: string
}

export interface PasskeyRecord {
  /** The authenticator's own name for it, base64url. */
  id: string
  userId: string
  name: string
  publicKey: Uint8Array
  counter: number
  createdAt: string
  usedOn: string | null
}

export interface InvitationRecord {
  id: string
  tokenHash: string
  email: string
  memberships: readonly Membership[]
  invitedBy: string
  createdAt: string
  expiresAt: string
}

export interface ApiKeyRecord {
  id: string
  secretHash: string
  name: string
  permissions: readonly KeyPermission[]
  /** Null: of all. */
  services: readonly string[] | null
  madeBy: string
  createdAt: string
  expiresAt: string
  /** A day. */
  usedOn: string | null
  revokedAt: string | null
}

/** What the owners of an agency set. */
export interface AgencySettings {
  /** Its name by language; where there is none, the one it was made with. */
  title?: Readonly<Record<string, string>>
  /** Origins of its own pages: new services let these in. */
  domains?: readonly string[]
  /** Languages that new services start with. */
  languages?: readonly string[]
  /** Colours that new services start with, as in a service definition. */
  theme?: { readonly colours?: Readonly<{ primary?: string; accent?: string }> }
  /** Months after which closed cases of new services are destroyed. */
  retentionMonths?: number
  requireSecondFactor?: boolean
  /** Whether its people may have mails about their work sent to them; absent: they may. */
  officerMail?: boolean
}

/** What an operator allows an agency; what is not set is not limited. */
export interface Quotas {
  services?: number
  submissionsPerDay?: number
  /** Of files. */
  storedBytes?: number
}

export interface Usage {
  services: number
  submissions: number
  storedBytes: number
}

export interface AgencyProfile {
  title: string
  createdAt: string
  settings: AgencySettings
  quotas: Quotas
  /** Of the settings. */
  revision: number
  deletedAt: string | null
}

/** Whether somebody is left who can let others in. */
export const stewardLeft = (all: readonly UserRecord[]): boolean =>
  all.some(({ state, memberships }) => state === 'active' && memberships.some(({ role }) => role === 'owner' || role === 'operator'))
