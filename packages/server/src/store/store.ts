/**
 * What the server keeps, as a narrow contract that a second database can fulfil. Each implementation runs store-suite.ts.
 *
 * All queries belong to an agency: `store.agency(id)` gives the only object that has any, and an `AgencyId` comes only
 * from the store, so that a query that forgot the agency does not compile (store.types.test.ts).
 */
import type { AuditEvent, Policy, ServiceDefinition } from '@guichet/schemas'

import type { Membership } from '../access/may.ts'
import type { Conclude } from '../intake/conclusion.ts'
import type { BoxSecret, Sealing } from '../keys/seal-box.ts'
import type { Bygone } from '../lived-time.ts'
import type { Count, Measure } from '../statistics/count.ts'
import type { AuditLogQueries, SealedNote } from './audit-log.ts'
import type { CitizenSessionQueries } from './citizen-sessions.ts'
import type { ErasureQueries } from './erasure.ts'
import type { StoreFigures } from './figures.ts'
import type { LibraryQueries } from './library.ts'
import type { OfficerMailQueries } from './officer-mail.ts'
import type { AgencySettings, PeopleQueries, SessionRecord } from './people.ts'
import type { ReleaseQueries } from './releases.ts'
import type { UploadQueries } from './uploads.ts'

declare const agencyBrand: unique symbol
export type AgencyId = string & { readonly [agencyBrand]: true }

export interface Store {
  /** The agencies of this server, by name of address; not the installation's own house, and none that was deleted. */
  agencies(): Promise<AgencyRecord[]>
  /** The id of an agency, or null if there is none of that name. */
  findAgency(name: string): Promise<AgencyId | null>
  /** Makes it if it is not there. */
  ensureAgency(name: string, title: string, now: string): Promise<AgencyId>
  /** The house of those who run the installation (people.ts), made when it is first asked for. */
  house(now: string): Promise<AgencyStore>
  agency(id: AgencyId): AgencyStore
  /** Null: one process has this database, and counts by itself. */
  readonly counters: RateCounters | null
  /** Throws if a submission could not be written now. */
  check(): Promise<void>
  /**
   * Ends when what was read so far can no longer be lost; null: it cannot. SQLite lets this process see a change while it is
   * being synced. Never fails: that the disk did is told to whoever made the change.
   */
  settled(): Promise<void> | null
  /** For whoever watches the server. */
  figures(): Promise<StoreFigures>
  close(): Promise<void>
}

