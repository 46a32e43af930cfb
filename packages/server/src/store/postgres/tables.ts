/** The columns as drizzle knows them. The SQL in migrations/ makes them; postgres-store.test.ts holds the two together. */
import { bigint, customType, type PgTable, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import type { Membership } from '../../access/may.ts'
import type { KeyPermission } from '../../access/permissions.ts'
import type { Sealing } from '../../keys/seal-box.ts'
import type { Measure } from '../../statistics/count.ts'
import type { ApprovalKind, ApprovalState, CertificateKind, ErasureGrounds } from '../erasure.ts'
import type { KeptKind } from '../library.ts'
import type { AgencySettings, Quotas } from '../people.ts'
import type { ReleaseState } from '../releases.ts'
import { type AgencyId, noTerm, type SealingKey, type UserRecord } from '../store.ts'

/**
 * Compared byte by byte, as SQLite does: no index depends on the language rules of the machine's C library. PostgreSQL
 * has no NUL in text; what holds one is looked for, or kept, with the mark for "not a character" in its place.
 */
const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => (value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value),
})
/** JSON kept as it was written: jsonb would put keys in another order. */
const json = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({ dataType: () => 'text', toDriver: (value) => JSON.stringify(value), fromDriver: (value) => JSON.parse(value) })(
    name,
  )
const bytea = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
})
/** Always 64 bits wide: elsewhere INTEGER is, too, and the width decides how the driver gives it. */
const whole = (name: string) => bigint(name, { mode: 'number' })
const agencyId = () => text('agency_id').$type<AgencyId>().notNull()

export const agencies = pgTable(
  'agencies',
  {
    agencyId: agencyId(),
    title: text('title').notNull(),
    setupHash: text('setup_hash'),
    createdAt: text('created_at').notNull(),
    /** Where the audit log stands: the next event is made from it, under this row's lock. */
    auditSequence: whole('audit_sequence').notNull(),
    auditDigest: text('audit_digest').notNull(),
    livedUntil: text('lived_until'),
    settings: json<AgencySettings>('settings').notNull().default({}),
    quotas: json<Quotas>('quotas').notNull().default({}),
    settingsRevision: whole('settings_revision').notNull().default(1),
    deletedAt: text('deleted_at'),
  },
  (table) => [primaryKey({ columns: [table.agencyId] })],
)

export const users = pgTable(
  'users',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    email: text('email').notNull(),
    name: text('name').notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: text('created_at').notNull(),
    memberships: json<readonly Membership[]>('memberships').notNull(),
    state: text('state').$type<UserRecord['state']>().notNull(),
    totpSecret: bytea('totp_secret'),
    totpStep: whole('totp_step').notNull().default(0),
    recoveryCodes: json<readonly string[]>('recovery_codes').notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const sessions = pgTable(
  'sessions',
  {
    agencyId: agencyId(),
    tokenHash: text('token_hash').notNull(),
    userId: text('user_id').notNull(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    seenAt: text('seen_at').notNull(),
    provedAt: text('proved_at').notNull(),
    strong: whole('strong').notNull(),
    label: text('label').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.tokenHash] })],
)

