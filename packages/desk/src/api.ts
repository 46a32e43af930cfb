/** The server's routes for officers, and nothing else of it: docs/cases.md. */
import type { FeeOutcome, Text } from '@guichet/core'
import type { Answers, AuditEvent, Json, Locale, ServiceDefinition } from '@guichet/schemas'
import { ApiError, type Caller, httpCaller, ifMatch, type Problem, Unreachable } from '@guichet/staff/http'
import { type SessionApi, sessionApi } from '@guichet/staff/session'
import { type ListFilter, queryOf } from './place.ts'
import type { ClosedPart } from './sealed/opened.ts'

export { ApiError, Unreachable } from '@guichet/staff/http'
export type { Account } from '@guichet/staff/session'

export interface CaseLine {
  submission: string
  service: string
  version: number
  language: string
  receivedAt: string
  revision: number
  status: string
  stage: string | null
  stageEnteredAt: string | null
  dueAt: string | null
  closedAt: string | null
  decision: string | null
  /** Revision by which the applicant last changed what was sent in; 0: none. */
  amended: number
  late: boolean
  /** Who works on it; null: nobody yet. */
  assignee: Person | null
  /** What may be decided about it together with others. */
  offers: readonly string[]
}

export interface Person {
  id: string
  name: string
}

/** What officers tell each other about a case; citizens never see it. */
export interface Note {
  id: string
  at: string
  actor: string
  text: string
}

export interface DeskStage {
  id: string
  label: Text
}

export interface DeskService {
  id: string
  title: Text
  languages: readonly string[]
  stages: readonly DeskStage[]
  locale: Pick<Locale, 'timeZone' | 'calendar' | 'weekend' | 'holidays'>
}

/** What the desk is made of, for whoever is signed in. */
export interface Desk {
  services: readonly DeskService[]
  /** To whom cases may be given. */
  colleagues: readonly Person[]
  /** Decisions that have to be explained to the citizen. */
  needNote: readonly string[]
  /** Whether the agency publishes statistics. */
  statistics: boolean
  /** The server's time: that of the browser may be wrong. */
  now: string
}

/** How many open cases there are; counted up to `most`, which stands for "or more". */
export interface Counts {
  open: number
  mine: number
  free: number
  overdue: number
  soon: number
  most: number
}

export interface Step {
  number: number
  at: string
  actor: string
  decision: string
  from: { status: string; stage: string | null }
  to: { status: string; stage: string | null }
  note?: string | null
}

export interface Attachment {
  id: string
  target: string
  name: string
  type: string
  size: number
  digest: string
}

export interface OpenedCase extends CaseLine {
  /** Of a sealed service: what only an officer’s key opens. The answers are then those that are clear. */
  sealed?: ClosedPart

  offers: readonly string[]
  /** Those of them that have to be explained to the citizen. */
  needNote: readonly string[]
  backTo: readonly string[]
  answers: Answers
  outcome: {
    documents: { id: string; copies: number }[]
    computed: Record<string, Json>
    fee: Pick<FeeOutcome, 'lines' | 'total'>
    route: string | null
    atDesk: string[]
    /** Files in whose place the applicant handed in others. */
    replaced?: string[]
  }
  /** What may be asked for online; `otherwise`: why nothing can. */
  askable: { fields: readonly string[]; documents: readonly string[]; otherwise: 'sealed' | 'policy' | 'sign-in' | null }
  /** What the applicant is asked for now. */
  asked: Ask | null
  /** Versions of what was sent in before the applicant added to it, the first one first. */
  earlier: { number: number; at: string; answers: Answers }[]
  attachments: Attachment[]
  history: Step[]
  notes: Note[]
  /** Names of those who did something here, by actor. */
  names: Readonly<Record<string, string>>
  /** Where a list goes on after it. */
  place: string
}

/** What became of one of several cases. */
export type Together = { decided: CaseLine; refused?: never } | { decided?: never; refused: Problem }

export interface CasePage {
  cases: CaseLine[]
  next: string | null
}

/** What an applicant is asked to answer or hand in. */
export interface Ask {
  fields: readonly string[]
  documents: readonly string[]
  /** ISO date. */
  until?: string
}

export interface Decided {
  ask?: Ask
  decision: string
  note?: string
  stage?: string
}

export interface AuditPage {
  /** `note`: what was said with it; null: that was erased. */
  events: (AuditEvent & { note?: string | null })[]
  /** For `before`; null: there is nothing further back. */
  next: number | null
}

