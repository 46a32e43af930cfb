/** The citizen answers what they were asked: checked, sealed and kept as a new version of what they sent in. */
import { computedValues, feeOf, type Problem, requiredDocuments, type Session, validate } from '@guichet/core'
import type { Answers, Json, Receipt } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { openOutcome, versionPart } from '../cases/case-box.ts'
import { move } from '../cases/decide.ts'
import { followAnswer } from '../cases/graph.ts'
import type { Config } from '../config.ts'
import { canonical } from '../digest.ts'
import { evidenceOf, isKey } from '../intake/admit.ts'
import { type IdempotencyKey, idempotencyKey } from '../intake/idempotency.ts'
import { findFiles, inspectFiles } from '../intake/inspect.ts'
import type { KeptOutcome } from '../intake/seal.ts'
import { describeFiles, givenAttachments } from '../intake/validate.ts'
import { checkChosen } from '../lists/check-chosen.ts'
import { Refused } from '../problem.ts'
import { randomBytes } from '../random.ts'
import { canonicalDigest, signReceipt, software } from '../receipts/receipt.ts'
import type { LiveService } from '../services/live.ts'
import { type AgencyStore, type AttachmentRecord, Conflict } from '../store/store.ts'
import { resumedDue } from './asked.ts'
import { caseOf, type OpenAddition, openAddition, sessionOf } from './open-addition.ts'
import { askedPage } from './part-of.ts'

/** What the citizen sends. */
export interface Addition {
  /** The tracking code. */
  reference: string
  /** The revision that asked. */
  number: number
  answers: Answers
  documents?: Record<string, string[]>
  atDesk?: string[]
}

export interface AdditionRequest {
  adapters: Adapters
  config: Config
  /** The latest version: its policy decides. */
  service: LiveService
  origin: string | null
  sameOrigin: boolean
  client: string | null
  submission: string
  addition: Addition
  idempotencyKey: string | undefined
  now: Date
}

/** Rules that are asked about an addition: a service that has closed still takes what its officers ask for. */
export const rulesAsked: readonly string[] = ['origins', 'rate', 'size']
/** The same of a file of one. */
export const rulesAskedOfFiles: readonly string[] = ['origins', 'rate', 'size', 'uploads']
/** Tries to show who they are, for each case. */
const tries = { size: 6, period: 3600_000 }

/** Gives the bytes of the 201. Sent twice with one key it is kept once, and answered the same. @throws Refused */
export async function addToCase(request: AdditionRequest): Promise<Uint8Array> {
  const { adapters, service, submission, addition, now } = request
  const { agency, version } = service
  if (!isKey(request.idempotencyKey)) throw new Refused(400, 'key-missing')
  const bytes = Buffer.from(canonical(addition as unknown as Json))
  const body = { declared: bytes.length, read: async (limit: number) => (bytes.length > limit ? ('too-large' as const) : bytes) }
  const refusal = await service.policy.admit(evidenceOf('submit', request, body), rulesAsked)
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  const from = await caseOf(service, addition.reference, submission)
  const key = idempotencyKey(request.idempotencyKey, `${agency.id}|${version.service}|${submission}`, bytes, adapters.keys.pepper)
  const earlier = await answerBefore(agency, submission, key)
  if (earlier) return earlier
  try {
    const open = await openAddition(adapters, service, from, now)
    if (!open || addition.number !== from.revision) throw new Refused(409, 'addition-over')
    await showsWhoTheyAre(request, open)
    return await keep(request, open, key)
  } catch (error) {
    // The same request, kept since the look for it: whatever this one met then was its doing.
    const first = await answerBefore(agency, submission, key)
    if (first) return first
    if (error instanceof RangeError) throw new Refused(422, 'too-complex')
    if (!(error instanceof Conflict)) throw error
    if (error.kind === 'claimed') throw new Refused(422, 'answers', { errors: [{ pointer: '/documents', code: 'file.missing' }] })
    // An officer who did not wait any longer, or another answer.
    throw new Refused(409, 'addition-over')
  }
}

/** @throws Refused 422 when the key was used for something else */
async function answerBefore(agency: AgencyStore, submission: string, key: IdempotencyKey): Promise<Uint8Array | null> {
  const found = (await agency.amendments(submission)).find(({ keyHash }) => keyHash === key.hash)
  if (!found) return null
  if (found.bodyMac !== key.bodyMac) throw new Refused(422, 'key-reused')
  return key.open(found.answer)
}

