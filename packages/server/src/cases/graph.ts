/**
 * Where a case may go from where it stands. Pure. The graph is that of the version that was filled in: its stages in order,
 * each with the decisions it offers. A stage that names none is passed with `accept`; a service without stages is decided in
 * one step.
 *
 * - `accept`, `approve`, `part_approve` lead to the next stage, or close the case after the last one;
 * - `reject` and `refuse` close it;
 * - `send_back` and `ask_more` leave it where it stands, waiting for the citizen; `send_back` with a stage goes back there.
 */
import type { ServiceDefinition, Stage } from '@guichet/schemas'
import type { Standing } from '../store/store.ts'
import type { CaseStatus } from './status.ts'

export const decisions = ['accept', 'approve', 'part_approve', 'reject', 'refuse', 'send_back', 'ask_more'] as const
export type Decision = (typeof decisions)[number]

/** What a step leads to; when it happened and until when is added to it by whoever takes it (decide.ts). */
export type Target = Pick<Standing, 'stage' | 'decision'> & { status: CaseStatus; closed: boolean }

type Place = Pick<Standing, 'status' | 'stage' | 'decision' | 'closedAt'>

const withoutStages: readonly Decision[] = ['approve', 'reject', 'send_back']
const justPassed: readonly Decision[] = ['accept']
/** Who is told of these has to be told why. */
export const needsNote: ReadonlySet<string> = new Set<Decision>(['reject', 'refuse', 'send_back', 'ask_more'])

/** The last stage, if nobody has anything to do there: a case that comes there is over. */
export const isEnd = (stages: readonly Stage[], stage: Stage) =>
  stage === stages.at(-1) && !(stage.unit || stage.units || stage.actor || stage.term || stage.decisions)

/** The stage after another one; null: there is none, and the case is over. `needed` says which of them it has to pass. */
export function stageAfter(stages: readonly Stage[], at: string | null, needed: (stage: Stage) => boolean): Stage | null {
  const next = stages.slice(stages.findIndex(({ id }) => id === at) + 1).find(needed)
  return next && !isEnd(stages, next) ? next : null
}

/** What may be decided about a case where it stands. */
export function offered({ stages = [] }: Pick<ServiceDefinition, 'stages'>, { stage, closedAt }: Pick<Place, 'stage' | 'closedAt'>): readonly Decision[] {
  if (closedAt !== null) return []
  if (stages.length === 0) return withoutStages
  const at = stages.find(({ id }) => id === stage)
  return at ? (at.decisions?.length ? at.decisions : justPassed) : []
}

/** Stages that a case may be sent back to. */
export function stagesBefore({ stages = [] }: Pick<ServiceDefinition, 'stages'>, { stage }: Pick<Place, 'stage'>): readonly string[] {
  const at = stages.findIndex(({ id }) => id === stage)
  return stages.slice(0, Math.max(at, 0)).map(({ id }) => id)
}

/**
 * Where a decision leads; `to`: the stage that it is sent back to. Null: the graph has no such edge.
 */
export function follow(
  definition: Pick<ServiceDefinition, 'stages'>,
  from: Place,
  decision: string,
  to: string | undefined,
  needed: (stage: Stage) => boolean,
): Target | null {
  if (!(offered(definition, from) as readonly string[]).includes(decision)) return null
  if (to !== undefined) {
    if (decision !== 'send_back' || !stagesBefore(definition, from).includes(to)) return null
    // What was decided after that stage is to be decided again.
    return { status: 'in_review', stage: to, decision: null, closed: false }
  }
  const closed = (status: CaseStatus): Target => ({ status, stage: null, decision, closed: true })
  switch (decision as Decision) {
    case 'reject':
      return closed('rejected')
    case 'refuse':
      return closed('refused')
    case 'send_back':
      return { status: 'returned', stage: from.stage, decision: from.decision, closed: false }
    case 'ask_more':
      return { status: 'waiting', stage: from.stage, decision: from.decision, closed: false }
    default:
      return onward(definition, from, decision, needed)
  }
}

/** To the next stage, or over. */
function onward({ stages = [] }: Pick<ServiceDefinition, 'stages'>, from: Place, decision: string, needed: (stage: Stage) => boolean): Target {
  const decided = decision === 'accept' ? from.decision : decision
  const next = stageAfter(stages, from.stage, needed)
  if (next) return { status: statusOf(decided, 'in_review'), stage: next.id, decision: decided, closed: false }
  return { status: statusOf(decided, 'approved'), stage: null, decision: decided ?? decision, closed: true }
}

/** Where a case goes when the citizen has answered: back to whoever asked, as it stood. */
export const followAnswer = ({ stage, decision }: Pick<Place, 'stage' | 'decision'>): Target => ({
  status: statusOf(decision, 'in_review'),
  stage,
  decision,
  closed: false,
})

export type Silence = NonNullable<Stage['onTimeout']>

/**
 * Where a case goes when the term of its stage has passed and nobody decided: `approve` counts as approved and `agree` as
 * accepted, each with what follows from it; `close`, `lapse` and `release` end it, whatever was decided before. Null: the
 * stage says nothing of it.
 */
export function followSilence(
  definition: Pick<ServiceDefinition, 'stages'>,
  from: Place,
  needed: (stage: Stage) => boolean,
): { silence: Silence; target: Target } | null {
  // What passes while it waits for the citizen is their time and not the office's.
  const silence = from.closedAt === null && !waitsForCitizen(from.status) ? definition.stages?.find(({ id }) => id === from.stage)?.onTimeout : undefined
  if (!silence) return null
  if (silence === 'approve' || silence === 'agree') return { silence, target: onward(definition, from, silence === 'agree' ? 'accept' : 'approve', needed) }
  return { silence, target: { status: 'refused', stage: null, decision: silence, closed: true } }
}

const statusOf = (decided: string | null, otherwise: CaseStatus): CaseStatus =>
  decided === 'approve' ? 'approved' : decided === 'part_approve' ? 'part_approved' : otherwise

/** While a case waits for the citizen, no term of an office runs. */
export const waitsForCitizen = (status: string) => status === 'returned' || status === 'waiting'
