/** A case as officers see it. */
import type { Program } from '@guichet/core'
import type { Answers } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { type Ask, openAsk } from '../additions/asked.ts'
import { type Askable, askable, type Otherwise, onlineTerms } from '../additions/online.ts'
import { nameOf } from '../files/attachment.ts'
import type { KeptOutcome } from '../intake/seal.ts'
import type { SealBox } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import {
  type AgencyStore,
  type AmendmentRecord,
  type CasePlace,
  type CaseStep,
  type CaseSummary,
  type Deed,
  noTerm,
  type SubmissionRecord,
} from '../store/store.ts'
import { caseBox, openAnswers, openInternalNote, openNote, openOutcome } from './case-box.ts'
import { type Decision, needsNote, offered, stagesBefore } from './graph.ts'
import { askToRead, type Reading, type Sight, saidFor } from './reading.ts'
import { hiddenPaths, revealedAnswers, revealedOutcome, seesTarget } from './revealed.ts'

/** A line of the list: nothing of what was sent in. */
export interface CaseLine {
  submission: string
  service: string
  version: number
  language: string
  receivedAt: string
  revision: number
  status: string
  stage: string | null
  stageEnteredAt: string | null
  dueAt: string | null
  closedAt: string | null
  decision: string | null
  amended: number
  late: boolean
}

export interface StepView {
  number: number
  at: string
  actor: string
  decision: string
  from: { status: string; stage: string | null }
  to: { status: string; stage: string | null }
  note?: string | null
}

export interface CaseView extends CaseLine {
  /** What may be decided where it stands. */
  offers: readonly Decision[]
  /** Those of them whose reason the citizen has to be told. */
  needNote: readonly Decision[]
  /** Stages that it may be sent back to. */
  backTo: readonly string[]
  answers: Answers
  outcome: Omit<KeptOutcome, 'sealed' | 'givesBack'>
  /** What the citizen may be asked for online, of what whoever reads sees. */
  askable: Askable & { otherwise: Otherwise | null }
  /** What they are asked for now; null: nothing is named. */
  asked: Ask | null
  /** Versions of what was sent in that the citizen has added to since, the first one first. */
  earlier: { number: number; at: string; answers: Answers; outcome: CaseView['outcome'] }[]
  /** Definition paths of what whoever reads is not shown. */
  hidden: readonly string[]
  attachments: { id: string; target: string; name: string; type: string; size: number; digest: string }[]
  history: StepView[]
  /** What colleagues noted; the citizen does not see it. */
  notes: { id: string; at: string; actor: string; text: string }[]
  /** Whose it is. */
  assignee: { id: string; name: string } | null
  /** Names of those who did something here, by actor. */
  names: Record<string, string>
  /** Where a list goes on after it, for `after`. */
  place: string
  /** What only an officer’s browser opens, with what it has to agree with; of sealed services alone. */
  sealed?: KeptOutcome['sealed'] & { definition: string }
}

export const lineOf = ({ id, stageEnteredAt, receivedAt, dueAt, late, stage, ...row }: CaseSummary): CaseLine => ({
  submission: id,
  service: row.service,
  version: row.version,
  language: row.language,
  receivedAt,
  revision: row.revision,
  status: row.status,
  stage,
  stageEnteredAt: stage === null ? null : (stageEnteredAt ?? receivedAt),
  dueAt: dueAt === noTerm ? null : dueAt,
  closedAt: row.closedAt,
  decision: row.decision,
  amended: row.amended,
  late: late > 0,
})

/** Says where a list goes on after a case, in words that only this server reads. */
export const markOf = ({ id, dueAt }: CasePlace) => `${id}~${dueAt}`

/** A step without its note. */
export const stepView = ({ number, at, actor, decision, fromStatus, toStatus, fromStage, toStage }: CaseStep): StepView => ({
  number,
  at,
  actor,
  decision,
  from: { status: fromStatus, stage: fromStage },
  to: { status: toStatus, stage: toStage },
})

/** @throws Refused 404 */
export async function findSubmission(agency: AgencyStore, id: string): Promise<SubmissionRecord> {
  const submission = await agency.submission(id)
  if (!submission) throw new Refused(404, 'not-found')
  return submission
}

/** The version that was filled in. Rows refer to versions, so it is there. */
export async function versionOf({ live }: Pick<Adapters, 'live'>, agency: AgencyStore, { service, version }: CaseSummary): Promise<LiveService> {
  const found = await live.find(agency.id, service, version)
  if (!found) throw new Error('A case is of a version that is not there.')
  return found
}

