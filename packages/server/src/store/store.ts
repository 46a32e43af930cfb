/**
 * What the server keeps, as a narrow contract that a second database can fulfil. Each implementation runs store-suite.ts.
 *
 * All queries belong to an agency: `store.agency(id)` gives the only object that has any, and an `AgencyId` comes only
 * from the store, so that a query that forgot the agency does not compile (store.types.test.ts).
 */
import type { AuditEvent, Policy, ServiceDefinition } from '@guichet/schemas'
import type { Sealing } from '../keys/seal-box.ts'

declare const agencyBrand: unique symbol
export type AgencyId = string & { readonly [agencyBrand]: true }

export interface Store {
  /** The agencies of this server, by name of address. */
  agencies(): Promise<AgencyRecord[]>
  /** The id of an agency, or null if there is none of that name. */
  findAgency(name: string): Promise<AgencyId | null>
  /** Makes it if it is not there. */
  ensureAgency(name: string, title: string, now: string): Promise<AgencyId>
  agency(id: AgencyId): AgencyStore
  /** Throws if a submission could not be written now. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface AgencyStore {
  readonly id: AgencyId

  services(): Promise<DraftRecord[]>
  service(id: string): Promise<DraftRecord | null>
  /** `revision` is the one that was edited; null makes a new service. Gives the new revision. @throws Conflict */
  saveService(draft: DraftInput, revision: number | null, by: Deed): Promise<number>
  /** Adds the next version, immutable from then on. Gives its number. @throws Conflict when the draft moved on */
  publish(version: VersionInput, revision: number, by: Deed): Promise<number>
  /** The latest version's number of each published service, or of one. */
  published(service?: string): Promise<{ service: string; version: number }[]>
  versions(service: string): Promise<VersionSummary[]>
  version(service: string, version: number): Promise<VersionRecord | null>

  /** Takes the idempotency key for this request, unless it is taken. A claim older than `staleBefore` is dead. */
  claimKey(claim: KeyClaim, staleBefore: string): Promise<KeyState>
  releaseKey(service: string, keyHash: string): Promise<void>
  /** One transaction: submission, its attachments' claim, audit event, receipt, outbox and the idempotent answer. */
  record(entry: SubmissionEntry): Promise<void>
  submissionByReference(referenceHash: string): Promise<SubmissionRecord | null>
  submissions(): Promise<SubmissionRecord[]>

  addAttachment(attachment: AttachmentRecord, by: Deed): Promise<void>
  attachments(ids: readonly string[]): Promise<AttachmentRecord[]>
  /** Forgets unclaimed attachments and finished keys from before. Gives the ids of the attachments. */
  purge(attachmentsBefore: string, keysBefore: string): Promise<string[]>

  /** Sets the digest of the one-time set-up token; false once there is a user. */
  offerSetup(tokenHash: string): Promise<boolean>
  /** Makes the first user and uses the token up; false if it is not the one offered. */
  createFirstUser(user: UserRecord, tokenHash: string, at: string): Promise<boolean>
  userByEmail(email: string): Promise<UserRecord | null>
  openSession(session: SessionRecord, by: Deed): Promise<void>
  session(tokenHash: string, now: string): Promise<{ user: UserRecord; agencyTitle: string } | null>
  closeSession(tokenHash: string, by: Deed): Promise<void>

  auditEvents(after: number, limit: number): Promise<AuditEvent[]>
}

/** Who did it and when; the store adds the event to the agency's chain in the same transaction. */
export interface Deed {
  actor: string
  at: string
  details?: AuditEvent['details']
}

export interface AgencyRecord {
  id: AgencyId
  title: string
}

export interface DraftInput {
  id: string
  /** May be unfinished. */
  definition: unknown
  policy: Policy
}

export interface DraftRecord extends DraftInput {
  revision: number
  publishedVersion: number | null
  savedBy: string
  savedAt: string
}

export interface VersionInput {
  service: string
  definition: ServiceDefinition
  policy: Policy
  submissionSchema: object
  digest: string
}

export interface VersionSummary {
  version: number
  publishedAt: string
  digest: string
}

export interface VersionRecord extends VersionInput, VersionSummary {}

export interface KeyClaim {
  service: string
  keyHash: string
  bodyMac: string
  at: string
}

export type KeyState = { state: 'claimed' } | { state: 'running' } | { state: 'other-body' } | { state: 'done'; answer: Uint8Array }

export interface SubmissionRecord {
  id: string
  service: string
  version: number
  language: string
  receivedAt: string
  referenceHash: string
  status: string
  /** The stage or unit it stands at; null if the service has none. */
  stage: string | null
  sealing: Sealing | null
  answers: Uint8Array
  outcome: Uint8Array
}

export interface SubmissionEntry {
  submission: SubmissionRecord
  attachments: readonly string[]
  deed: Deed
  keyHash: string
  outbox: readonly { id: string; kind: string; payload: unknown }[]
  /** Called inside the transaction with the place in the audit log: the receipt names it. */
  conclude(auditSequence: number): { receipt: Uint8Array; answer: Uint8Array }
}

export interface AttachmentRecord {
  id: string
  service: string
  target: string
  /** Sealed like the content: a file's name may say as much. */
  name: Uint8Array
  type: string
  size: number
  digest: string
  sealing: Sealing | null
  receivedAt: string
  submission: string | null
}

export interface UserRecord {
  id: string
  email: string
  name: string
  passwordHash: string
}

export interface SessionRecord {
  tokenHash: string
  user: string
  createdAt: string
  expiresAt: string
}

/** The row changed, is taken, or is not in the state the change asks for. */
export class Conflict extends Error {
  readonly kind: 'taken' | 'stale' | 'claimed'
  constructor(kind: 'taken' | 'stale' | 'claimed') {
    super(kind)
    this.kind = kind
  }
}