export const passkeys = pgTable(
  'passkeys',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    publicKey: bytea('public_key').notNull(),
    counter: whole('counter').notNull(),
    createdAt: text('created_at').notNull(),
    usedOn: text('used_on'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const invitations = pgTable(
  'invitations',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    tokenHash: text('token_hash').notNull(),
    email: text('email').notNull(),
    memberships: json<readonly Membership[]>('memberships').notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    secretHash: text('secret_hash').notNull(),
    name: text('name').notNull(),
    permissions: json<readonly KeyPermission[]>('permissions').notNull(),
    services: json<readonly string[]>('services'),
    madeBy: text('made_by').notNull(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    usedOn: text('used_on'),
    revokedAt: text('revoked_at'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const services = pgTable(
  'services',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    definition: json<unknown>('definition').notNull(),
    policy: json<object>('policy').notNull(),
    revision: whole('revision').notNull(),
    publishedVersion: whole('published_version'),
    savedBy: text('saved_by').notNull(),
    savedAt: text('saved_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const versions = pgTable(
  'versions',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    version: whole('version').notNull(),
    definition: json<object>('definition').notNull(),
    policy: json<object>('policy').notNull(),
    submissionSchema: json<object>('submission_schema').notNull(),
    digest: text('digest').notNull(),
    publishedAt: text('published_at').notNull(),
    /** Null: it was published before anybody was asked. */
    acknowledged: json<readonly string[]>('acknowledged'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.version] })],
)

/** What is to become a version. */
export const releases = pgTable(
  'releases',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    service: text('service_id').notNull(),
    state: text('state').$type<ReleaseState>().notNull(),
    definition: json<unknown>('definition').notNull(),
    policy: json<object>('policy').notNull(),
    digest: text('digest').notNull(),
    acknowledged: json<readonly string[]>('acknowledged').notNull(),
    base: whole('base').notNull(),
    dueAt: text('due_at').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: text('requested_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: text('decided_at'),
    version: whole('version'),
    reasons: json<readonly string[]>('reasons'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** What an agency keeps beside its services. */
export const library = pgTable(
  'library',
  {
    agencyId: agencyId(),
    kind: text('kind').$type<KeptKind>().notNull(),
    id: text('id').notNull(),
    version: whole('version').notNull(),
    title: json<Readonly<Record<string, string>>>('title').notNull(),
    content: json<unknown>('content').notNull(),
    digest: text('digest').notNull(),
    savedBy: text('saved_by').notNull(),
    savedAt: text('saved_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.kind, table.id, table.version] })],
)

export const submissions = pgTable(
  'submissions',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    service: text('service_id').notNull(),
    version: whole('version').notNull(),
    language: text('language').notNull(),
    receivedAt: text('received_at').notNull(),
    referenceHash: text('reference_hash').notNull(),
    status: text('status').notNull(),
    stage: text('stage'),
    sealing: json<Sealing>('sealing'),
    answers: bytea('answers').notNull(),
    outcome: bytea('outcome').notNull(),
    revision: whole('revision').notNull().default(1),
    stageEnteredAt: text('stage_entered_at'),
    dueAt: text('due_at').notNull().default(noTerm),
    closedAt: text('closed_at'),
    decision: text('decision'),
    late: whole('late').notNull().default(0),
    amended: whole('amended').notNull().default(0),
    /** Whether somebody has it, for the indexes: who, case_assignments says. */
    assigned: whole('assigned').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** What officers decided, step by step. */
export const caseSteps = pgTable(
  'case_steps',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    number: whole('number').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    decision: text('decision').notNull(),
    fromStatus: text('from_status').notNull(),
    toStatus: text('to_status').notNull(),
    fromStage: text('from_stage'),
    toStage: text('to_stage'),
    note: bytea('note'),
    asked: bytea('asked'),
    keyMac: text('key_mac'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission, table.number] })],
)

/** What citizens added to their cases, each with the version of the answers that was there before it. */
export const amendments = pgTable(
  'amendments',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    number: whole('number').notNull(),
    at: text('at').notNull(),
    answers: bytea('answers').notNull(),
    outcome: bytea('outcome').notNull(),
    receipt: bytea('receipt').notNull(),
    keyHash: text('key_hash').notNull(),
    bodyMac: text('body_mac').notNull(),
    answer: bytea('answer').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission, table.number] })],
)

/** Whose open cases are. */
export const caseAssignments = pgTable(
  'case_assignments',
  { agencyId: agencyId(), submission: text('submission_id').notNull(), assignee: text('assignee').notNull(), at: text('at').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission] })],
)

/** Which mails officers asked for, and what they have been told. */
export const officerMail = pgTable(
  'officer_mail',
  {
    agencyId: agencyId(),
    user: text('user_id').notNull(),
    language: text('language').notNull(),
    assigned: whole('assigned').notNull(),
    days: whole('days').notNull(),
    digest: whole('digest').notNull(),
    given: whole('given').notNull().default(0),
    toldOn: text('told_on').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.user] })],
)

/** What colleagues note about a case; citizens do not see it. */
export const caseNotes = pgTable(
  'case_notes',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    id: text('id').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    note: bytea('note').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission, table.id] })],
)

export const receipts = pgTable(
  'receipts',
  { agencyId: agencyId(), submission: text('submission_id').notNull(), content: bytea('content').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission] })],
)

export const attachments = pgTable(
  'attachments',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    service: text('service_id').notNull(),
    target: text('target').notNull(),
    name: bytea('name').notNull(),
    type: text('type').notNull(),
    size: whole('size').notNull(),
    digest: text('digest').notNull(),
    sealing: json<Sealing>('sealing'),
    receivedAt: text('received_at').notNull(),
    submission: text('submission_id'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    keyHash: text('key_hash').notNull(),
    bodyMac: text('body_mac').notNull(),
    startedAt: text('started_at').notNull(),
    answer: bytea('answer'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.keyHash] })],
)

