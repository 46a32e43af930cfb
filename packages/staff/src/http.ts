/** How the pages of staff reach the server: first party, JSON, by its admin routes alone (docs/architecture.md). */

/** A finding as publishing reports it; the same shape as lint's. */
export interface ReportedFinding {
  code: string
  severity: 'error' | 'warning'
  pointer: string
  params?: Record<string, never>
}

/** What problem+json says; a problem may carry more. */
export interface Problem {
  detail?: string
  findings?: ReportedFinding[]
  errors?: { pointer: string; code?: string; detail: string }[]
  [more: string]: unknown
}

/** The server was reached and said no. */
export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(status: number, title: string, problem: Problem) {
    super(problem.detail ?? title)
    this.status = status
    this.problem = problem
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

/** The name of a problem, such as `prove-again`. */
export const problemOf = (error: unknown): string | null =>
  error instanceof ApiError && typeof error.problem.type === 'string' ? (error.problem.type.split('/').at(-1) ?? null) : null

/**
 * Calls a route, and gives the JSON of its answer. What is dangerous is done once it was proved again who is there: a dialog asks
 * for that, whatever page it is. @throws ApiError @throws Unreachable
 */
export type Caller = <Body>(method: string, path: string, body?: object, headers?: Record<string, string>) => Promise<Body>

export function httpCaller(base: string, request: typeof fetch): Caller {
  return async function call<Body>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Body> {
    try {
      return await once<Body>(method, path, body, headers)
    } catch (error) {
      if (problemOf(error) !== 'prove-again' || !(await (await import('./proof-dialog.ts')).askForProof())) throw error
      return once<Body>(method, path, body, headers)
    }
  }

  async function once<Body>(method: string, path: string, body: object | undefined, headers: Record<string, string>): Promise<Body> {
    let response: Response
    let text: string
    try {
      response = await request(base + path, {
        method,
        headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      text = await response.text()
    } catch (cause) {
      throw new Unreachable('', { cause })
    }
    let answer: unknown = null
    try {
      answer = text === '' ? null : JSON.parse(text)
    } catch {
      // A proxy's error page: the status says all there is to know.
    }
    if (!response.ok) throw new ApiError(response.status, response.statusText, Object(answer))
    return answer as Body
  }
}

export const ifMatch = (revision: number) => ({ 'if-match': `"${revision}"` })
