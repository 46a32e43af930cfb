/** An officer decides: the case moves along an edge of its version's graph, or not at all. */
import { createSession, type Problem, type Session } from '@guichet/core'
import type { Answers, Stage } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { type Ask, type Asked, askedUntil, names, openAsked, sealAsked } from '../additions/asked.ts'
import { askable } from '../additions/online.ts'
import { localDate } from '../clock.ts'
import type { Config } from '../config.ts'
import type { SealBox } from '../keys/seal-box.ts'
import { planFault, sealEffects } from '../outbox/payload.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { type AgencyStore, type Amendment, Conflict, type Deed, noTerm, type Standing, type SubmissionRecord } from '../store/store.ts'
import { caseBox, openAnswers, openOutcome, sealNote } from './case-box.ts'
import { dueAt } from './due.ts'
import { follow, needsNote, offered, type Target, waitsForCitizen } from './graph.ts'
import { type CaseLine, findSubmission, lineOf, stepView, versionOf } from './open-case.ts'
import { askToRead, type Reading } from './reading.ts'

export interface DecisionRequest {
  submission: string
  /** The revision that the officer saw. */
  revision: number
  decision: string
  note?: string
  /** With `send_back`: the stage that it goes back to. */
  stage?: string
  /** With `ask_more`, and `send_back` to the citizen: what they may answer online. */
  ask?: Ask
  actor: string
  now: Date
  reading: Reading
  /** It is one of several that are decided about unopened (decide-together.ts): tells the request when it is sent again. */
  together?: string
}

/**
 * Gives the case as it stands afterwards.
 * @throws Refused 404; 412 with what happened meanwhile; 422 for a decision that its stage does not offer; 403 where other eyes are asked for, or where
 *   each case is to be opened
 */
export async function decide(adapters: Adapters, config: Config, agency: AgencyStore, request: DecisionRequest): Promise<CaseLine> {
  const { submission: id, revision, decision, stage, ask, actor, now, together } = request
  const from = await findSubmission(agency, id)
  const { sees } = await askToRead(adapters, agency, from.service, 'decide', request.reading, { actor, at: now.toISOString() })
  if (from.revision !== revision) return doneOrOvertaken(agency, from, revision, together)
  const live = await versionOf(adapters, agency, from)
  // What was sent in, nobody but the officer who opens it has seen.
  if (together !== undefined && live.sealed) throw new Refused(403, 'open-each')
  const { definition } = live.version
  const box = caseBox(adapters, agency.id, from)
  const answers = openAnswers(box, from)
  const note = request.note?.trim() ?? ''

  const target = follow(definition, from, decision, stage, neededBy(live, from, answers))
  if (!target) throw refusal(stage === undefined || !(offered(definition, from) as readonly string[]).includes(decision))
  if (note === '' && needsNote.has(decision)) throw new Refused(422, 'decision', { errors: [{ pointer: '/note', code: 'case.note-missing' }] })
  const waits = waitsForCitizen(target.status)
  const problems = ask ? await askProblems(adapters, agency, live, sees, ask, waits, now) : []
  if (problems.length > 0) throw new Refused(422, 'decision', { errors: problems })
  await otherEyes(
    agency,
    definition.stages?.find((one) => one.id === from.stage),
    from,
    decision,
    actor,
  )

  try {
    const asked = waits ? { fields: [], documents: [], ...ask, paused: await pausedSince(agency, box, from, now) } : undefined
    return await move(adapters, config, agency, { from, live, box, answers, target, decision, note, asked, actor, now, keyMac: together })
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    return doneOrOvertaken(agency, await findSubmission(agency, id), revision, together)
  }
}

export interface Move {
  from: SubmissionRecord
  live: LiveService
  box: SealBox
  answers: Answers
  target: Target
  decision: string
  /** Empty: none. */
  note: string
  /** What the citizen is asked for. */
  asked?: Asked
  /** What they add, and until when the stage is to be done then. */
  added?: { amendment: Amendment; dueAt: string; details: Deed['details'] }
  actor: string
  now: Date
  /** Of a request about several cases, by which its step is known again. */
  keyMac?: string
}

