/** What a list that is being read becomes when it is asked for again. Pure. */
import type { CaseLine, CasePage } from './api.ts'

/**
 * Rows keep their order and place: what changed about them is taken in, what no longer belongs here is only marked, and what
 * is new is counted, for whoever wants to see it.
 */
export function mergePages(shown: CasePage, now: CasePage): { page: CasePage; gone: Set<string>; fresh: number } {
  const known = new Map(now.cases.map((one) => [one.submission, one]))
  const held = new Set(shown.cases.map(({ submission }) => submission))
  const lastKept = shown.cases.findLastIndex(({ submission }) => known.has(submission))
  // Rows at the end may only have been pushed onto the next page by new ones.
  const left = ({ submission }: CaseLine, i: number) => !known.has(submission) && (i < lastKept || now.next === null)
  return {
    page: { cases: shown.cases.map((one) => known.get(one.submission) ?? one), next: shown.next },
    gone: new Set(shown.cases.filter(left).map(({ submission }) => submission)),
    fresh: now.cases.filter(({ submission }) => !held.has(submission)).length,
  }
}
