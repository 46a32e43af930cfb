/** The columns as drizzle knows them. The SQL in migrations/ makes them; tables.test.ts holds the two together. */
import { blob, customType, integer, primaryKey, sqliteTable, text as sqliteText } from 'drizzle-orm/sqlite-core'
import type { Membership } from '../../access/may.ts'
import type { KeyPermission } from '../../access/permissions.ts'
import type { Sealing } from '../../keys/seal-box.ts'
import type { Measure } from '../../statistics/count.ts'
import type { ApprovalKind, ApprovalState, CertificateKind, ErasureGrounds } from '../erasure.ts'
import type { KeptKind } from '../library.ts'
import type { AgencySettings, Quotas } from '../people.ts'
import type { ReleaseState } from '../releases.ts'
import { type AgencyId, noTerm, type SealingKey, type UserRecord } from '../store.ts'

/** As in PostgreSQL, which has no NUL in text: what holds one is looked for, or kept, with the mark for "not a character" in its place. */
const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => (value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value),
})
const agencyId = () => text('agency_id').$type<AgencyId>().notNull()
const json = <T>(name: string) => sqliteText(name, { mode: 'json' }).$type<T>()
const bytes = (name: string) => blob(name, { mode: 'buffer' }).notNull()

export const agencies = sqliteTable(
  'agencies',
  {
    agencyId: agencyId(),
    title: text('title').notNull(),
    setupHash: text('setup_hash'),
    createdAt: text('created_at').notNull(),
    livedUntil: text('lived_until'),
    settings: json<AgencySettings>('settings').notNull().default({}),
    quotas: json<Quotas>('quotas').notNull().default({}),
    settingsRevision: integer('settings_revision').notNull().default(1),
    deletedAt: text('deleted_at'),
  },
  (table) => [primaryKey({ columns: [table.agencyId] })],
)

export const users = sqliteTable(
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
    totpSecret: blob('totp_secret', { mode: 'buffer' }),
    totpStep: integer('totp_step').notNull().default(0),
    recoveryCodes: json<readonly string[]>('recovery_codes').notNull().default([]),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const sessions = sqliteTable(
  'sessions',
  {
    agencyId: agencyId(),
    tokenHash: text('token_hash').notNull(),
    userId: text('user_id').notNull(),
    createdAt: text('created_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    seenAt: text('seen_at').notNull(),
    provedAt: text('proved_at').notNull(),
    strong: integer('strong').notNull(),
    label: text('label').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.tokenHash] })],
)

export const passkeys = sqliteTable(
  'passkeys',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    publicKey: bytes('public_key'),
    counter: integer('counter').notNull(),
    createdAt: text('created_at').notNull(),
    usedOn: text('used_on'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const invitations = sqliteTable(
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

export const apiKeys = sqliteTable(
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

export const services = sqliteTable(
  'services',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    definition: json<unknown>('definition').notNull(),
    policy: json<object>('policy').notNull(),
    revision: integer('revision').notNull(),
    publishedVersion: integer('published_version'),
    savedBy: text('saved_by').notNull(),
    savedAt: text('saved_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const versions = sqliteTable(
  'versions',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    version: integer('version').notNull(),
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
export const releases = sqliteTable(
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
    base: integer('base').notNull(),
    dueAt: text('due_at').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: text('requested_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: text('decided_at'),
    version: integer('version'),
    reasons: json<readonly string[]>('reasons'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** What an agency keeps beside its services. */
export const library = sqliteTable(
  'library',
  {
    agencyId: agencyId(),
    kind: text('kind').$type<KeptKind>().notNull(),
    id: text('id').notNull(),
    version: integer('version').notNull(),
    title: json<Readonly<Record<string, string>>>('title').notNull(),
    content: json<unknown>('content').notNull(),
    digest: text('digest').notNull(),
    savedBy: text('saved_by').notNull(),
    savedAt: text('saved_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.kind, table.id, table.version] })],
)

export const submissions = sqliteTable(
  'submissions',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    service: text('service_id').notNull(),
    version: integer('version').notNull(),
    language: text('language').notNull(),
    receivedAt: text('received_at').notNull(),
    referenceHash: text('reference_hash').notNull(),
    status: text('status').notNull(),
    stage: text('stage'),
    sealing: json<Sealing>('sealing'),
    answers: bytes('answers'),
    outcome: bytes('outcome'),
    revision: integer('revision').notNull().default(1),
    stageEnteredAt: text('stage_entered_at'),
    dueAt: text('due_at').notNull().default(noTerm),
    closedAt: text('closed_at'),
    decision: text('decision'),
    late: integer('late').notNull().default(0),
    amended: integer('amended').notNull().default(0),
    /** Whether somebody has it, for the indexes: who, case_assignments says. */
    assigned: integer('assigned').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** What officers decided, step by step. */
export const caseSteps = sqliteTable(
  'case_steps',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    number: integer('number').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    decision: text('decision').notNull(),
    fromStatus: text('from_status').notNull(),
    toStatus: text('to_status').notNull(),
    fromStage: text('from_stage'),
    toStage: text('to_stage'),
    note: blob('note', { mode: 'buffer' }),
    asked: blob('asked', { mode: 'buffer' }),
    keyMac: text('key_mac'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission, table.number] })],
)

/** What citizens added to their cases, each with the version of the answers that was there before it. */
export const amendments = sqliteTable(
  'amendments',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    number: integer('number').notNull(),
    at: text('at').notNull(),
    answers: bytes('answers'),
    outcome: bytes('outcome'),
    receipt: bytes('receipt'),
    keyHash: text('key_hash').notNull(),
    bodyMac: text('body_mac').notNull(),
    answer: bytes('answer'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission, table.number] })],
)

/** Whose open cases are. */
export const caseAssignments = sqliteTable(
  'case_assignments',
  { agencyId: agencyId(), submission: text('submission_id').notNull(), assignee: text('assignee').notNull(), at: text('at').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission] })],
)

/** Which mails officers asked for, and what they have been told. */
export const officerMail = sqliteTable(
  'officer_mail',
  {
    agencyId: agencyId(),
    user: text('user_id').notNull(),
    language: text('language').notNull(),
    assigned: integer('assigned').notNull(),
    days: integer('days').notNull(),
    digest: integer('digest').notNull(),
    given: integer('given').notNull().default(0),
    toldOn: text('told_on').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.user] })],
)

