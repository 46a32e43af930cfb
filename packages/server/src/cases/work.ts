/** What officers do with a case besides deciding about it: take it, pass it on, note something, look for one. */
import type { Text } from '@guichet/core'
import type { ServiceDefinition } from '@guichet/schemas'
import { limitedTo } from '../access/limited.ts'
import { grantsOf, reachOf } from '../access/may.ts'
import type { Adapters } from '../adapters.ts'
import { newId, readCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import { type AgencyStore, type Colleague, Conflict, type Deed } from '../store/store.ts'
import { caseBox, sealInternalNote } from './case-box.ts'
import { needsNote } from './graph.ts'
import { findSubmission } from './open-case.ts'

export interface Person {
  id: string
  name: string
}

export interface DeskService {
  id: string
  title: Text
  languages: readonly string[]
  stages: { id: string; label: Text }[]
  locale: Pick<ServiceDefinition['locale'], 'timeZone' | 'calendar' | 'weekend' | 'holidays'>
}

const mayDecide = ({ memberships, state }: Colleague) => state === 'active' && reachOf({ grants: grantsOf(memberships) }, 'case.decide') !== null

/** What the desk is made of: services with their stages, and to whom cases may be given. */
export async function deskOf(
  { live, statistics }: Pick<Adapters, 'live' | 'statistics'>,
  agency: AgencyStore,
  now: Date,
): Promise<{ services: DeskService[]; colleagues: Person[]; needNote: string[]; statistics: boolean; now: string }> {
  const services: DeskService[] = []
  for (const { service } of await agency.published()) {
    const found = await live.find(agency.id, service)
    if (!found) continue
    const { title, languages, stages = [], locale } = found.version.definition
    const { timeZone, calendar, weekend, holidays } = locale
    services.push({ id: service, title, languages, stages: stages.map(({ id, label }) => ({ id, label })), locale: { timeZone, calendar, weekend, holidays } })
  }
  const colleagues = (await agency.colleagues()).filter(mayDecide).map(({ id, name }) => ({ id, name }))
  const published = await statistics.publications.agencies()
  return { services, colleagues, needNote: [...needsNote], statistics: published.some(({ id }) => id === agency.id), now: now.toISOString() }
}

/** Of each case whose it is. */
export async function assigneesOf(agency: AgencyStore, submissions: readonly string[]): Promise<Map<string, Person>> {
  const found = await agency.assignees(submissions)
  if (found.size === 0) return new Map()
  const names = new Map((await agency.colleagues()).map(({ id, name }) => [id, name]))
  return new Map([...found].map(([submission, id]) => [submission, { id, name: names.get(id) ?? '' }]))
}

/**
 * Gives an open case to somebody who may decide about it, or to nobody.
 * @throws Refused 404; 412 when it is not `from`'s any more, or closed; 422 when they may not
 */
export async function assign(
  { store }: Pick<Adapters, 'store'>,
  agency: AgencyStore,
  { submission, from, to }: { submission: string; from: string | null; to: string | null },
  by: Deed,
): Promise<Person | null> {
  await findSubmission(agency, submission)
  const person = to === null ? null : await colleagueFor(store.agency(agency.id), submission, to)
  try {
    await agency.assignCase(submission, from, to, by)
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(412, 'stale', { members: { assignee: (await assigneesOf(agency, [submission])).get(submission) ?? null } })
    throw error
  }
  return person
}

/** Somebody to whom this very case may be given: whoever cannot see it could not even give it back. @throws Refused 422 */
async function colleagueFor(whole: AgencyStore, submission: string, id: string): Promise<Person> {
  const found = (await whole.colleagues()).find((one) => one.id === id)
  const reach = found && mayDecide(found) ? reachOf({ grants: grantsOf(found.memberships) }, 'case.decide') : null
  if (!found || reach === null || !(await (await limitedTo(whole, reach)).submission(submission)))
    throw new Refused(422, 'assignee', { errors: [{ pointer: '/to', code: 'case.not-theirs' }] })
  return { id, name: found.name }
}

/** @throws Refused 404; 410 when its key was destroyed */
export async function noteCase(adapters: Pick<Adapters, 'keys'>, agency: AgencyStore, submission: string, text: string, by: Deed, now: Date) {
  const found = await findSubmission(agency, submission)
  const id = newId(now)
  const note = sealInternalNote(caseBox(adapters, agency.id, found), id, text)
  await agency.addCaseNote({ submission, id, at: by.at, actor: by.actor, note }, by)
  return { id, at: by.at, actor: by.actor, text }
}

/** The case of a number or of a tracking code. @throws Refused 404 */
export async function findByText(agency: AgencyStore, typed: string): Promise<string> {
  const text = typed.trim()
  const code = readCode(text)
  const byCode = code && (await agency.submissionByReference(digestOf(code)))
  // Whoever is limited finds by a code what they would find by its number.
  const id = byCode ? byCode.id : text.toLowerCase()
  return (await findSubmission(agency, id)).id
}

const soon = 3 * 24 * 3600_000
/** When a term ends soon: within three days. */
export const soonAfter = (now: Date) => new Date(now.getTime() + soon).toISOString()

/** Counting further would say no more. */
const mostCounted = 1000

/** How much there is to do, counted up to a limit. */
export async function countWork(agency: AgencyStore, me: string, service: string | undefined, now: Date) {
  const at = now.toISOString()
  const of = { service }
  const [open, mine, free, overdue, due] = await Promise.all([
    agency.countOpen(of, mostCounted),
    agency.countOpen({ ...of, assignee: me }, mostCounted),
    agency.countOpen({ ...of, assignee: null }, mostCounted),
    agency.countOpen({ ...of, dueBefore: at }, mostCounted),
    agency.countOpen({ ...of, dueFrom: at, dueBefore: soonAfter(now) }, mostCounted),
  ])
  return { open, mine, free, overdue, soon: due, most: mostCounted }
}
