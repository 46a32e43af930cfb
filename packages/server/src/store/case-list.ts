/**
 * A list of cases as stretches of an index, each of which begins where it is told to and is in order already. A list that
 * would need an order of its own is put together from several, so that no list ever reads more than a page of each.
 */
import { openStatuses } from '../cases/status.ts'
import type { CaseFilter, CasePlace, CaseScope, CaseSummary } from './store.ts'

/** Columns that are the same throughout the stretch. */
export type Stretch = Readonly<CaseFilter>

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
  if (stage !== undefined) return (status === undefined ? openStatuses : [status]).map((each) => ({ service, stage, status: each }))
  if (status !== undefined && service === undefined) return services.map((each) => ({ service: each, status }))
  return [{ service, status }]
}

/** Open cases of each service, or at each stage, in the order in which they are due. */
export function openStretches(filter: CaseFilter, services: readonly string[], within?: CaseScope): Stretch[] {
  const { service, stage } = filter
  const parts = within ?? (service === undefined ? services : [service]).map((each) => ({ service: each }))
  return stage === undefined && !parts.some((part) => 'stages' in part && part.stages)
    ? parts.filter((part) => service === undefined || part.service === service).map((part) => ({ service: part.service }))
    : stretchesOf(filter, services, parts)
}

const newestFirst = (a: CasePlace, b: CasePlace) => (a.id < b.id ? 1 : -1)
export const dueFirst = (a: CasePlace, b: CasePlace) => (a.dueAt === b.dueAt ? (a.id < b.id ? -1 : 1) : a.dueAt < b.dueAt ? -1 : 1)

/** A page of the list from a page of each stretch. */
export const pageOf = (filter: CaseFilter, stretches: readonly (readonly CaseSummary[])[], limit: number): CaseSummary[] =>
  stretches
    .flat()
    .sort(byTerm(filter) ? dueFirst : newestFirst)
    .slice(0, limit)