export const auditEvents = pgTable(
  'audit_events',
  {
    agencyId: agencyId(),
    sequence: whole('sequence').notNull(),
    time: text('time').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    object: text('object').notNull(),
    details: json<Record<string, string | number | boolean>>('details'),
    previous: text('previous').notNull(),
    digest: text('digest').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.sequence] })],
)

export const outbox = pgTable(
  'outbox',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    destination: text('destination').notNull(),
    service: text('service_id').notNull(),
    submission: text('submission_id'),
    payload: bytea('payload').notNull(),
    attempts: whole('attempts').notNull(),
    createdAt: text('created_at').notNull(),
    dueAt: text('due_at'),
    lease: text('lease'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** What citizens saved to come back to, sealed in their browsers. */
export const drafts = pgTable(
  'drafts',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    revision: whole('revision').notNull(),
    version: whole('version').notNull(),
    content: bytea('content').notNull(),
    size: whole('size').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.idHash] })],
)

export const draftAttachments = pgTable(
  'draft_attachments',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    attachment: text('attachment_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.attachment, table.service, table.idHash] })],
)

export const uploads = pgTable(
  'uploads',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    target: text('target').notNull(),
    name: bytea('name').notNull(),
    sealing: json<Sealing>('sealing'),
    type: text('type').notNull(),
    size: whole('size').notNull(),
    ownerHash: text('owner_hash'),
    createdAt: text('created_at').notNull(),
    received: whole('received').notNull().default(0),
    attachment: text('attachment_id'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.idHash] })],
)

export const uploadParts = pgTable(
  'upload_parts',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    start: whole('start').notNull(),
    size: whole('size').notNull(),
    file: text('file_id').notNull(),
    sealing: json<Sealing>('sealing'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.idHash, table.start] })],
)

/** Codes on their way to an address that a citizen says is theirs. */
export const verifications = pgTable(
  'verifications',
  {
    agencyId: agencyId(),
    idHash: text('id_hash').notNull(),
    service: text('service_id').notNull(),
    valueMac: text('value_mac').notNull(),
    codeMac: text('code_mac').notNull(),
    message: bytea('message').notNull(),
    triesLeft: whole('tries_left').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.idHash] })],
)

/** Citizens who are signed in (citizen-sessions.ts). */
export const citizenSessions = pgTable(
  'citizen_sessions',
  {
    agencyId: agencyId(),
    idHash: text('id_hash').notNull(),
    service: text('service_id').notNull(),
    provider: text('provider').notNull(),
    subjectMac: text('subject_mac').notNull(),
    providerSessionMac: text('provider_session_mac').notNull(),
    level: text('level').notNull(),
    createdAt: text('created_at').notNull(),
    seenAt: text('seen_at').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.idHash] })],
)

/** Counters: what is counted, and how, stands in statistics/count.ts. */
export const statistics = pgTable(
  'statistics',
  {
    agencyId: agencyId(),
    grain: text('grain').$type<'day' | 'month'>().notNull(),
    period: text('period').notNull(),
    service: text('service_id').notNull(),
    measure: text('measure').$type<Measure>().notNull(),
    channel: text('channel').notNull(),
    language: text('language').notNull(),
    slot: whole('slot').notNull(),
    count: whole('count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.grain, table.period, table.service, table.measure, table.channel, table.language, table.slot] })],
)

export const statisticsPeople = pgTable(
  'statistics_people',
  {
    agencyId: agencyId(),
    month: text('month').notNull(),
    audience: text('audience').notNull(),
    registers: bytea('registers').notNull(),
    key: bytea('sketch_key'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.month, table.audience] })],
)

/** A bucket is when it will be full again, in microseconds. */
export const rateCounters = pgTable(
  'rate_counters',
  { agencyId: agencyId(), nameHash: text('name_hash').notNull(), fullAt: whole('full_at').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.nameHash] })],
)

export const places = pgTable(
  'places',
  { agencyId: agencyId(), service: text('service_id').notNull(), counter: text('counter').notNull(), taken: whole('taken').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.counter] })],
)

export const keyMarks = pgTable('key_marks', { agencyId: agencyId(), name: text('name').notNull(), mark: text('mark').notNull() }, (table) => [
  primaryKey({ columns: [table.agencyId, table.name] }),
])

/** The hash tree over the audit events. */
export const logTiles = pgTable(
  'log_tiles',
  { agencyId: agencyId(), level: whole('level').notNull(), number: whole('number').notNull(), hashes: bytea('hashes').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.level, table.number] })],
)