export interface AgencyStore
  extends PeopleQueries,
    SavedDraftQueries,
    UploadQueries,
    VerificationQueries,
    CitizenSessionQueries,
    KeyMarkQueries,
    StatisticsQueries,
    CaseQueries,
    WorkQueries,
    AuditLogQueries,
    SealingQueries,
    ErasureQueries,
    ReleaseQueries,
    LibraryQueries,
    OfficerMailQueries {
  readonly id: AgencyId

  services(): Promise<DraftRecord[]>
  service(id: string): Promise<DraftRecord | null>
  /** `revision` is the one that was edited; null makes a new service. Gives the new revision. @throws Conflict */
  saveService(draft: DraftInput, revision: number | null, by: Deed): Promise<number>
  /** Adds the next version, immutable from then on. Gives its number. @throws Conflict when the draft moved on */
  publish(version: VersionInput, revision: number, by: Deed, outbox?: (version: number) => readonly OutboxEntry[]): Promise<number>
  /** The latest version's number of each published service, or of one. */
  published(service?: string): Promise<{ service: string; version: number }[]>
  versions(service: string): Promise<VersionSummary[]>
  version(service: string, version: number): Promise<VersionRecord | null>

  /** Takes the idempotency key for this request, unless it is taken. A claim older than `staleBefore` is dead. */
  claimKey(claim: KeyClaim, staleBefore: string): Promise<KeyState>
  releaseKey(service: string, keyHash: string): Promise<void>
  /**
   * Sees to it that nothing is recorded under a key any more: `claimed`, unless something has been (`done`) or is being
   * worked on (`running`). The body does not matter. Durable: what was on its way is refused when it comes.
   */
  withdrawKey(claim: Omit<KeyClaim, 'bodyMac'>, staleBefore: string): Promise<Exclude<KeyState, { state: 'other-body' }>>
  /** One transaction: submission, its attachments' claim, audit event, receipt, outbox and the idempotent answer. Gives the bytes of the 201. */
  record(entry: SubmissionEntry): Promise<Uint8Array>
  /** How many places of these counters are taken; a counter that nobody has taken from is left out. */
  placesTaken(service: string, counters: readonly string[]): Promise<ReadonlyMap<string, number>>
  submissionByReference(referenceHash: string): Promise<SubmissionRecord | null>
  submissions(): Promise<SubmissionRecord[]>

  /**
   * Leases deliveries that are due: until the lease ends nobody else gets them, and after it anybody. Of each destination
   * the oldest, so that a destination with a long queue holds no other. What is lost of this with the power is only tried
   * again, so it need not wait for the disk.
   */
  claimDeliveries(claim: DeliveryClaim): Promise<ClaimedDelivery[]>
  /** Delivered: forgets it. These three are false, and change nothing, once the lease went to someone else. */
  finishDelivery(id: string, lease: string, by: Deed): Promise<boolean>
  /** To be tried again at `at`. */
  retryDelivery(id: string, lease: string, at: string, reason: string): Promise<boolean>
  /** Given up: it stays as a dead letter until someone replays it. */
  buryDelivery(id: string, lease: string, reason: string, by: Deed): Promise<boolean>
  /** Dead letters, or what is still to be delivered, oldest first; those behind `after`. */
  deliveries(state: 'waiting' | 'dead', limit: number, after?: Pick<DeliverySummary, 'createdAt' | 'id'>): Promise<DeliverySummary[]>
  /** Makes a dead letter due again with all its tries; false if it is none. */
  replayDelivery(id: string, by: Deed): Promise<boolean>

  addAttachment(attachment: AttachmentRecord, by: Deed): Promise<void>
  attachments(ids: readonly string[]): Promise<AttachmentRecord[]>
  /** Forgets finished keys and unclaimed attachments from before, but those that a saved draft holds. Gives the ids of the attachments. */
  purge(attachmentsBefore: Bygone, keysBefore: Bygone): Promise<string[]>
  /** How far the agency's server has lived by its own count (lived-time.ts); null: nobody has looked yet. */
  livedUntil(): Promise<string | null>
  setLivedUntil(time: string): Promise<void>

  /** Sets the digest of the one-time set-up token; false once there is a user. */
  offerSetup(tokenHash: string): Promise<boolean>
  /** Makes the first user, who owns the agency, and uses the token up; false if it is not the one offered. */
  createFirstUser(user: NewUser, tokenHash: string, at: string): Promise<boolean>
  openSession(session: SessionRecord, by: Deed): Promise<void>
  /** Null if there is none, it has ended, or its user may not work here any more. */
  session(tokenHash: string, now: string): Promise<(Omit<SessionRecord, 'user'> & { user: UserRecord; agencyTitle: string; settings: AgencySettings }) | null>
  closeSession(tokenHash: string, by: Deed): Promise<void>
}

export interface KeyMarkQueries {
  /** Notes the marks of keys that have none yet, by name, and gives all that count: those that were noted first. */
  markKeys(marks: ReadonlyMap<string, string>): Promise<Map<string, string>>
}

/** Keys of services that are sealed end to end: public ones, and private ones that only officers' browsers can open. */
export interface SealingQueries {
  /** Those of a kind, newest first. `owner`: of this one alone. */
  sealingKeys(kind: SealingKey['kind'], owner?: string): Promise<SealingKey[]>
  /**
   * Adds a key, and for a service's key who may use it. Who is not among these may use none of the service's older keys
   * any more either. @throws Conflict 'taken' when there is one of that number
   */
  addSealingKey(key: SealingKey, wraps: readonly SealingWrap[], by: Deed): Promise<void>
  /** Another lock for an officer's key, as after a change of the passphrase. False if there is no such key. */
  relockSealingKey(owner: string, number: number, locked: object, by: Deed): Promise<boolean>
  /** Of all keys of a service, newest first. */
  sealingWraps(service: string): Promise<SealingWrap[]>
  /** Lets one more use a key. @throws Conflict 'taken' when they may already */
  addSealingWrap(wrap: SealingWrap, by: Deed): Promise<void>
}

