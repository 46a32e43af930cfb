/**
 * A list of cases as stretches of an index, each of which begins where it is told to and is in order already. A list that
 * would need an order of its own is put together from several, so that no list ever reads more than a page of each.
 */
import { openStatuses } from '../cases/status.ts'
import type { CaseFilter, CasePlace, CaseScope, CaseSummary, WorkFilter } from './store.ts'

/** Columns that are the same throughout the stretch. */
export type Stretch = Readonly<CaseFilter & { assigned?: Assigned }>
/** 1: somebody has it. */
type Assigned = 0 | 1

/** Whether a list is in the order of its terms: work to be done at a stage is. */
export const byTerm = ({ stage }: CaseFilter) => stage !== undefined

/**
 * `services`: of the agency; looked at only where the index needs one. `within`: what may be seen at all. Of whoever sees
 * some stages, the stretches are what is open there: those grow with the work that is waiting, not with the years.
 */
export function stretchesOf(filter: CaseFilter, services: readonly string[], within?: CaseScope): Stretch[] {
  const { service, status, stage } = filter
  if (within)
    return within
      .filter((part) => service === undefined || part.service === service)
      .flatMap((part) => {
        if (!part.stages) return stretchesOf({ ...filter, service: part.service }, [])
        const stages = stage === undefined ? part.stages : part.stages.filter((one) => one === stage)
        return stages.flatMap((one) => stretchesOf({ service: part.service, status, stage: one }, []))
      })
  if (stage !== undefined)
    return (status === undefined ? openStatuses : [status]).flatMap((each) => ([0, 1] as const).map((assigned) => ({ service, stage, status: each, assigned })))
  if (status !== undefined && service === undefined) return services.map((each) => ({ service: each, status }))
  return [{ service, status }]
}

/** A stretch of the index over open cases, or of that over those at a stage. */
export interface OpenStretch {
  service: string
  /** Absent: at any stage. */
  stage?: string
  status: string
  assigned: Assigned
}

/**
 * Open cases of each service, or at each stage, in the order in which they are due. Whichever way a list is narrowed, each
 * stretch has nothing in it that does not belong to the list.
 */
export function openStretches(
  { service, stage, status, assignee }: WorkFilter,
  services: readonly string[],
  within: CaseScope = services.map((each) => ({ service: each })),
): OpenStretch[] {
  const held: readonly Assigned[] = assignee === null ? [0] : [0, 1]
  const statuses = status === undefined ? openStatuses : [status]
  return within
    .filter((part) => service === undefined || part.service === service)
    .flatMap((part) => {
      const stages = part.stages ? part.stages.filter((one) => stage === undefined || one === stage) : [stage]
      return stages.flatMap((at) =>
        statuses.flatMap((each) => held.map((assigned) => ({ service: part.service, ...(at === undefined ? {} : { stage: at }), status: each, assigned }))),
      )
    })
}

/** Where a list of open cases begins and ends: after this place, before that moment. Together they are one range of an index. */
export function rangeOf({ dueFrom, dueBefore }: WorkFilter, after: CasePlace | null): { from: CasePlace; until: string } {
  const earliest = { dueAt: dueFrom ?? '', id: '' }
  return { from: after && after.dueAt >= earliest.dueAt ? after : earliest, until: dueBefore ?? afterEverything }
}
/** After every moment, and after `noTerm`. */
const afterEverything = '~'

/** Nobody works on more cases than this at once; a list of what somebody has goes no further. */
export const mostOfOne = 2000

const newestFirst = (a: CasePlace, b: CasePlace) => (a.id < b.id ? 1 : -1)
export const dueFirst = (a: CasePlace, b: CasePlace) => (a.dueAt === b.dueAt ? (a.id < b.id ? -1 : 1) : a.dueAt < b.dueAt ? -1 : 1)

/** A page of the list from a page of each stretch. */
export const pageOf = (filter: CaseFilter, stretches: readonly (readonly CaseSummary[])[], limit: number): CaseSummary[] =>
  stretches
    .flat()
    .sort(byTerm(filter) ? dueFirst : newestFirst)
    .slice(0, limit)
