/** Reads what a list is asked for. */
import type { Problem } from '@guichet/core'
import { Refused } from '../problem.ts'
import type { AgencyStore, CaseFilter, CasePlace } from '../store/store.ts'
import { type CaseLine, lineOf } from './open-case.ts'
import { caseStatuses } from './status.ts'

const mostAtOnce = 200
const usually = 50

export interface ListRequest extends CaseFilter {
  after?: string
  limit?: string
}

/** Says where the next page begins, in words that only this server reads. */
const markOf = ({ id, dueAt }: CasePlace) => `${id}~${dueAt}`

function readMark(mark: string): CasePlace | null {
  const [, id, dueAt] = /^([\w-]{1,60})~(\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)$/.exec(mark) ?? []
  return id && dueAt ? { id, dueAt } : null
}

/** A page of cases, and where the next one begins; null: there is none. @throws Refused 400 */
export async function listCases(
  agency: AgencyStore,
  { service, status, stage, after, limit }: ListRequest,
): Promise<{ cases: CaseLine[]; next: string | null }> {
  const problems: Problem[] = []
  const wrong = (pointer: string, code = 'shape.invalid') => problems.push({ pointer, code })
  const from = after === undefined ? null : readMark(after)
  const size = limit === undefined ? usually : /^\d{1,3}$/.test(limit) ? Number(limit) : 0
  if (status !== undefined && !(caseStatuses as readonly string[]).includes(status)) wrong('/status')
  // Stages are named by their service.
  if (stage !== undefined && service === undefined) wrong('/service', 'shape.missing')
  if (after !== undefined && from === null) wrong('/after')
  if (size < 1 || size > mostAtOnce) wrong('/limit')
  if (problems.length > 0) throw new Refused(400, 'shape', { errors: problems })
  const rows = await agency.cases({ service, status, stage }, from, size + 1)
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return { cases: shown.map(lineOf), next: rows.length > size && last ? markOf(last) : null }
}
