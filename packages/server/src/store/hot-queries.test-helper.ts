/** The queries that are asked all day, on tables that grow for ever. Their plans are held by tests on both databases. */
import type { Bygone } from '../lived-time.ts'
import type { AgencyStore, Deed, Store, SubmissionEntry } from './store.ts'

const at = '2026-01-05T08:00:00.000Z'
const later = '2026-01-06T08:00:00.000Z'
const by: Deed = { actor: 'system', at }
const bytes = new TextEncoder().encode('bytes')

/** Tables with a row for each submission or more. */
export const growing = [
  'submissions',
  'case_assignments',
  'case_notes',
  'amendments',
  'receipts',
  'attachments',
  'idempotency_keys',
  'audit_events',
  'outbox',
  'uploads',
  'upload_parts',
  'verifications',
  'citizen_sessions',
  'case_steps',
  'drafts',
  'draft_attachments',
] as const

/** Makes a service. To be called before the queries are watched. */
export async function prepareHotQueries(store: Store): Promise<void> {
  const city = store.agency(await store.ensureAgency('city', 'City', at))
  await city.saveService({ id: 'card', definition: {}, policy: {} }, null, by)
  await city.publish({ service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: 'd' }, 1, by)
}

/** What a citizen's submission, look-up and delivery, an officer's work and the server's own upkeep ask, each of it once. */
export async function askHotQueries(store: Store): Promise<void> {
  const city = store.agency((await store.findAgency('city'))!)
  await city.published('card')
  await city.addAttachment(
    { id: 'a1', service: 'card', target: 't', name: bytes, type: 'x', size: 1, digest: 'd', sealing: null, receivedAt: at, submission: null },
    by,
  )
  await city.attachments(['a1', 'a2'])
  for (const idHash of ['u1', 'u2']) {
    await city.beginUpload({ service: 'card', idHash, target: 't', name: bytes, sealing: null, type: 'x', size: 1, ownerHash: null, createdAt: at })
    await city.upload('card', idHash, '')
    await city.appendPart('card', idHash, { start: 0, size: 1, file: 'f', sealing: null })
    await city.uploadParts('card', idHash)
  }
  const attachment = { id: 'a2', service: 'card', target: 't', name: bytes, type: 'x', size: 1, digest: 'd', sealing: null, receivedAt: at, submission: null }
  await city.finishUpload('card', 'u1', attachment, by)
  await city.deleteUpload('card', 'u2')
  await city.claimKey({ service: 'card', keyHash: 'k1', bodyMac: 'm', at }, '')
  const submission: SubmissionEntry['submission'] = {
    id: 's1',
    service: 'card',
    version: 1,
    language: 'en',
    receivedAt: at,
    referenceHash: 'r1',
    status: 'received',
    stage: null,
    sealing: null,
    answers: bytes,
    outcome: bytes,
  }
  const outbox = ['d1', 'd2', 'd3'].map((id) => ({ id, kind: 'webhook', destination: 'https://a.example', payload: bytes }))
  const conclude = () => ({ receipt: bytes, answer: bytes })
  const places = [{ counter: 'all', most: 10, before: null }]
  await city.record({ submission, attachments: ['a1'], deed: by, keyHash: 'k1', places, outbox, conclude })
  await city.placesTaken('card', ['all'])
  await city.claimKey({ service: 'card', keyHash: 'k1', bodyMac: 'm', at }, '')
  await city.claimKey({ service: 'card', keyHash: 'k2', bodyMac: 'm', at }, '')
  await city.releaseKey('card', 'k2')
  await city.submissionByReference('r1')
  await city.claimDeliveries({ lease: 'l', now: at, until: '2026-01-05T08:01:00.000Z', limit: 10, perDestination: 10, skip: [] })
  await city.finishDelivery('d1', 'l', by)
  await city.retryDelivery('d2', 'l', at, 'later')
  await city.buryDelivery('d3', 'l', 'no', by)
  await city.openCases({}, null, 10)
  await city.countOpen({ dueBefore: at }, 10)
  for (const narrowed of [{ status: 'waiting' }, { assignee: null }, { service: 'card', stage: 'check', assignee: null }]) {
    await city.openCases(narrowed, { id: 's0', dueAt: at }, 10)
    await city.countOpen(narrowed, 10)
  }
  await city.countOpenByVersion('card', 10)
  await city.countDrafts('card', 10, at)
  const unit = [{ service: 'card', stages: ['check'] }]
  await city.openCases({}, null, 10, unit)
  await city.countOpen({}, 10, unit)
  await city.assignCase('s1', null, 'u1', by)
  await city.assignees(['s1', 's2'])
  await city.openCases({ assignee: 'u1' }, null, 10)
  await city.countOpen({ assignee: 'u1' }, 10)
  await city.addCaseNote({ submission: 's1', id: 'n1', at, actor: 'user:u1', note: bytes }, by)
  await city.caseNotes('s1')
  await city.amendments('s1')
  const message = { message: bytes, triesLeft: 5, expiresAt: '2026-01-05T08:10:00.000Z', outbox: null, at }
  await city.addVerification({ idHash: 'v1', service: 'card', valueMac: 'v', codeMac: 'c', ...message })
  await city.verificationMessage('v1', at)
  await city.tryVerification('card', 'v1', at)
  await city.endVerification('v1')
  const who = { provider: 'national', subjectMac: 'm', providerSessionMac: 'p' }
  const times = { createdAt: at, seenAt: at, expiresAt: '2026-01-05T09:00:00.000Z' }
  await city.openCitizenSession({ idHash: 'c1', service: 'card', level: 'low', ...who, ...times })
  await city.citizenSession('c1', at)
  await city.touchCitizenSession('c1', at)
  await city.extendCitizenSession('c1', { seenAt: at, expiresAt: '2026-01-05T10:00:00.000Z' })
  await city.endCitizenSessions({ provider: 'national', subjectMac: 'm' }, 'provider:national', by)
  await city.endCitizenSessions({ provider: 'national', providerSessionMacs: ['p'] }, 'provider:national', by)
  await city.endCitizenSessions({ idHash: 'c1' }, 'service:card', by)
  await city.auditEvents(0, 10)
  await askWhatOfficersAsk(city)
  await askWhatIsAskedByItself(city)
}