export interface SealingKey {
  kind: 'officer' | 'recovery' | 'service'
  /** Id of a user or of a service; empty for the agency's recovery key. */
  owner: string
  /** Counts up by one; of a service it is the epoch. */
  number: number
  /** 32 bytes in base64url. */
  publicKey: string
  /** An officer's private key, under a passphrase that the server never sees. */
  locked: object | null
  createdAt: string
  createdBy: string
}

/** The private key of a service, sealed to the public key of whoever may use it. */
export interface SealingWrap {
  service: string
  epoch: number
  forKey: string
  enc: string
  key: string
}

/** Buckets that all replicas take from. Times in microseconds. */
export interface RateCounters {
  /** Takes `cost` from the bucket, all of it or nothing; gives 0, or how long until there is that much. */
  take(scope: AgencyId | null, nameHash: string, bucket: { cost: number; period: number; now: number }): Promise<number>
  /** Forgets buckets that are full. */
  purge(scope: AgencyId | null, now: number): Promise<void>
}

/** Counters. Those of facts are added to by the store itself, with the audit event that they follow from. */
export interface StatisticsQueries {
  /** Adds what was counted in memory. Nothing is promised on it, so it need not wait for the disk. */
  count(counts: readonly Count[]): Promise<void>
  /** The counters by month, from the first there is until `until` (a month, included). */
  monthly(until: string): Promise<MonthlyCount[]>
  /** The counters by day, both days included. */
  daily(from: string, to: string): Promise<Count[]>
  /** Sums the days of each month until `until` once, so that whoever asks for months reads no days. May be done again. */
  foldMonths(until: string): Promise<void>
  /**
   * Puts what was counted anew in the place of what the counters of facts hold: `counts` are those of the audit events until
   * `sequence`; what came after is counted here, while nothing can be added.
   */
  replaceFacts(counts: readonly Count[], sequence: number): Promise<void>
  /** Changes the sketch of a month's people. `fresh` is its key and registers if it is new; null as key: the month is closed. */
  sketchPeople(
    month: string,
    audience: string,
    fresh: { key: Uint8Array; registers: Uint8Array },
    change: (key: Uint8Array | null, registers: Uint8Array) => Uint8Array,
  ): Promise<void>
  people(until: string): Promise<{ month: string; audience: string; registers: Uint8Array }[]>
  /** Throws away the keys of months before `month`. */
  forgetPeople(month: string): Promise<void>
}

export interface MonthlyCount extends Omit<Count, 'day'> {
  /** `2026-01` */
  month: string
  measure: Measure
}

/**
 * What citizens saved to come back to. The content is sealed in the browser; `idHash` is the digest of an id that only
 * the citizen's code gives.
 */
export interface SavedDraftQueries {
  /**
   * `revision` is the one that was opened; null makes a new one. Gives the new revision. The attachments replace those
   * held before. A draft that has expired by `now` is none any more. @throws Conflict
   */
  saveDraft(draft: SavedDraftInput, revision: number | null, now: string): Promise<number>
  /** Null if there is none, or it has expired by `now`. */
  savedDraft(service: string, idHash: string, now: string): Promise<SavedDraftRecord | null>
  /** Also lets go of the attachments it held. False if there was none. */
  deleteDraft(service: string, idHash: string): Promise<boolean>
  /** How many there are of a service, by the version they were begun with, newest first; counted up to `most` together. */
  countDrafts(service: string, most: number, now: string): Promise<VersionCount[]>
  /** Deletes what expired before `now`, and gives how many there were. */
  purgeDrafts(now: Bygone): Promise<number>
}

export interface VersionCount {
  version: number
  count: number
}

export interface SavedDraftInput {
  service: string
  idHash: string
  /** The version of the service that was being filled in. */
  version: number
  content: Uint8Array
  expiresAt: string
  /** Ids of the attachments it refers to: they are kept for as long as it is. */
  attachments: readonly string[]
}

export interface SavedDraftRecord {
  service: string
  revision: number
  version: number
  content: Uint8Array
  size: number
  expiresAt: string
}