/** What was signed about it. */
export const logCheckpoints = pgTable(
  'log_checkpoints',
  {
    agencyId: agencyId(),
    period: text('period').notNull(),
    size: whole('size').notNull(),
    note: text('note').notNull(),
    signedAt: text('signed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.period] })],
)

/** Words that go with an event and are not in the log. */
export const auditNotes = pgTable(
  'audit_notes',
  { agencyId: agencyId(), sequence: whole('sequence').notNull(), sealing: json<Sealing>('sealing'), content: bytea('content').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.sequence] })],
)

export const sealingKeys = pgTable(
  'sealing_keys',
  {
    agencyId: agencyId(),
    kind: text('kind').$type<SealingKey['kind']>().notNull(),
    owner: text('owner').notNull(),
    number: whole('number').notNull(),
    publicKey: text('public_key').notNull(),
    locked: json<object>('locked'),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.kind, table.owner, table.number] })],
)

export const sealingWraps = pgTable(
  'sealing_wraps',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    epoch: whole('epoch').notNull(),
    forKey: text('for_key').notNull(),
    enc: text('enc').notNull(),
    key: text('key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.epoch, table.forKey] })],
)

/** What is asked of other eyes (erasure/approvals.ts). */
export const approvals = pgTable(
  'approvals',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    kind: text('kind').$type<ApprovalKind>().notNull(),
    object: text('object').notNull(),
    state: text('state').$type<ApprovalState>().notNull(),
    reason: bytea('reason'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: text('requested_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: text('decided_at'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** Cases that must be kept. */
export const holds = pgTable(
  'holds',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    reason: bytea('reason').notNull(),
    setBy: text('set_by').notNull(),
    setAt: text('set_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission] })],
)

export const certificates = pgTable(
  'certificates',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    kind: text('kind').$type<CertificateKind>().notNull(),
    at: text('at').notNull(),
    cases: whole('cases').notNull(),
    details: json<ErasureGrounds>('details').notNull(),
    jws: text('jws'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** Keys and files of erased cases that are still to be destroyed. */
export const shreds = pgTable(
  'shreds',
  {
    agencyId: agencyId(),
    certificate: text('certificate_id').notNull(),
    owner: text('owner').notNull(),
    submission: text('submission_id').notNull(),
    bucket: text('bucket'),
    file: text('file'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.certificate, table.owner] })],
)

type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE'

/** What the server's own role may do. Nobody who gets hold of it can rewrite the audit log, a version or a receipt. */
export const rights: readonly (readonly [table: PgTable, ...rights: Right[]])[] = [
  [agencies, 'SELECT', 'INSERT', 'UPDATE'],
  [users, 'SELECT', 'INSERT', 'UPDATE'],
  [sessions, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [passkeys, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [invitations, 'SELECT', 'INSERT', 'DELETE'],
  [apiKeys, 'SELECT', 'INSERT', 'UPDATE'],
  [services, 'SELECT', 'INSERT', 'UPDATE'],
  [versions, 'SELECT', 'INSERT'],
  [releases, 'SELECT', 'INSERT', 'UPDATE'],
  [library, 'SELECT', 'INSERT', 'DELETE'],
  // What is deleted of these three is put down in shreds first: row-level security asks for it.
  [submissions, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [caseSteps, 'SELECT', 'INSERT', 'DELETE'],
  [receipts, 'SELECT', 'INSERT', 'DELETE'],
  [caseAssignments, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [caseNotes, 'SELECT', 'INSERT'],
  [officerMail, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [amendments, 'SELECT', 'INSERT'],
  [attachments, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [idempotencyKeys, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [auditEvents, 'SELECT', 'INSERT'],
  [outbox, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [drafts, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [draftAttachments, 'SELECT', 'INSERT', 'DELETE'],
  [uploads, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [uploadParts, 'SELECT', 'INSERT', 'DELETE'],
  [verifications, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [citizenSessions, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [statistics, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [statisticsPeople, 'SELECT', 'INSERT', 'UPDATE'],
  [rateCounters, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [places, 'SELECT', 'INSERT', 'UPDATE'],
  [keyMarks, 'SELECT', 'INSERT'],
  [logTiles, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [logCheckpoints, 'SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  [auditNotes, 'SELECT', 'INSERT'],
  [sealingKeys, 'SELECT', 'INSERT', 'UPDATE'],
  [sealingWraps, 'SELECT', 'INSERT', 'DELETE'],
  [approvals, 'SELECT', 'INSERT', 'UPDATE'],
  [holds, 'SELECT', 'INSERT', 'DELETE'],
  [certificates, 'SELECT', 'INSERT', 'UPDATE'],
  [shreds, 'SELECT', 'INSERT', 'DELETE'],
]