/** What colleagues note about a case; citizens do not see it. */
export const caseNotes = sqliteTable(
  'case_notes',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    id: text('id').notNull(),
    at: text('at').notNull(),
    actor: text('actor').notNull(),
    note: bytes('note'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission, table.id] })],
)

export const receipts = sqliteTable('receipts', { agencyId: agencyId(), submission: text('submission_id').notNull(), content: bytes('content') }, (table) => [
  primaryKey({ columns: [table.agencyId, table.submission] }),
])

export const attachments = sqliteTable(
  'attachments',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    service: text('service_id').notNull(),
    target: text('target').notNull(),
    name: bytes('name'),
    type: text('type').notNull(),
    size: integer('size').notNull(),
    digest: text('digest').notNull(),
    sealing: json<Sealing>('sealing'),
    receivedAt: text('received_at').notNull(),
    submission: text('submission_id'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    keyHash: text('key_hash').notNull(),
    bodyMac: text('body_mac').notNull(),
    startedAt: text('started_at').notNull(),
    answer: blob('answer', { mode: 'buffer' }),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.keyHash] })],
)

export const auditEvents = sqliteTable(
  'audit_events',
  {
    agencyId: agencyId(),
    sequence: integer('sequence').notNull(),
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

export const outbox = sqliteTable(
  'outbox',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    kind: text('kind').notNull(),
    destination: text('destination').notNull(),
    service: text('service_id').notNull(),
    submission: text('submission_id'),
    payload: bytes('payload'),
    attempts: integer('attempts').notNull(),
    createdAt: text('created_at').notNull(),
    dueAt: text('due_at'),
    lease: text('lease'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** What citizens saved to come back to, sealed in their browsers. */
export const drafts = sqliteTable(
  'drafts',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    revision: integer('revision').notNull(),
    version: integer('version').notNull(),
    content: bytes('content'),
    size: integer('size').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.idHash] })],
)

export const draftAttachments = sqliteTable(
  'draft_attachments',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    attachment: text('attachment_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.attachment, table.service, table.idHash] })],
)

export const uploads = sqliteTable(
  'uploads',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    target: text('target').notNull(),
    name: bytes('name'),
    sealing: json<Sealing>('sealing'),
    type: text('type').notNull(),
    size: integer('size').notNull(),
    ownerHash: text('owner_hash'),
    createdAt: text('created_at').notNull(),
    received: integer('received').notNull().default(0),
    attachment: text('attachment_id'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.idHash] })],
)

export const uploadParts = sqliteTable(
  'upload_parts',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    idHash: text('id_hash').notNull(),
    start: integer('start').notNull(),
    size: integer('size').notNull(),
    file: text('file_id').notNull(),
    sealing: json<Sealing>('sealing'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.idHash, table.start] })],
)