/** Opens what was sent in. That somebody reads it is on the audit log before they can. @throws Refused */
export async function openCase(adapters: Adapters, agency: AgencyStore, id: string, by: Deed, reading: Reading): Promise<CaseView> {
  const submission = await findSubmission(agency, id)
  const { sees, purpose } = await askToRead(adapters, agency, submission.service, 'open', reading, by)
  const [live, attachments, steps, notes, assigned, colleagues] = await Promise.all([
    versionOf(adapters, agency, submission),
    agency.attachmentsOf(id),
    agency.caseSteps(id),
    agency.caseNotes(id),
    agency.assignees([id]),
    agency.colleagues(),
  ])
  const box = caseBox(adapters, agency.id, submission)
  const { version, program, whole } = live
  const { sealed, ...outcome } = openOutcome(box, submission)
  const latest = (await adapters.live.find(agency.id, submission.service)) ?? live
  const hidden = hiddenPaths(whole, sees)
  await agency.audit('submission.read', `submission:${id}`, saidFor(adapters, agency, purpose, by))
  const offers = offered(version.definition, submission)
  const names = new Map(colleagues.map((one) => [`user:${one.id}`, one.name]))
  const assignee = assigned.get(id)
  return {
    ...lineOf(submission),
    offers,
    needNote: offers.filter((offer) => needsNote.has(offer)),
    backTo: offers.includes('send_back') ? stagesBefore(version.definition, submission) : [],
    answers: revealedAnswers(program, openAnswers(box, submission), sees),
    outcome: shownOutcome(program, outcome, sees),
    askable: askableBy(live, latest, adapters, offers, sees),
    asked: askedOf(box, submission, steps, sees),
    earlier: (submission.amended === 0 ? [] : earlierVersions(box, await agency.amendments(id))).map(
      ({ answers, outcome: { sealed: _sealed, ...before }, ...one }) => ({
        ...one,
        answers: revealedAnswers(program, answers, sees),
        outcome: shownOutcome(program, before, sees),
      }),
    ),
    hidden,
    // What is sealed comes as a whole or not at all.
    ...(sealed && hidden.length === 0 ? { sealed: { ...sealed, definition: version.digest } } : {}),
    attachments: attachments
      .filter(({ target }) => seesTarget(whole, target, sees))
      .map((row) => ({
        id: row.id,
        target: row.target,
        name: nameOf(adapters, agency.id, row),
        type: row.type,
        size: row.size,
        digest: row.digest,
      })),
    history: steps.map((step) => ({ ...stepView(step), note: openNote(box, step) })),
    notes: notes.map((note) => ({ id: note.id, at: note.at, actor: note.actor, text: openInternalNote(box, note) })),
    assignee: assignee === undefined ? null : { id: assignee, name: names.get(`user:${assignee}`) ?? '' },
    names: Object.fromEntries([...steps, ...notes].flatMap(({ actor }) => (names.has(actor) ? [[actor, names.get(actor) as string]] : []))),
    place: markOf(submission),
  }
}

const shownOutcome = (program: Program, { givesBack: _givesBack, ...outcome }: Omit<KeptOutcome, 'sealed'>, sees: Sight['sees']) =>
  revealedOutcome(program, outcome, sees)

/** Nobody asks for what they may not see, or where nothing can be asked. */
function askableBy(filledIn: LiveService, latest: LiveService, { rules }: Pick<Adapters, 'rules'>, offers: readonly Decision[], sees: Sight['sees']) {
  const asks = offers.includes('ask_more') || offers.includes('send_back')
  const { fields, documents } = asks ? askable(filledIn, latest, rules) : { fields: [], documents: [] }
  return {
    fields: fields.filter((path) => sees(path)),
    documents: documents.filter((id) => sees(`documents.${id}`)),
    otherwise: onlineTerms(latest, filledIn).otherwise,
  }
}

function askedOf(box: SealBox, submission: SubmissionRecord, steps: readonly CaseStep[], sees: Sight['sees']): Ask | null {
  const asked = openAsk(box, submission, steps)
  if (!asked) return null
  const { fields, documents, until } = asked
  const shown = { fields: fields.filter((path) => sees(path)), documents: documents.filter((id) => sees(`documents.${id}`)) }
  return { ...shown, ...(until === undefined ? {} : { until }) }
}

/** Each version is sealed under the amendment that made it; the first one as it was sent in. */
const earlierVersions = (box: SealBox, amendments: readonly AmendmentRecord[]) =>
  amendments.map(({ number, at, answers, outcome }, i) => {
    const amended = amendments[i - 1]?.number ?? 0
    return { number, at, answers: openAnswers(box, { answers, amended }), outcome: openOutcome(box, { outcome, amended }) }
  })