/** Codes that were sent to see whether an address is the citizen's. `idHash` is the digest of an id that only the asking browser has. */
export interface VerificationQueries {
  /** Keeps it, and puts what sends its message into the outbox. */
  addVerification(verification: VerificationInput): Promise<void>
  /** What is to be sent; null if it is over by `now`. */
  verificationMessage(idHash: string, now: string): Promise<Uint8Array | null>
  /** Takes one of its tries, and gives what the try is to be compared with; null if there is none left, or it is over by `now`. */
  tryVerification(service: string, idHash: string, now: string): Promise<VerificationTry | null>
  /** It has served. False if it was ended before. */
  endVerification(idHash: string): Promise<boolean>
  /** Deletes what expired before `now`, and gives how many there were. */
  purgeVerifications(now: Bygone): Promise<number>
}

export interface VerificationInput {
  idHash: string
  service: string
  /** Keyed digests of the address and of the code. */
  valueMac: string
  codeMac: string
  /** Sealed: address and words. */
  message: Uint8Array
  triesLeft: number
  expiresAt: string
  /** Null: nothing is sent. */
  outbox: OutboxEntry | null
  at: string
}

export type VerificationTry = Pick<VerificationInput, 'valueMac' | 'codeMac' | 'triesLeft'>

/** Of a row whose try was taken: null if there was none, or it is over by `now`. */
export const tried = (row: (VerificationTry & { expiresAt: string }) | undefined, now: string): VerificationTry | null =>
  row && row.expiresAt > now ? { valueMac: row.valueMac, codeMac: row.codeMac, triesLeft: row.triesLeft } : null

/** What officers do with submissions. A page of a list costs the same however many there are. */
export interface CaseQueries {
  /** `within`, here and below: of those cases alone. */
  submission(id: string, within?: CaseScope): Promise<SubmissionRecord | null>
  attachmentsOf(submission: string): Promise<AttachmentRecord[]>
  /**
   * The one way in which a case moves: where it stands, the step in its history, the audit event and the outbox are one
   * transaction, and so is what the citizen adds. @throws Conflict 'stale' when it no longer is as it was when `from` was
   * read; 'claimed' when one of the files belongs to something else
   */
  moveCase(move: CaseMove): Promise<void>
  /** The steps after that number, in order. The first one has the number 2: it makes the second revision. */
  caseSteps(submission: string, after?: number): Promise<CaseStep[]>
  /** What the citizen added to it, in order. */
  amendments(submission: string): Promise<AmendmentRecord[]>
  /** Newest first; of a stage, what is due first. */
  cases(filter: CaseFilter, after: CasePlace | null, limit: number, within?: CaseScope): Promise<CaseSummary[]>
  /** How many submissions a service has now, and the id of the last one; null: none. */
  exportScope(service: string, within?: CaseScope): Promise<{ count: number; last: string | null }>
  /** In the order of their ids, from after one to another, which is included. */
  submissionsBetween(service: string, after: string, last: string, limit: number, within?: CaseScope): Promise<ExportedSubmission[]>
  /** Adds an event to the audit log that goes with no change, such as that somebody read something. */
  audit(action: AuditEvent['action'], object: string, by: Deed): Promise<void>
}

/** What officers work on. A page costs the same however many cases there are. */
export interface WorkQueries {
  /** Open cases; what is due first comes first, what has no term comes last. */
  openCases(filter: WorkFilter, after: CasePlace | null, limit: number, within?: CaseScope): Promise<CaseSummary[]>
  /** How many there are, counted up to `most`. */
  countOpen(filter: WorkFilter, most: number, within?: CaseScope): Promise<number>
  /** How many there are of a service, by the version they were sent with, newest first; counted up to `most` together. */
  countOpenByVersion(service: string, most: number): Promise<VersionCount[]>
  /** Ids of the users whose these cases are, by case; those that are nobody's are not in it. */
  assignees(submissions: readonly string[]): Promise<Map<string, string>>
  /** Gives an open case to somebody; null: to nobody. @throws Conflict 'stale' when it is not `from`'s any more, or closed */
  assignCase(submission: string, from: string | null, to: string | null, by: Deed): Promise<void>
  addCaseNote(note: CaseNote, by: Deed): Promise<void>
  /** Oldest first. */
  caseNotes(submission: string): Promise<CaseNote[]>
  /** Those who work here, by name. */
  colleagues(): Promise<Colleague[]>
}

export interface WorkFilter extends CaseFilter {
  /** Of this user; null: of nobody. */
  assignee?: string | null
  /** Due at this moment or later. */
  dueFrom?: string
  /** Due before this moment. */
  dueBefore?: string
}

