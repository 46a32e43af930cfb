/** Reads what a list is asked for. */
import type { Problem } from '@guichet/core'
import type { Adapters } from '../adapters.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, CaseFilter, CasePlace, CaseSummary, Deed, WorkFilter } from '../store/store.ts'
import { type Decision, offered } from './graph.ts'
import { type CaseLine, lineOf, markOf, versionOf } from './open-case.ts'
import { askToRead, mayList, type Reading } from './reading.ts'
import { caseStatuses } from './status.ts'
import { assigneesOf, type Person, soonAfter } from './work.ts'

const mostAtOnce = 200
const usually = 50

/** Open cases in the order in which they are due: all of them, those of the one who asks, those of nobody. */
export const queues = ['open', 'mine', 'free'] as const

export interface ListRequest extends CaseFilter {
  queue?: string
  due?: string
  after?: string
  limit?: string
}

function readMark(mark: string): CasePlace | null {
  const [, id, dueAt] = /^([\w-]{1,60})~(\d{4}-\d\d-\d\dT[\d:.]{8,12}Z)$/.exec(mark) ?? []
  return id && dueAt ? { id, dueAt } : null
}

export interface ListedCase extends CaseLine {
  assignee: Person | null
  /** What may be decided about it together with others: nothing where each case has to be opened. */
  offers: readonly Decision[]
}

/** A page of cases, and where the next one begins; null: there is none. @throws Refused 400 */
export async function listCases(
  adapters: Pick<Adapters, 'live'>,
  agency: AgencyStore,
  { service, status, stage, after, limit, queue, due }: ListRequest,
  { id: me, now }: { id: string; now: Date },
  reading: Reading,
  by: Pick<Deed, 'actor' | 'at'>,
): Promise<{ cases: ListedCase[]; next: string | null }> {
  const problems: Problem[] = []
  const wrong = (pointer: string, code = 'shape.invalid') => problems.push({ pointer, code })
  const from = after === undefined ? null : readMark(after)
  const size = limit === undefined ? usually : /^\d{1,3}$/.test(limit) ? Number(limit) : 0
  if (status !== undefined && !(caseStatuses as readonly string[]).includes(status)) wrong('/status')
  // Stages are named by their service.
  if (stage !== undefined && service === undefined) wrong('/service', 'shape.missing')
  if (after !== undefined && from === null) wrong('/after')
  if (size < 1 || size > mostAtOnce) wrong('/limit')
  if (queue !== undefined && queue !== 'all' && !(queues as readonly string[]).includes(queue)) wrong('/queue')
  const ordered = queue !== undefined && queue !== 'all'
  if (due !== undefined && (!ordered || (due !== 'overdue' && due !== 'soon'))) wrong('/due')
  if (problems.length > 0) throw new Refused(400, 'shape', { errors: problems })
  const at = now.toISOString()
  const work: WorkFilter = {
    service,
    status,
    stage,
    ...(queue === 'mine' ? { assignee: me } : queue === 'free' ? { assignee: null } : {}),
    ...(due === 'overdue' ? { dueBefore: at } : due === 'soon' ? { dueFrom: at, dueBefore: soonAfter(now) } : {}),
  }
  if (service !== undefined && (await agency.published(service)).length > 0) await askToRead(adapters, agency, service, 'list', reading, by)
  const rows: CaseSummary[] = ordered ? await agency.openCases(work, from, size + 1) : await agency.cases({ service, status, stage }, from, size + 1)
  const page = rows.slice(0, size)
  const last = page.at(-1)
  // Services whose policy keeps them from this reader are left out: such a page is shorter.
  const listed = new Map<string, boolean>()
  for (const { service: of } of page) if (!listed.has(of)) listed.set(of, await mayList(adapters, agency, of, reading, by))
  const shown = page.filter((row) => listed.get(row.service))
  const assignees = await assigneesOf(
    agency,
    shown.map(({ id }) => id),
  )
  const cases: ListedCase[] = []
  for (const row of shown) {
    const { version, sealed } = await versionOf(adapters, agency, row)
    cases.push({ ...lineOf(row), assignee: assignees.get(row.id) ?? null, offers: sealed ? [] : offered(version.definition, row) })
  }
  return { cases, next: rows.length > size && last ? markOf(last) : null }
}