/** As people type the same thing twice. */
const plain = (value: Json): string =>
  typeof value === 'string' ? JSON.stringify(value.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()) : canonical(value)

/** What has to be known besides the code: each of it, as it was answered before. @throws Refused 422, 429 */
async function showsWhoTheyAre({ adapters, service, submission, addition, now }: AdditionRequest, { part, filledIn, answers }: OpenAddition): Promise<void> {
  if (part.proof.length === 0) return
  const wait = await adapters.rates.take(service.agency.id, `addition/${submission}`, tries, now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
  const own = (field: string): Json => (Object.hasOwn(addition.answers, field) ? (addition.answers[field] as Json) : null)
  const said = sessionOf(filledIn, Object.fromEntries(part.proof.map((field) => [field, own(field)])), now)
  const wrong = part.proof.filter((field) => {
    const node = filledIn.program.scope.get(field)
    // Parsed as an answer is: a date typed in another way is the same date.
    const parsed = node?.type.parse(said.input(field), node.field as never, said.context)
    const value = parsed && 'value' in parsed ? (parsed.value as Json) : null
    return value === null || plain(value) !== plain(answers[field] as Json)
  })
  // Which of them is wrong is not said: each would be guessed by itself.
  if (wrong.length > 0) throw new Refused(422, 'answers', { errors: part.proof.map((field) => ({ pointer: `/${field}`, code: 'addition.unknown' })) })
}

async function keep(request: AdditionRequest, open: OpenAddition, key: IdempotencyKey): Promise<Uint8Array> {
  const { adapters, config, service, addition, now } = request
  const { agency } = service
  const { from, filledIn, box, part, asked } = open
  const { definition } = filledIn.version
  const given: Answers = Object.fromEntries(Object.entries(addition.answers).filter(([field]) => part.fields.has(field)))
  const merged: Answers = { ...Object.fromEntries(Object.entries(open.answers).filter(([field]) => !part.fields.has(field))), ...given }
  const pick = (of: Record<string, string[]>) => Object.fromEntries(Object.entries(of).filter(([id]) => part.documents.has(id)))
  const documents = pick(addition.documents ?? {})
  const atDesk = (addition.atDesk ?? []).filter((id) => part.documents.has(id))

  // What is checked is checked as of today; what is kept follows from the day on which the case was received, as the rest of it.
  const checked = sessionOf(filledIn, merged, now, { documents, atDesk })
  await describeFiles(checked, request)
  const notListed = await checkChosen(checked, filledIn, adapters, ({ path }) => part.fields.has(path.split('.')[0] as string))
  const problems = [...problemsOf(checked, open, documents, atDesk), ...notListed]
  if (problems.length > 0) throw new Refused(422, 'answers', { errors: problems })
  const kept = sessionOf(filledIn, checked.inputs, new Date(from.receivedAt), { documents, atDesk })
  const answers = kept.stored()
  const fault = await filledIn.fits(answers)
  if (fault) {
    adapters.log.error(
      { service: filledIn.version.service, version: filledIn.version.version, at: fault.instancePath, keyword: fault.keyword },
      'schema disagrees with core',
    )
    throw new Refused(422, 'answers', { errors: [{ pointer: fault.instancePath, code: 'shape.invalid' }] })
  }
  const isNew = (target: string) => part.documents.has(target) || part.fields.has(target.split('.')[0] as string)
  const files = await findFiles(
    request,
    givenAttachments(kept, Object.keys(documents)).filter(({ target }) => isNew(target)),
  )
  await inspectFiles(request, filledIn, files)

  const number = from.revision + 1
  const receivedAt = now.toISOString()
  const outcome = outcomeOf(kept, openOutcome(box, from), open, files, await agency.attachmentsOf(from.id), atDesk)
  const added = Object.fromEntries(Object.entries(answers).filter(([field]) => part.fields.has(field)))
  const salt = randomBytes(16).toString('base64url')
  const digest = canonicalDigest(salt, canonical(added))
  const checkpoint = adapters.auditLog.newest(agency.id)
  const text = (content: unknown) => Buffer.from(canonical(content as Json))
  let bytes: Uint8Array = new Uint8Array()
  const stage = definition.stages?.find(({ id }) => id === from.stage) ?? null
  await move(adapters, config, agency, {
    from,
    live: filledIn,
    box,
    answers,
    target: followAnswer(from),
    decision: 'answer',
    note: '',
    actor: 'citizen',
    now,
    added: {
      dueAt: resumedDue(definition, stage, asked, now, answers, part.fields),
      details: { answers: digest, attachments: files.length },
      amendment: {
        before: { answers: from.answers, outcome: from.outcome },
        answers: box.seal(versionPart('answers', number), text(answers)),
        outcome: box.seal(versionPart('outcome', number), text(outcome)),
        attachments: files.map(({ id }) => id),
        keyHash: key.hash,
        bodyMac: key.bodyMac,
        conclude(auditSequence, leaf) {
          const payload: Receipt = {
            iss: config.baseUrl,
            agency: agency.id,
            service: filledIn.version.service,
            version: filledIn.version.version,
            definitionDigest: filledIn.version.digest,
            policyDigest: service.policyDigest,
            software,
            submission: from.id,
            amendment: number,
            receivedAt,
            answersDigest: digest,
            salt,
            attachments: files.map(({ pointer, target, size, digest: of }) => ({
              target: pointer.startsWith('/documents/') ? target : pointer,
              size,
              commitment: canonicalDigest(salt, of),
            })),
            auditSequence,
            leaf,
          }
          const jws = signReceipt(payload, adapters.keys.signer)
          bytes = Buffer.from(
            JSON.stringify({
              submission: from.id,
              amendment: number,
              receivedAt,
              receipt: { payload, jws, ...(checkpoint ? { checkpoint: checkpoint.note } : {}) },
            }),
          )
          return { receipt: box.seal(`receipt|${number}`, Buffer.from(jws)), answer: key.seal(bytes) }
        },
      },
    },
  })
  return bytes
}

/** What is wrong with what was asked for. Of the rest nothing is judged again: nobody was asked about it. */
function problemsOf(session: Session, { part, asked }: OpenAddition, documents: Record<string, readonly string[]>, atDesk: readonly string[]): Problem[] {
  const checks = new Set(part.definition.pages.flatMap((page) => (page.checks ?? []).map(({ id }) => id)))
  const isAsked = (pointer: string) => {
    const [, first = ''] = pointer.split('/')
    return part.fields.has(first) || checks.has(first)
  }
  const problems = validate(session).filter(({ pointer }) => !pointer.startsWith('/documents/') && isAsked(pointer))
  const shown = part.definition.pages.find(({ id }) => id === askedPage)?.fields ?? []
  for (const { id } of shown) {
    const node = session.program.scope.get(id)
    if (!node || node.rows || !asked.fields.includes(id) || problems.some(({ pointer }) => pointer === `/${id}`)) continue
    if (session.isRelevant(node) && session.value(node) === null) problems.push({ pointer: `/${id}`, code: 'required' })
  }
  for (const document of part.definition.documents ?? []) {
    const pointer = `/documents/${document.id}`
    const [count, least, most] = [documents[document.id]?.length ?? 0, Number(document.copies), Number(document.maxFiles)]
    if (count > most) problems.push({ pointer, code: 'document.tooMany', params: { count: most } })
    else if (count < least && !(document.atDesk && atDesk.includes(document.id)))
      problems.push({ pointer, code: 'document.missing', params: { count: least - count } })
  }
  return problems
}

/** What follows from the answers as they are now. Where the case stands follows from them no more: officers have it. */
function outcomeOf(
  session: Session,
  before: KeptOutcome,
  { part }: OpenAddition,
  files: readonly { id: string; target: string }[],
  held: readonly AttachmentRecord[],
  atDesk: readonly string[],
): KeptOutcome {
  const renewed = new Set(files.map(({ target }) => target))
  const required = requiredDocuments(session).map(({ document, copies }) => ({ id: document.id as string, copies }))
  const there = new Set([...part.documents, ...held.map(({ target }) => target)])
  const others = (session.program.definition.documents ?? [])
    .filter(({ id }) => there.has(id) && !required.some((one) => one.id === id))
    .map(({ id }) => ({ id: id as string, copies: 1 }))
  const proved = (before.proved ?? []).filter((pointer) => !part.fields.has(pointer.split('/')[1] as string))
  return {
    ...before,
    documents: [...required, ...others],
    computed: computedValues(session),
    fee: feeOf(session),
    atDesk: [...before.atDesk.filter((id) => !part.documents.has(id)), ...atDesk],
    ...(before.proved ? { proved } : {}),
    replaced: [...new Set([...(before.replaced ?? []), ...held.filter(({ target }) => renewed.has(target)).map(({ id }) => id)])],
  }
}
