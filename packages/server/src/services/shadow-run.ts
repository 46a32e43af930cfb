/**
 * A shadow run: the draft over the last submissions, inside the server. Who would be refused that was not, what would be priced
 * or routed otherwise. Nothing leaves but counts, names of fields and codes of rules: no answer, and no case.
 *
 * Counts are rounded down to fives, and from 1 to 4 they are only "some": whoever writes rules could else ask with them after
 * one person. What is left of that danger (many runs, each a little different) is why each run asks for a purpose where the
 * policy does, stands on the audit log with the digest of the draft that was tried, and why there are few in an hour.
 */
import type { FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { ServiceDefinition } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { caseBox, openAnswers, openOutcome } from '../cases/case-box.ts'
import { askToRead, type Reading, saidFor } from '../cases/reading.ts'
import { localDate } from '../clock.ts'
import { createLimitedWorker, Overrun } from '../limited-worker.ts'
import { Refused } from '../problem.ts'
import { threshold } from '../statistics/suppress.ts'
import type { AgencyStore, CasePlace, CaseSummary, Deed } from '../store/store.ts'
import { checkDraft } from './check-draft.ts'
import { sealedTerms } from './live.ts'
import { draftDigest } from './releases.ts'
import { type ShadowCase, type ShadowOutcome, type ShadowQuestion, shadowOf } from './shadow-cases.ts'

export const shadowAtMost = 200
const pageSize = 100
const atOnce = 20
/** Milliseconds for all of it; what is not done by then is not in the report. */
const wholeTime = 30_000
const runsAnHour = 30

const inWorker = createLimitedWorker<ShadowQuestion, (ShadowOutcome | null)[]>(new URL('./shadow-worker.ts', import.meta.url), {
  cpu: 4000,
  wall: 20_000,
  memory: 192,
})

/** A multiple of five; `some`: from 1 to 4. */
export type ShadowCount = number | 'some'

export interface ShadowReport {
  /** Submissions that were tried. */
  looked: number
  /** Those that were not: sealed end to end, so that only officers' browsers open them. */
  sealed: number
  /** Those that cannot be opened any more, or would take too long. */
  unreadable: number
  refused: ShadowCount
  /** By field and rule. A field that the policy keeps even from officers has no name here. */
  reasons: { path: string; code: string; count: ShadowCount }[]
  /** Questions that were not asked then: what people would answer nobody knows. */
  unasked: { path: string; count: ShadowCount }[]
  fee: { higher: ShadowCount; lower: ShadowCount }
  routes: { from: string | null; to: string | null; count: ShadowCount }[]
}

export const coarse = (count: number): ShadowCount => (count > 0 && count < threshold ? 'some' : count - (count % threshold))

/**
 * `told` hears how far it is: first once all that may refuse it has let it pass, then after each few submissions.
 * @throws Refused: 403 or what the policy says, 422 for a draft with errors, 429
 */
export async function shadowRun(
  adapters: Adapters,
  agency: AgencyStore,
  service: string,
  reading: Reading,
  by: Deed,
  told: (progress: { tried: number; of: number }) => void = () => {},
): Promise<ShadowReport> {
  const draft = await agency.service(service)
  if (!draft) throw new Refused(404, 'not-found')
  const { purpose } = await askToRead(adapters, agency, service, 'export', reading, by)
  const wait = await adapters.rates.take(agency.id, `shadow ${service}`, { size: runsAnHour, period: 3600_000 }, Date.parse(by.at))
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
  const { whole } = await checkDraft(adapters, agency, service, draft, reading.language)
  const after = whole.definition
  // Publishers are shown no answers, and are shown none here. Fields that the policy keeps even from officers have no name.
  const live = await adapters.live.find(agency.id, service)
  const sees = live ? live.policy.reveal({ roles: ['owner', 'officer'], way: 'export' }) : () => false
  const newest = await newestCases(agency, service)
  // That it is done is on the audit log before anything is opened.
  const details = { ...by.details, cases: newest.length, draft: draftDigest(draft) }
  await agency.audit('submission.read', `service:${service}`, saidFor(adapters, agency, purpose, { ...by, details }))

  const until = performance.now() + wholeTime
  const report = { looked: 0, sealed: 0, unreadable: 0 }
  const outcomes: ShadowOutcome[] = []
  const before: Record<number, ServiceDefinition> = {}
  for (let first = 0; first < newest.length && performance.now() < until; first += atOnce) {
    told({ tried: first, of: newest.length })
    const cases: ShadowCase[] = []
    for (const { id, version } of newest.slice(first, first + atOnce)) {
      const own = await adapters.live.find(agency.id, service, version)
      if (!own) report.unreadable++
      else if (sealedTerms(own.version.policy)) report.sealed++
      else {
        before[version] = own.version.definition
        const one = await openCase(adapters, agency, id, own.version.definition.locale.timeZone)
        if (one) cases.push(one)
        else report.unreadable++
      }
    }
    if (cases.length === 0) continue
    for (const outcome of await tried(adapters, agency.id, { before, after, cases })) {
      if (outcome === null) report.unreadable++
      else outcomes.push(outcome)
    }
  }
  return { ...report, looked: outcomes.length, ...summed(outcomes, sees) }
}

async function newestCases(agency: AgencyStore, service: string): Promise<CaseSummary[]> {
  const found: CaseSummary[] = []
  for (let after: CasePlace | null = null; found.length < shadowAtMost; ) {
    const page: CaseSummary[] = await agency.cases({ service }, after, pageSize)
    found.push(...page)
    if (page.length < pageSize) break
    after = page.at(-1) as CasePlace
  }
  return found.slice(0, shadowAtMost)
}

/** Null: its key was destroyed. */
async function openCase(adapters: Adapters, agency: AgencyStore, id: string, timeZone: string): Promise<ShadowCase | null> {
  const submission = await agency.submission(id)
  if (!submission) return null
  try {
    const box = caseBox(adapters, agency.id, submission)
    const documents: Record<string, string[]> = {}
    for (const { id: file, target } of await agency.attachmentsOf(id)) documents[target] = [...(documents[target] ?? []), file]
    const { atDesk } = openOutcome(box, submission)
    return {
      version: submission.version,
      today: localDate(new Date(submission.receivedAt), timeZone),
      answers: openAnswers(box, submission),
      documents,
      atDesk,
    }
  } catch (error) {
    if (error instanceof Refused && error.code === 'erased') return null
    throw error
  }
}

/** A worker has the types that are built in; what else a server was given it knows only itself. */
async function tried({ types }: Adapters, agency: string, question: ShadowQuestion): Promise<(ShadowOutcome | null)[]> {
  if (types !== (fieldTypes as unknown as FieldTypes)) return shadowOf(question, types)
  try {
    return await inWorker(question, agency)
  } catch (error) {
    if (error instanceof Overrun) return question.cases.map(() => null)
    throw error
  }
}

/** Counts alone, coarse, the most frequent first. */
export function summed(outcomes: readonly ShadowOutcome[], sees: (path: string) => boolean): Omit<ShadowReport, 'looked' | 'sealed' | 'unreadable'> {
  const tally = (keys: (outcome: ShadowOutcome) => readonly string[]) => {
    const counts = new Map<string, number>()
    for (const outcome of outcomes) for (const key of new Set(keys(outcome))) counts.set(key, (counts.get(key) ?? 0) + 1)
    return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  }
  const count = (holds: (outcome: ShadowOutcome) => boolean) => coarse(outcomes.filter(holds).length)
  const named = (path: string) => (sees(path) ? path : '')
  return {
    refused: count(({ refusals }) => refusals.length > 0),
    reasons: tally(({ refusals }) =>
      refusals.map((reason) => {
        const [path = '', code = ''] = reason.split(' ')
        return sees(path) ? reason : ` ${code}`
      }),
    ).map(([reason, times]) => {
      const [path = '', code = ''] = reason.split(' ')
      return { path, code, count: coarse(times) }
    }),
    unasked: tally(({ unasked }) => unasked.map(named)).map(([path, times]) => ({ path, count: coarse(times) })),
    fee: { higher: count(({ fee }) => fee.after > fee.before), lower: count(({ fee }) => fee.after < fee.before) },
    routes: tally(({ route }) => (route.before === route.after ? [] : [JSON.stringify([route.before, route.after])])).map(([key, times]) => {
      const [from, to] = JSON.parse(key) as [string | null, string | null]
      return { from, to, count: coarse(times) }
    }),
  }
}