/** Signed in, with a case, and what becomes of it. Lists have tests of their own (case-plans.test-helper.ts). */
async function askWhatOfficersAsk(city: AgencyStore): Promise<void> {
  const session = { tokenHash: 't1', user: 'u1', createdAt: at, expiresAt: later, seenAt: at, provedAt: at, strong: 0, label: '' }
  await city.offerSetup('setup')
  await city.createFirstUser({ id: 'u1', email: 'u1', name: 'u1', passwordHash: 'p' }, 'setup', at)
  await city.openSession(session, by)
  await city.session('t1', at)
  await city.touchSession('t1', at)
  await city.sessionsOf('u1', at)
  const from = (await city.submission('s1'))!
  await city.attachmentsOf('s1')
  await city.hold('s1')
  await city.receipt('s1')
  await city.submissionsBetween('card', '', 's9', 10)
  const to = { status: 'in_review', stage: 'intake', stageEnteredAt: at, dueAt: at, closedAt: null, decision: null, late: 0 }
  await city.moveCase({ from, to, decision: 'accept', note: bytes, by, outbox: [] })
  await city.caseSteps('s1')
  await city.audit('submission.read', 'submission:s1', by)
  await city.findAuditEvents({ object: 'submission:s1' }, 1000, 10, 1000)
  await city.closeSession('t1', by)
}

/** Drafts, and what the server looks for beside the requests. */
async function askWhatIsAskedByItself(city: AgencyStore): Promise<void> {
  const draft = { service: 'card', idHash: 'd1', version: 1, content: bytes, expiresAt: later, attachments: [] }
  await city.saveDraft(draft, null, at)
  await city.savedDraft('card', 'd1', at)
  await city.deleteDraft('card', 'd1')
  const bygone = '2026-01-01T00:00:00.000Z' as Bygone
  await city.purgeDrafts(bygone)
  await city.purgeUploads(bygone)
  await city.purgeVerifications(bygone)
  await city.casesPast('card', 'received', bygone, '', 10)
  await city.receivedIn('2025-12', 'submission', '', 10)
  await city.dueReleases(at, 10)
  await city.usage('2026-01-05', false)
}
