/** An officer decides: the case moves along an edge of its version's graph, or not at all. */
import { createSession, type Session } from '@guichet/core'
import type { Answers, Stage } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { localDate } from '../clock.ts'
import type { Config } from '../config.ts'
import type { SealBox } from '../keys/seal-box.ts'
import { planFault, sealEffects } from '../outbox/payload.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { type AgencyStore, Conflict, noTerm, type Standing, type SubmissionRecord } from '../store/store.ts'
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
  actor: string
  now: Date
  reading: Reading
}

/**
 * Gives the case as it stands afterwards.
 * @throws Refused 404; 412 with what happened meanwhile; 422 for a decision that its stage does not offer; 403 where other eyes are asked for
 */
export async function decide(adapters: Adapters, config: Config, agency: AgencyStore, request: DecisionRequest): Promise<CaseLine> {
  const { submission: id, revision, decision, stage, actor, now } = request
  const from = await findSubmission(agency, id)
  await askToRead(adapters, agency, from.service, 'decide', request.reading, { actor, at: now.toISOString() })
  if (from.revision !== revision) throw await overtaken(agency, from, revision)
  const live = await versionOf(adapters, agency, from)
  const { definition } = live.version
  const box = caseBox(adapters, agency.id, from)
  const answers = openAnswers(box, from)
  const note = request.note?.trim() ?? ''

  const target = follow(definition, from, decision, stage, neededBy(live, from, answers))
  if (!target) throw refusal(stage === undefined || !(offered(definition, from) as readonly string[]).includes(decision))
  if (note === '' && needsNote.has(decision)) throw new Refused(422, 'decision', { errors: [{ pointer: '/note', code: 'case.note-missing' }] })
  await otherEyes(
    agency,
    definition.stages?.find((one) => one.id === from.stage),
    from,
    decision,
    actor,
  )

  try {
    return await move(adapters, config, agency, { from, live, box, answers, target, decision, note, actor, now })
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    throw await overtaken(agency, await findSubmission(agency, id), revision)
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
  actor: string
  now: Date
}

/** Moves a case to where it was decided that it goes: with its step, the audit event, and what is sent about it. @throws Conflict */
export async function move(
  adapters: Adapters,
  config: Config,
  agency: AgencyStore,
  { from, live, box, answers, target, decision, note, actor, now }: Move,
): Promise<CaseLine> {
  const at = now.toISOString()
  const to = standing(live, from, target, answers, now)
  await agency.moveCase({
    from,
    to,
    decision,
    note: note === '' ? null : sealNote(box, from.revision + 1, note),
    by: { actor, at, details: { ...countedAs(live, to, now), stage: to.stage ?? '' } },
    ...(to.status === 'rejected' || to.status === 'refused' ? { givesBack: openOutcome(box, from).givesBack ?? [] } : {}),
    outbox: sealEffects(await effectsOf(adapters, config, agency, live, from, to, answers, at), box, now),
  })
  adapters.bell.ring(agency.id)
  return lineOf({ ...from, ...to, revision: from.revision + 1 })
}

const refusal = (decision: boolean) =>
  new Refused(422, 'decision', { errors: [decision ? { pointer: '/decision', code: 'case.not-offered' } : { pointer: '/stage', code: 'case.no-way-back' }] })

/** Somebody else has moved the case: who comes later learns what was done. */
async function overtaken(agency: AgencyStore, { id, ...row }: SubmissionRecord, revision: number): Promise<Refused> {
  const { status, stage } = row
  const meanwhile = (await agency.caseSteps(id, revision)).map(stepView)
  return new Refused(412, 'stale', { members: { revision: row.revision, status, stage, meanwhile }, headers: { ETag: `"${row.revision}"` } })
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

function standing({ version: { definition } }: LiveService, from: SubmissionRecord, target: Target, answers: Answers, now: Date): Standing {
  const { status, stage, decision, closed } = target
  const at = now.toISOString()
  const entered = stage !== from.stage
  const next = definition.stages?.find(({ id }) => id === stage) ?? null
  return {
    status,
    stage,
    decision,
    stageEnteredAt: entered ? at : from.stageEnteredAt,
    dueAt: closed || waitsForCitizen(status) ? noTerm : dueAt(definition, next, now, answers),
    closedAt: closed ? at : null,
    late: from.late > 0 || at > from.dueAt ? 1 : 0,
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