export interface Api extends SessionApi {
  /** @param query Filter and place, as the route takes them. */
  audit(query: string): Promise<AuditPage>
  /** How many events of the agency's log are covered by its last signature. */
  signedEvents(agency: string): Promise<number>
  /** The server's time. */
  now(): Date
  desk(): Promise<Desk>
  cases(filter: ListFilter, limit?: number): Promise<CasePage>
  counts(service?: string): Promise<Counts>
  /** The case of a number or a tracking code. */
  find(text: string): Promise<{ submission: string }>
  /** @param purpose What for; refused with a list to choose from where the policy asks for it. */
  open(id: string, purpose?: string): Promise<OpenedCase>
  /** The same as a PDF in the reader’s language; refused with a sentence where it is too much for one. */
  pdf(id: string, language: string, purpose?: string): Promise<Blob>
  /** The definition that was filled in; it never changes. */
  definition(agency: string, service: string, version: number): Promise<ServiceDefinition>
  decide(id: string, revision: number, decided: Decided): Promise<CaseLine>
  /** The same about several. `key`: the same for each try, so that nothing is decided twice. */
  decideTogether(cases: readonly CaseLine[], decided: Decided, key: string): Promise<{ results: Together[] }>
  /** Gives a case to somebody; null: to nobody. `from`: whose it was when it was looked at. */
  assign(id: string, to: string | null, from: string | null): Promise<{ assignee: Person | null }>
  note(id: string, text: string): Promise<Note>
}

const asked = (purpose: string | undefined) => (purpose ? `?purpose=${encodeURIComponent(purpose)}` : '')

/** Address of a file that came with a case; the browser saves it. */
export const attachmentAt = (submission: string, attachment: string, purpose?: string) =>
  `/v1/admin/cases/${submission}/attachments/${attachment}${asked(purpose)}`

/**
 * @param again Called when the session has ended while something was asked: resolves once somebody has signed in again,
 *   and what was asked is asked again, so that nobody loses what they typed.
 */
export function deskApi(again: () => Promise<void>, request: typeof fetch = (...given) => fetch(...given)): Api {
  const ask = httpCaller('/v1/admin/', request)
  const twice = async <Answer>(once: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await once()
    } catch (error) {
      if ((error as { status?: number }).status !== 401) throw error
      await again()
      return once()
    }
  }
  const call: Caller = (method, path, body, headers) => twice(() => ask(method, path, body, headers))
  const file = async (path: string): Promise<Blob> => {
    let response: Response
    let content: Blob
    try {
      response = await request(`/v1/admin/${path}`)
      content = await response.blob()
    } catch (cause) {
      throw new Unreachable('', { cause })
    }
    if (response.ok) return content
    const problem: unknown = await content
      .text()
      .then(JSON.parse)
      .catch(() => null)
    throw new ApiError(response.status, response.statusText, Object(problem))
  }
  const read = httpCaller('/v1/services/', request)
  let ahead = 0
  const versions = new Map<string, Promise<ServiceDefinition>>()
  return {
    ...sessionApi(ask),
    audit: (query) => call('GET', `audit?${query}`),
    async signedEvents(agency) {
      // A note as c2sp.org/tlog-checkpoint has it: origin, size, root, a line each.
      const response = await request(`/.well-known/guichet/log/${agency}/checkpoint`).catch(() => null)
      if (!response?.ok) return 0
      return Number((await response.text()).split('\n')[1]) || 0
    },
    now: () => new Date(Date.now() + ahead),
    async desk() {
      const desk = await call<Desk>('GET', 'desk')
      ahead = Date.parse(desk.now) - Date.now()
      return desk
    },
    cases(filter, limit) {
      const query = new URLSearchParams(queryOf(filter))
      query.set('queue', filter.queue)
      if (limit) query.set('limit', String(limit))
      return call('GET', `cases?${query}`)
    },
    counts: (service) => call('GET', `cases/counts${service ? `?service=${encodeURIComponent(service)}` : ''}`),
    find: (text) => call('POST', 'cases/find', { text }),
    open: (id, purpose) => call('GET', `cases/${encodeURIComponent(id)}${asked(purpose)}`),
    pdf: (id, language, purpose) =>
      twice(() => file(`cases/${encodeURIComponent(id)}/case.pdf?${new URLSearchParams({ lang: language, ...(purpose ? { purpose } : {}) })}`)),
    definition(agency, service, version) {
      const path = `${agency}/${service}/versions/${version}`
      const held = versions.get(path) ?? read<ServiceDefinition>('GET', path)
      versions.set(path, held)
      // A failure is not kept.
      held.catch(() => versions.delete(path))
      return held
    },
    decide: (id, revision, decided) => call('POST', `cases/${encodeURIComponent(id)}/decisions`, decided, ifMatch(revision)),
    decideTogether: (cases, decided, key) =>
      call('POST', 'cases/decisions', { cases: cases.map(({ submission, revision }) => ({ submission, revision })), ...decided }, { 'idempotency-key': key }),
    assign: (id, to, from) => call('PUT', `cases/${encodeURIComponent(id)}/assignee`, { to, from }),
    note: (id, text) => call('POST', `cases/${encodeURIComponent(id)}/notes`, { text }),
  }
}
