/** What whoever has the tracking code may see of a case. */
import { type Locale, pickText, type Text } from '@guichet/core'
import type { ServiceDefinition, Stage } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { openAsk } from '../additions/asked.ts'
import { openAddition } from '../additions/open-addition.ts'
import { labelsOf } from '../additions/part-of.ts'
import { caseBox, openNote, openOutcome } from '../cases/case-box.ts'
import { isEnd, waitsForCitizen } from '../cases/graph.ts'
import { endStatuses } from '../cases/status.ts'
import { readCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import type { KeptOutcome } from '../intake/seal.ts'
import type { SealBox } from '../keys/seal-box.ts'
import { chooseLanguage } from '../language.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { type CaseStep, noTerm, type SubmissionRecord } from '../store/store.ts'

export interface StatusView {
  agency: string
  service: string
  title: string
  /** Language of the texts. */
  language: string
  submission: string
  receivedAt: string
  status: string
  stage?: { id: string; label: string; unit?: string }
  stages: { id: string; label: string; state: 'done' | 'current' | 'ahead' | 'skipped' }[]
  fee?: KeptOutcome['fee']
  /** The last moment of the term of its stage. */
  dueAt?: string
  closedAt?: string
  /** What was last decided about it; `id` is missing where its route decided. `reason` is in the officer's own words. */
  decision?: { id?: string; at: string; reason?: string; remedy?: string }
  /** What they are asked for; `online`: it can be answered with the code. */
  ask?: { until?: string; online: boolean; what: string[] }
  /** When the citizen last added what they were asked for. */
  answeredAt?: string
  /** How dates and money of the service are written. */
  locale: Pick<Locale, 'timeZone' | 'calendar' | 'currency' | 'decimals'>
}

/** The case of a code, whichever agency it is with. A wrong code and an unknown one are the same answer. @throws Refused */
export async function findCase(adapters: Adapters, typed: string): Promise<{ live: LiveService; submission: SubmissionRecord }> {
  const code = readCode(typed)
  const hash = digestOf(code ?? '')
  for (const { id } of await adapters.store.agencies()) {
    const submission = await adapters.store.agency(id).submissionByReference(hash)
    const live = submission && code && (await adapters.live.find(id, submission.service, submission.version))
    if (live) return { live, submission }
  }
  throw new Refused(404, 'code-unknown')
}

export async function statusView(
  adapters: Adapters,
  { live, submission }: { live: LiveService; submission: SubmissionRecord },
  asked: string | undefined,
  accepts: string | undefined,
  now: Date,
): Promise<StatusView> {
  const { definition } = live.version
  const language = chooseLanguage(asked, accepts, definition.languages)
  const text = (value: Parameters<typeof pickText>[0]) => pickText(value, [language, ...definition.languages]).text
  const box = caseBox(adapters, live.agency.id, submission)
  const outcome = openOutcome(box, submission)
  // Most of those that people follow have not moved yet.
  const steps = submission.revision > 1 ? await live.agency.caseSteps(submission.id) : []
  const last = steps.findLast(({ decision }) => decision !== 'answer')
  const answered = submission.amended > 0 ? steps.find(({ number }) => number === submission.amended) : undefined
  const reason = last ? openNote(box, last) : null
  const stages = definition.stages ?? []
  const { timeZone, calendar, currency, decimals } = definition.locale
  const current = stages.find(({ id }) => id === submission.stage)
  const unit = current?.unit ? definition.agency.units?.[current.unit] : undefined
  const states = stageStates(stages, submission, steps)
  return {
    agency: live.agency.id,
    service: live.version.service,
    title: text(definition.title),
    language,
    submission: submission.id,
    receivedAt: submission.receivedAt,
    status: submission.status,
    ...(current ? { stage: { id: current.id, label: text(current.label), ...(unit ? { unit: text(unit) } : {}) } } : {}),
    stages: stages.map(({ id, label }, i) => ({ id, label: text(label), state: states[i] ?? 'ahead' })),
    ...(definition.fee ? { fee: outcome.fee } : {}),
    ...(submission.dueAt === noTerm || waitsForCitizen(submission.status) ? {} : { dueAt: submission.dueAt }),
    ...(await askOf(adapters, live, submission, box, steps, [language, ...definition.languages], now)),
    ...(answered ? { answeredAt: answered.at } : {}),
    ...(submission.closedAt === null ? {} : { closedAt: submission.closedAt }),
    ...(last ? { decision: { id: last.decision, at: last.at, ...(reason === null ? {} : { reason }) } } : {}),
    ...(!last && submission.closedAt !== null ? { decision: { at: submission.closedAt, ...saidByRoute(definition, outcome.route, text) } } : {}),
    locale: { timeZone, calendar, currency, decimals },
  }
}

/** What they are asked for by name, and whether the policy of today lets them answer with the code. */
async function askOf(
  adapters: Adapters,
  filledIn: LiveService,
  submission: SubmissionRecord,
  box: SealBox,
  steps: readonly CaseStep[],
  order: readonly string[],
  now: Date,
): Promise<Pick<StatusView, 'ask'>> {
  const asked = openAsk(box, submission, steps)
  if (!asked) return {}
  const latest = (await adapters.live.find(filledIn.agency.id, submission.service)) ?? filledIn
  const open = await openAddition(adapters, latest, submission, now)
  const until = asked.until === undefined ? {} : { until: asked.until }
  return { ask: { ...until, online: open !== null, what: open ? labelsOf(open.part, order) : [] } }
}

/** What the route that decided says, if only one leads there: which of several it was is not kept. */
function saidByRoute({ routes = [] }: ServiceDefinition, to: string | null, text: (value: Text | undefined) => string) {
  const [route, ...others] = routes.filter((one) => one.to === to)
  if (!route || others.length > 0) return {}
  return { ...(route.reason ? { reason: text(route.reason) } : {}), ...(route.remedy ? { remedy: text(route.remedy) } : {}) }
}

/** Where the case stands on its way: what it passed is done, what it never came to was not needed. */
function stageStates(
  stages: readonly Stage[],
  { stage, status, closedAt }: SubmissionRecord,
  steps: readonly CaseStep[],
): StatusView['stages'][number]['state'][] {
  const at = stages.findIndex(({ id }) => id === stage)
  const decidedAt = new Set(steps.filter(({ toStage, fromStage }) => toStage !== fromStage).map(({ fromStage }) => fromStage))
  const arrived = closedAt !== null && steps.length > 0 && !(endStatuses as readonly string[]).includes(status)
  return stages.map((one, i) => {
    if (i === at) return 'current'
    if (closedAt === null && at >= 0 && i > at) return 'ahead'
    return decidedAt.has(one.id) || (arrived && isEnd(stages, one)) ? 'done' : 'skipped'
  })
}