export interface CaseNote {
  submission: string
  /** In the order in which they were written. */
  id: string
  at: string
  actor: string
  /** Sealed in the submission's box. */
  note: Uint8Array
}

/** Due after everything that has a term. */
export const noTerm = '9999-12-31T23:59:59.999Z'

/** Where a case stands. */
export interface Standing {
  status: string
  /** The stage it stands at; null if the service has none, or the case is closed. */
  stage: string | null
  /** Null: since it was received. */
  stageEnteredAt: string | null
  /** The last moment of the stage's term, or until when the citizen is asked to answer while it waits for them; `noTerm` if there is none. */
  dueAt: string
  closedAt: string | null
  /** What was decided about it; null: nothing, or by its route. */
  decision: string | null
  /** 1 once a term has passed at any of its stages, else 0. */
  late: number
}

export interface CaseMove {
  from: CaseSummary
  to: Standing
  /** Id of the decision. */
  decision: string
  /** What the officer wrote, sealed in the submission's box. */
  note: Uint8Array | null
  /** What the citizen is to answer or hand in, sealed in the same box; absent: nothing is named. */
  asked?: Uint8Array | null
  /** Tells the request that makes it when it is sent again; absent: it is not to be told. */
  keyMac?: string | null
  by: Deed
  outbox: readonly OutboxEntry[]
  /** Counters of which it gives a place back. */
  givesBack?: readonly string[]
  /** What the citizen adds with it. */
  amendment?: Amendment
}

/** A new version of what was sent in. The one before is kept beside it, as it was sealed. */
export interface Amendment {
  before: Pick<SubmissionRecord, 'answers' | 'outcome'>
  /** Sealed in the submission's box, under the revision that the move makes. */
  answers: Uint8Array
  outcome: Uint8Array
  /** Files that belong to the case from now on; all of them, or nothing is kept. */
  attachments: readonly string[]
  /** Of the request, so that asking again is answered the same. */
  keyHash: string
  bodyMac: string
  /** Called inside the transaction, as that of a submission is. */
  conclude(auditSequence: number, leaf: string): { receipt: Uint8Array; answer: Uint8Array }
}

export interface AmendmentRecord {
  /** The revision that it made. */
  number: number
  at: string
  /** The version that was there before it: sealed under the amendment before this one, or as it was sent in. */
  answers: Uint8Array
  outcome: Uint8Array
  receipt: Uint8Array
  keyHash: string
  bodyMac: string
  answer: Uint8Array
}

export interface CaseStep {
  /** The revision that it made. */
  number: number
  at: string
  actor: string
  decision: string
  fromStatus: string
  toStatus: string
  fromStage: string | null
  toStage: string | null
  note: Uint8Array | null
  asked: Uint8Array | null
  keyMac: string | null
}

/** `stage` goes with `service`. */
export interface CaseFilter {
  service?: string
  status?: string
  stage?: string
}

/** Cases that somebody may see: those of each service, or those of it that stand at one of the stages. Each service once. */
export type CaseScope = readonly { service: string; stages?: readonly string[] }[]

/** A case's place in a list. */
export type CasePlace = Pick<CaseSummary, 'id' | 'dueAt'>

/** Who did it and when; the store adds the event to the agency's chain in the same transaction. */
export interface Deed {
  actor: string
  at: string
  details?: AuditEvent['details']
  /** Kept beside the event, which holds no more of it than its details say. */
  note?: SealedNote
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
  /** Codes of the warnings that it was published with. */
  acknowledged?: readonly string[] | null
}

export interface VersionSummary {
  version: number
  publishedAt: string
  digest: string
  /** Null: it was published before anybody was asked. */
  acknowledged: readonly string[] | null
}

export interface VersionRecord extends VersionInput, VersionSummary {
  acknowledged: readonly string[] | null
}

export interface KeyClaim {
  service: string
  keyHash: string
  bodyMac: string
  at: string
}

/** Stands in place of a body's digest where a key was withdrawn. */
export const withdrawn = 'withdrawn'

export type KeyState = { state: 'claimed' } | { state: 'running' } | { state: 'other-body' } | { state: 'done'; answer: Uint8Array }