/** Moves a case to where it was decided that it goes: with its step, the audit event, and what is sent about it. @throws Conflict */
export async function move(
  adapters: Adapters,
  config: Config,
  agency: AgencyStore,
  { from, live, box, answers, target, decision, note, asked, added, actor, now, keyMac }: Move,
): Promise<CaseLine> {
  const at = now.toISOString()
  const to = standing(live, from, target, answers, now, added?.dueAt ?? (asked && askedUntil(live.version.definition, asked.until)))
  await agency.moveCase({
    from,
    to,
    decision,
    note: note === '' ? null : sealNote(box, from.revision + 1, note),
    asked: asked ? sealAsked(box, from.revision + 1, asked) : null,
    ...(added ? { amendment: added.amendment } : {}),
    keyMac: keyMac ?? null,
    by: { actor, at, details: { ...added?.details, ...countedAs(live, to, now), stage: to.stage ?? '' } },
    ...(to.status === 'rejected' || to.status === 'refused' ? { givesBack: openOutcome(box, from).givesBack ?? [] } : {}),
    outbox: sealEffects(await effectsOf(adapters, config, agency, live, from, to, answers, at), box, now),
  })
  adapters.bell.ring(agency.id)
  const revision = from.revision + 1
  return lineOf({ ...from, ...to, revision, amended: added ? revision : from.amended })
}

/** What is wrong with what an officer asks for; they ask for nothing that they may not see. */
async function askProblems(
  adapters: Adapters,
  agency: AgencyStore,
  live: LiveService,
  sees: (path: string) => boolean,
  ask: Ask,
  waits: boolean,
  now: Date,
): Promise<Problem[]> {
  const wrong = (pointer: string, code: string) => ({ pointer, code })
  if (!waits) return [wrong('/ask', 'case.not-asking')]
  const latest = (await adapters.live.find(agency.id, live.version.service)) ?? live
  const may = askable(live, latest, adapters.rules)
  const { timeZone } = live.version.definition.locale
  const { until } = ask
  const lastDay = localDate(new Date(now.getTime() + 366 * 86_400_000), timeZone)
  return [
    ...ask.fields.flatMap((path, i) => (may.fields.includes(path) && sees(path) ? [] : [wrong(`/ask/fields/${i}`, 'case.not-askable')])),
    ...ask.documents.flatMap((id, i) => (may.documents.includes(id) && sees(`documents.${id}`) ? [] : [wrong(`/ask/documents/${i}`, 'case.not-askable')])),
    ...(until !== undefined && (until <= localDate(now, timeZone) || until > lastDay || !isDay(until)) ? [wrong('/ask/until', 'case.until')] : []),
    ...(until !== undefined && !names(ask) ? [wrong('/ask/until', 'case.not-asking')] : []),
  ]
}

const isDay = (iso: string) => /^\d{4}-\d\d-\d\d$/.test(iso) && new Date(`${iso}T00:00:00Z`).toJSON()?.slice(0, 10) === iso

/** Where the office's term stood when it stopped; asking once more does not begin it anew. */
async function pausedSince(agency: AgencyStore, box: SealBox, from: SubmissionRecord, now: Date): Promise<Asked['paused']> {
  const last = waitsForCitizen(from.status) ? (await agency.caseSteps(from.id, from.revision - 1)).at(-1) : undefined
  const before = last && openAsked(box, last)
  return before ? before.paused : { at: now.toISOString(), dueAt: from.dueAt }
}

const refusal = (decision: boolean) =>
  new Refused(422, 'decision', { errors: [decision ? { pointer: '/decision', code: 'case.not-offered' } : { pointer: '/stage', code: 'case.no-way-back' }] })