/** Codes on their way to an address that a citizen says is theirs. */
export const verifications = sqliteTable(
  'verifications',
  {
    agencyId: agencyId(),
    idHash: text('id_hash').notNull(),
    service: text('service_id').notNull(),
    valueMac: text('value_mac').notNull(),
    codeMac: text('code_mac').notNull(),
    message: bytes('message'),
    triesLeft: integer('tries_left').notNull(),
    expiresAt: text('expires_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.idHash] })],
)

/** Citizens who are signed in (citizen-sessions.ts). */
export const citizenSessions = sqliteTable(
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
export const statistics = sqliteTable(
  'statistics',
  {
    agencyId: agencyId(),
    grain: text('grain').$type<'day' | 'month'>().notNull(),
    period: text('period').notNull(),
    service: text('service_id').notNull(),
    measure: text('measure').$type<Measure>().notNull(),
    channel: text('channel').notNull(),
    language: text('language').notNull(),
    slot: integer('slot').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.grain, table.period, table.service, table.measure, table.channel, table.language, table.slot] })],
)

export const statisticsPeople = sqliteTable(
  'statistics_people',
  {
    agencyId: agencyId(),
    month: text('month').notNull(),
    audience: text('audience').notNull(),
    registers: bytes('registers'),
    key: blob('sketch_key', { mode: 'buffer' }),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.month, table.audience] })],
)

export const places = sqliteTable(
  'places',
  { agencyId: agencyId(), service: text('service_id').notNull(), counter: text('counter').notNull(), taken: integer('taken').notNull() },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.counter] })],
)

export const keyMarks = sqliteTable('key_marks', { agencyId: agencyId(), name: text('name').notNull(), mark: text('mark').notNull() }, (table) => [
  primaryKey({ columns: [table.agencyId, table.name] }),
])

/** The hash tree over the audit events. */
export const logTiles = sqliteTable(
  'log_tiles',
  { agencyId: agencyId(), level: integer('level').notNull(), number: integer('number').notNull(), hashes: bytes('hashes') },
  (table) => [primaryKey({ columns: [table.agencyId, table.level, table.number] })],
)

/** What was signed about it. */
export const logCheckpoints = sqliteTable(
  'log_checkpoints',
  {
    agencyId: agencyId(),
    period: text('period').notNull(),
    size: integer('size').notNull(),
    note: text('note').notNull(),
    signedAt: text('signed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.period] })],
)

/** Words that go with an event and are not in the log. */
export const auditNotes = sqliteTable(
  'audit_notes',
  { agencyId: agencyId(), sequence: integer('sequence').notNull(), sealing: json<Sealing>('sealing'), content: bytes('content') },
  (table) => [primaryKey({ columns: [table.agencyId, table.sequence] })],
)

export const sealingKeys = sqliteTable(
  'sealing_keys',
  {
    agencyId: agencyId(),
    kind: text('kind').$type<SealingKey['kind']>().notNull(),
    owner: text('owner').notNull(),
    number: integer('number').notNull(),
    publicKey: text('public_key').notNull(),
    locked: json<object>('locked'),
    createdAt: text('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.kind, table.owner, table.number] })],
)

export const sealingWraps = sqliteTable(
  'sealing_wraps',
  {
    agencyId: agencyId(),
    service: text('service_id').notNull(),
    epoch: integer('epoch').notNull(),
    forKey: text('for_key').notNull(),
    enc: text('enc').notNull(),
    key: text('key').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.service, table.epoch, table.forKey] })],
)

/** What is asked of other eyes (erasure/approvals.ts). */
export const approvals = sqliteTable(
  'approvals',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    kind: text('kind').$type<ApprovalKind>().notNull(),
    object: text('object').notNull(),
    state: text('state').$type<ApprovalState>().notNull(),
    reason: blob('reason', { mode: 'buffer' }),
    requestedBy: text('requested_by').notNull(),
    requestedAt: text('requested_at').notNull(),
    expiresAt: text('expires_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: text('decided_at'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** Cases that must be kept. */
export const holds = sqliteTable(
  'holds',
  {
    agencyId: agencyId(),
    submission: text('submission_id').notNull(),
    reason: bytes('reason'),
    setBy: text('set_by').notNull(),
    setAt: text('set_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.submission] })],
)

export const certificates = sqliteTable(
  'certificates',
  {
    agencyId: agencyId(),
    id: text('id').notNull(),
    kind: text('kind').$type<CertificateKind>().notNull(),
    at: text('at').notNull(),
    cases: integer('cases').notNull(),
    details: json<ErasureGrounds>('details').notNull(),
    jws: text('jws'),
  },
  (table) => [primaryKey({ columns: [table.agencyId, table.id] })],
)

/** Keys and files of erased cases that are still to be destroyed. */
export const shreds = sqliteTable(
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
