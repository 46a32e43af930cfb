/** The runtime's only way out: what it needs from a server, and that over HTTP. A preview brings its own. */
import type { ProblemDetails } from '@guichet/core'
import type { Uploader } from '@guichet/fields/field-view'
import type { Submission } from '@guichet/schemas'
import type { Drafts } from './drafts.ts'
import type { Sealing } from './sealing.ts'
import type { Confirmation, ServiceView } from './service-view.ts'
import type { TimeLimits } from './time-limits.ts'
import type { Trust } from './trust.ts'

export interface Transport extends Partial<Uploader> {
  /** @throws Refused when the server says no; any other error means that it could not be reached. */
  load(language: string | undefined): Promise<ServiceView>
  /** Sends the answers. The same key makes the same submission, however often it is sent. Throws as `load` does. */
  submit(submission: Submission, key: string): Promise<Confirmation>
  /** The service's address, ending in a slash: drafts are under it. Absent where nothing can be saved. */
  address?: string
  /** Saving and coming back, once somebody has asked for it. */
  drafts?: Drafts
  /** What a service asks to come along, where it asks anything. */
  trust?: Trust
  /** Warnings before something ends by time, once there is something to lose. */
  time?: TimeLimits
  /** Of a service whose server must not read what is sent; then `upload` seals as well. */
  sealing?: Sealing
  /** Address of the page on which a case is followed, if there is one. */
  statusAddress?: string
  /** Address that paths in the definition (the logo's) are relative to. */
  base?: string
}

/** The server was reached and refused: its problem+json. */
export class Refused extends Error {
  readonly problem: ProblemDetails
  constructor(problem: ProblemDetails) {
    super(problem.detail ?? problem.title)
    this.problem = problem
  }
}

/** The first thing a refusal says that a person can use. */
export const sentenceOf = ({ problem }: Refused): string => problem.errors?.[0]?.detail ?? problem.detail ?? problem.title

/** What a refusal says, whatever stands between us and the server made of it. */
export function refusalOf(status: number, body: string): Refused {
  let problem: Partial<ProblemDetails> = {}
  try {
    problem = Object(JSON.parse(body))
  } catch {
    // Not ours: a proxy's error page. The status is all there is.
  }
  return new Refused({ type: 'about:blank', title: '', ...problem, status })
}

export async function read<Body>(answer: Promise<Response>): Promise<Body> {
  const response = await answer
  if (!response.ok) throw refusalOf(response.status, await response.text())
  return response.json()
}

/** `fetchView` fetches the service in a language: the embedding script may have asked for it already. */
export function httpTransport(base: string, service: string, fetchView: (language: string | undefined) => Promise<Response>): Transport {
  const address = `${base}v1/services/${service}/`
  return {
    base,
    address,
    statusAddress: `${base}status`,
    load: (language) => read<ServiceView>(fetchView(language)),
    submit: async (...sent) => (await import('./later.ts')).sendSubmission(address, ...sent),
    upload: async (...file) => (await import('./later.ts')).sendFile(address, ...file),
  }
}