/**
 * The case has moved since it was seen: by this very request when it was sent before, and then it is done; or by somebody
 * else, and who comes later learns what was done. @throws Refused 412
 */
async function doneOrOvertaken(agency: AgencyStore, row: SubmissionRecord, revision: number, together: string | undefined): Promise<CaseLine> {
  const { status, stage } = row
  const steps = await agency.caseSteps(row.id, revision)
  if (together !== undefined && steps[0]?.keyMac === together) return lineOf(row)
  const meanwhile = steps.map(stepView)
  throw new Refused(412, 'stale', { members: { revision: row.revision, status, stage, meanwhile }, headers: { ETag: `"${row.revision}"` } })
}

/** A stage with four eyes is decided by somebody who has not decided about this case before. Asking the citizen decides nothing. */
async function otherEyes(agency: AgencyStore, stage: Stage | undefined, { id }: SubmissionRecord, decision: string, actor: string): Promise<void> {
  if (!stage?.fourEyes || decision === 'send_back' || decision === 'ask_more') return
  if ((await agency.caseSteps(id)).some((step) => step.actor === actor)) throw new Refused(403, 'four-eyes')
}

/** Whether a case has to pass a stage: one that is there for certain cases is passed over by the others. */
export function neededBy({ program, version }: LiveService, { receivedAt }: SubmissionRecord, answers: Answers) {
  let session: Session | null = null
  return ({ units }: Stage): boolean => {
    if (!units || units.length === 0 || units.some(({ when }) => when === undefined)) return true
    session ??= createSession(program, { today: localDate(new Date(receivedAt), version.definition.locale.timeZone), answers })
    const asked = session
    return units.some(({ when }) => asked.evaluate(when as never) === true)
  }
}

function standing(
  { version: { definition } }: LiveService,
  from: SubmissionRecord,
  target: Target,
  answers: Answers,
  now: Date,
  due: string | undefined,
): Standing {
  const { status, stage, decision, closed } = target
  const at = now.toISOString()
  const entered = stage !== from.stage
  const next = definition.stages?.find(({ id }) => id === stage) ?? null
  return {
    status,
    stage,
    decision,
    stageEnteredAt: entered ? at : from.stageEnteredAt,
    dueAt: due ?? (closed || waitsForCitizen(status) ? noTerm : dueAt(definition, next, now, answers)),
    closedAt: closed ? at : null,
    late: from.late > 0 || (at > from.dueAt && !waitsForCitizen(from.status)) ? 1 : 0,
  }
}

/** What statistics count of it. */
function countedAs({ version: { service, definition } }: LiveService, { status, closedAt, late }: Standing, now: Date) {
  const timed = definition.stages?.some(({ term }) => term !== undefined)
  return {
    service,
    day: localDate(now, definition.locale.timeZone),
    ...(closedAt === null ? {} : { finished: true, ...(timed ? { inTerm: late === 0 } : {}) }),
    ...(status === 'returned' ? { returned: true } : {}),
  }
}

/** Who is told, the policy of today says; what about, the version that was filled in. */
async function effectsOf(
  adapters: Adapters,
  { baseUrl }: Config,
  agency: AgencyStore,
  live: LiveService,
  { id, service, version, language }: SubmissionRecord,
  { status, stage, closedAt }: Standing,
  answers: Answers,
  at: string,
) {
  const latest = (await adapters.live.find(agency.id, service)) ?? live
  const entered = live.version.definition.stages?.find((one) => one.id === stage) ?? null
  return latest.effects(
    {
      event: {
        type: 'submission.changed',
        timestamp: at,
        data: { agency: agency.id, service, version, submission: id, status, ...(stage === null ? {} : { stage }) },
      },
      statusUrl: `${baseUrl}/status`,
      submission: { language, answers, program: live.program },
      change: { status, stage: entered, closed: closedAt !== null },
    },
    planFault(adapters.log),
  )
}
