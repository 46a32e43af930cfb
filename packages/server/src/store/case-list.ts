/**
 * A list of cases as stretches of an index, each of which begins where it is told to and is in order already. A list that
 * would need an order of its own is put together from several, so that no list ever reads more than a page of each.
 */
import { openStatuses } from '../cases/status.ts'
import type { CaseFilter, CasePlace, CaseSummary } from './store.ts'

/** Columns that are the same throughout the stretch. */
export type Stretch = Readonly<CaseFilter>

/** Whether a list is in the order of its terms: work to be done at a stage is. */
export const byTerm = ({ stage }: CaseFilter) => stage !== undefined

/** `services`: of the agency; looked at only where the index needs one. */
export function stretchesOf({ service, status, stage }: CaseFilter, services: readonly string[]): Stretch[] {
  if (stage !== undefined) return (status === undefined ? openStatuses : [status]).map((each) => ({ service, stage, status: each }))
  if (status !== undefined && service === undefined) return services.map((each) => ({ service: each, status }))
  return [{ service, status }]
}

const newestFirst = (a: CasePlace, b: CasePlace) => (a.id < b.id ? 1 : -1)
const dueFirst = (a: CasePlace, b: CasePlace) => (a.dueAt === b.dueAt ? (a.id < b.id ? -1 : 1) : a.dueAt < b.dueAt ? -1 : 1)

/** A page of the list from a page of each stretch. */
export const pageOf = (filter: CaseFilter, stretches: readonly (readonly CaseSummary[])[], limit: number): CaseSummary[] =>
  stretches
    .flat()
    .sort(byTerm(filter) ? dueFirst : newestFirst)
    .slice(0, limit)
