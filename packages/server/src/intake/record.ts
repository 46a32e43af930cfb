import { pickText, type Text } from '@guichet/core'
import type { Answers, ServiceDefinition } from '@guichet/schemas'
import { dueAt } from '../cases/due.ts'
import { groupCode, newTrackingCode } from '../codes.ts'
import { canonical, digestOf } from '../digest.ts'
import { planFault, sealEffects } from '../outbox/payload.ts'
import { randomBytes } from '../random.ts'
import { canonicalDigest, software } from '../receipts/receipt.ts'
import { receivedDetails } from '../statistics/received.ts'
import { Conflict, type SubmissionEntry } from '../store/store.ts'
import type { IdempotencyKey } from './idempotency.ts'
import { claimOf, refusalOf } from './places.ts'
import type { Clean, Recorded, Sealed } from './stages.ts'

/** One transaction: submission, its files, its places, audit event, receipt, outbox and the answer for whoever asks again. */
export async function record(sealed: Sealed, key: IdempotencyKey): Promise<Recorded> {
  const { clean, id, box } = sealed
  const { intake, filledIn, outcome, submission, answers, attachments } = clean
  const { agency, version } = intake.service
  const { keys } = intake.adapters
  const receivedAt = intake.now.toISOString()
  const reference = newTrackingCode()
  const salt = randomBytes(16).toString('base64url')
  const start = whereItStarts(filledIn.version.definition, outcome.route?.to ?? null, intake.now, answers)
  const language = filledIn.version.definition.languages.includes(submission.language) ? submission.language : filledIn.version.definition.languages[0]
  const digest = canonicalDigest(salt, sealed.answers)
  const counted = receivedDetails({
    intake,
    submission,
    service: version.service,
    language,
    timeZone: version.definition.locale.timeZone,
    status: start.status,
  })
  const { route } = outcome
  const { signedIn } = intake
  const signIn =
    signedIn !== null && signedIn !== 'ended'
      ? { provider: signedIn.provider, level: signedIn.level, evidenceDigest: canonicalDigest(salt, signedIn.evidence) }
      : null
  const order = [language, ...filledIn.version.definition.languages]
  const checkpoint = intake.adapters.auditLog.newest(agency.id)

  const effects = sealEffects(
    intake.service.effects(
      {
        event: {
          type: 'submission.received',
          timestamp: receivedAt,
          data: { agency: agency.id, service: version.service, version: filledIn.version.version, submission: id, status: start.status },
        },
        statusUrl: `${intake.config.baseUrl}/status`,
        submission: { language, answers, program: filledIn.program },
      },
      planFault(intake.adapters.log),
    ),
    box,
    intake.now,
  )

  // Rejected at once, it holds no place that a rejection gives back.
  const places = start.status === 'rejected' ? sealed.places.filter(({ givenBack }) => !givenBack) : sealed.places
  const entry: SubmissionEntry = {
    submission: {
      id,
      service: version.service,
      version: filledIn.version.version,
      language,
      receivedAt,
      referenceHash: digestOf(reference),
      ...start,
      sealing: null,
      answers: Buffer.from(sealed.answers),
      outcome: Buffer.from(sealed.outcome),
    },
    seal: box.secret,
    attachments: attachments.map((attachment) => attachment.id),
    deed: {
      actor: 'citizen',
      at: receivedAt,
      details: {
        version: filledIn.version.version,
        answers: digest,
        attachments: attachments.length,
        ...factsOf(clean),
        ...(signIn ? { signIn: signIn.level } : {}),
        ...counted,
      },
    },
    keyHash: key.hash,
    places: places.map(claimOf),
    outbox: effects,
    conclude: {
      receipt: {
        iss: intake.config.baseUrl,
        agency: agency.id,
        service: version.service,
        version: filledIn.version.version,
        definitionDigest: filledIn.version.digest,
        policyDigest: intake.service.policyDigest,
        software,
        submission: id,
        receivedAt,
        answersDigest: digest,
        ...(submission.sealed ? { manifestDigest: digestOf(canonical(submission.sealed.manifest)) } : {}),
        salt,
        attachments: attachments.map(({ pointer, target, size, digest: of }) => ({
          target: pointer.startsWith('/documents/') ? target : pointer,
          size,
          commitment: digestOf(`${salt}.${of}`),
        })),
        ...(signIn ? { signIn } : {}),
      },
      facts: {
        reference: groupCode(reference),
        submission: id,
        receivedAt,
        documents: outcome.documents.map(({ document, copies }) => ({ id: document.id, copies })),
        computed: outcome.computed,
        fee: outcome.fee,
        route: route && { to: route.to, ...saidIn('reason', route.reason, order), ...saidIn('remedy', route.remedy, order) },
      },
      // Of a moment ago: with the receipt somebody has in hand what the log was, and can hold us to it.
      checkpoint: checkpoint?.note,
      signer: { kid: keys.signer.kid, secret: keys.signer.secret },
      kept: key.with(),
    },
  }
  let bytes: Uint8Array
  try {
    bytes = await agency.record(entry)
  } catch (error) {
    if (error instanceof Conflict && error.kind === 'full') throw refusalOf(places, error.counter)
    throw error
  }
  intake.adapters.metrics.recorded(agency.id, version.service)
  if (effects.length > 0) intake.adapters.bell.ring(agency.id)
  return { answer: bytes } as Recorded
}

/** What another policy can be put to the test with (policy/simulate.ts): nothing personal. */
const factsOf = ({ intake: { origin, sameOrigin }, bytes }: Clean) => ({ bytes: bytes.length, ...(origin !== null && !sameOrigin ? { origin } : {}) })

/** A text in one language, by the name of its property; nothing if there is none. */
function saidIn(name: string, text: Text | undefined, order: readonly string[]) {
  if (!text) return {}
  const said = pickText(text, order)
  return { [name]: { [said.language]: said.text } }
}

/** Routes that decide. */
const decidedBy: ReadonlyMap<string | null, string> = new Map([
  ['auto_approve', 'approved'],
  ['auto_reject', 'rejected'],
  ['auto_confirm', 'confirmed'],
])

/** Decided at once by its route, or standing at its first stage, whose term runs from now. */
function whereItStarts(definition: ServiceDefinition, to: string | null, now: Date, answers: Answers) {
  const { stages = [] } = definition
  const decided = decidedBy.get(to)
  if (decided) return { status: decided, stage: null, closedAt: now.toISOString() }
  const first = stages.find((stage) => stage.id === to) ?? stages.find((stage) => to !== null && stage.unit === to) ?? stages[0] ?? null
  return { status: 'received', stage: first?.id ?? null, dueAt: dueAt(definition, first, now, answers) }
}