/** A case without what was sent in. */
export interface CaseSummary extends Standing {
  id: string
  service: string
  version: number
  language: string
  receivedAt: string
  /** Counts the moves, from 1. */
  revision: number
  /** The revision by which the citizen last changed what was sent in; 0: it is as it was sent. */
  amended: number
}

export interface SubmissionRecord extends CaseSummary {
  referenceHash: string
  sealing: Sealing | null
  answers: Uint8Array
  outcome: Uint8Array
}

/** A case as it is taken along, with what its steps say of it. */
export interface ExportedSubmission extends SubmissionRecord {
  /** When it was decided as `decision` says; null: not by a step. */
  decidedAt: string | null
  /** How many times the citizen has added to it, and when last. */
  amendments: number
  amendedAt: string | null
}

/** As it is received: it has not moved yet. */
export type NewSubmission = Omit<SubmissionRecord, 'revision' | 'amended' | keyof Standing> &
  Pick<Standing, 'status' | 'stage'> &
  Partial<Pick<Standing, 'dueAt' | 'closedAt'>>

export interface SubmissionEntry {
  submission: NewSubmission
  /** What answers, outcome and receipt are sealed with where they are written. Absent or null: they are kept as they are given, with `sealing` beside them. */
  seal?: BoxSecret | null
  attachments: readonly string[]
  /** Without a note. */
  deed: Omit<Deed, 'note'>
  keyHash: string
  /** All of them are taken, or nothing is recorded. */
  places?: readonly PlaceClaim[]
  outbox: readonly OutboxEntry[]
  /** What is made inside the transaction with the place in the audit log and the hash of the leaf there: the receipt names both. */
  conclude: Conclude
}

/** One of at most `most` places that a counter of a service has. A place is given back only when a case that held it is rejected (CaseMove). */
export interface PlaceClaim {
  counter: string
  most: number
  /** What counts as taken while the counter has no row: submissions of these ids (from, until; not included). Null: none. */
  before: { from: string; until: string } | null
}

/** An effect on the outside, kept with what caused it. */
export interface OutboxEntry {
  /** Also the key by which the receiver knows it again. */
  id: string
  kind: string
  /** What is slow or down as one: the host of a webhook, the mail server. No secret and nothing personal: lists show it. */
  destination: string
  /** Sealed in the submission's box, if there is a submission. */
  payload: Uint8Array
}

export interface DeliveryClaim {
  /** Names this claim; nobody else's is the same. */
  lease: string
  now: string
  until: string
  limit: number
  perDestination: number
  /** Destinations that have enough to do. */
  skip: readonly string[]
  /** What is due later than any pause lasts was set by a clock that was wrong: it is due now. */
  farAfter?: string
}

export interface DeliverySummary {
  id: string
  kind: string
  destination: string
  service: string
  /** Null: it is about the service itself. */
  submission: string | null
  /** Tries so far, this one included. */
  attempts: number
  createdAt: string
  /** Null: a dead letter. */
  dueAt: string | null
  /** Why the last try failed; null if there was none. */
  reason: string | null
}

export interface ClaimedDelivery extends Omit<DeliverySummary, 'dueAt'> {
  payload: Uint8Array
  /** Of its submission, as it is now: when the submission's key is gone, so is what the delivery says. */
  sealing: Sealing | null
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

export interface NewUser {
  id: string
  email: string
  name: string
  passwordHash: string
}

export interface UserRecord extends NewUser {
  memberships: readonly Membership[]
  /** Only those who are `active` can sign in, and have sessions. Who is `removed` stays for the audit log, without address. */
  state: 'active' | 'suspended' | 'removed'
  /** Of the time-based code, sealed; null: there is none. */
  totpSecret: Uint8Array | null
  /** The last step of it that was used. */
  totpStep: number
  /** Digests of those that are left. */
  recoveryCodes: readonly string[]
}

/** Somebody who works here, or did. */
export type Colleague = Pick<UserRecord, 'id' | 'name' | 'memberships' | 'state'>

/** The row changed, is taken, or is not in the state the change asks for. */
export class Conflict extends Error {
  readonly kind: 'taken' | 'stale' | 'claimed' | 'full' | 'last-owner'
  /** The counter that has no place left. */
  readonly counter: string | null
  constructor(kind: Conflict['kind'], counter: string | null = null) {
    super(kind)
    this.kind = kind
    this.counter = counter
  }
}
