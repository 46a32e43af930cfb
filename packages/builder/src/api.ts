/** The server's admin routes, and nothing else of it: docs/architecture.md. */
import type { Policy, ServiceDefinition } from '@guichet/schemas'

export interface Account {
  user: { id: string; name: string; email: string }
  agency: { id: string; name: string }
}

export interface ServiceLine {
  id: string
  title: string | Readonly<Record<string, string>>
  revision: number
  publishedVersion: number | null
  savedAt: string
}

export interface SavedService {
  definition: ServiceDefinition
  policy: Policy | null
  revision: number
  publishedVersion: number | null
}

export interface VersionLine {
  version: number
  publishedAt: string
  digest: string
}

export interface OpenedVersion extends VersionLine {
  definition: ServiceDefinition
  policy: Policy
}

/** A finding as publishing reports it; the same shape as lint's. */
export interface ReportedFinding {
  code: string
  severity: 'error' | 'warning'
  pointer: string
  params?: Record<string, never>
}

/** The server was reached and said no. */
export class ApiError extends Error {
  readonly status: number
  readonly problem: { detail?: string; findings?: ReportedFinding[]; errors?: { pointer: string; detail: string }[] }
  constructor(status: number, title: string, problem: ApiError['problem']) {
    super(problem.detail ?? title)
    this.status = status
    this.problem = problem
  }
}

/** The server could not be reached. */
export class Unreachable extends Error {}

export interface Api {
  setUp(account: { token: string; email: string; name: string; password: string }): Promise<void>
  signIn(email: string, password: string): Promise<Account>
  /** Null if nobody is signed in. */
  whoAmI(): Promise<Account | null>
  signOut(): Promise<void>
  services(): Promise<ServiceLine[]>
  create(definition: ServiceDefinition): Promise<{ id: string; revision: number }>
  open(id: string): Promise<SavedService>
  save(id: string, revision: number, draft: { definition: ServiceDefinition; policy: Policy | null }): Promise<{ revision: number }>
  publish(id: string, revision: number): Promise<{ version: number; findings: ReportedFinding[] }>
  /** What was published, newest first. */
  versions(id: string): Promise<VersionLine[]>
  version(id: string, version: number): Promise<OpenedVersion>
}

export function httpApi(base = '/v1/admin/', request: typeof fetch = fetch): Api {
  async function call<Body>(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Body> {
    let response: Response
    try {
      response = await request(base + path, {
        method,
        headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    } catch (cause) {
      throw new Unreachable('', { cause })
    }
    const text = await response.text()
    let answer: unknown = null
    try {
      answer = text === '' ? null : JSON.parse(text)
    } catch {
      // A proxy's error page: the status says all there is to know.
    }
    if (!response.ok) throw new ApiError(response.status, response.statusText, Object(answer))
    return answer as Body
  }
  const ifMatch = (revision: number) => ({ 'if-match': `"${revision}"` })
  const service = (id: string) => `services/${encodeURIComponent(id)}`

  return {
    setUp: (account) => call('POST', 'setup', account),
    signIn: (email, password) => call('POST', 'session', { email, password }),
    whoAmI: () =>
      call<Account>('GET', 'session').catch((error) => {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }),
    signOut: () => call('DELETE', 'session'),
    services: async () => (await call<{ services: ServiceLine[] }>('GET', 'services')).services,
    create: (definition) => call('POST', 'services', { definition }),
    open: (id) => call('GET', service(id)),
    save: (id, revision, draft) => call('PUT', service(id), draft, ifMatch(revision)),
    publish: (id, revision) => call('POST', `${service(id)}/publish`, {}, ifMatch(revision)),
    versions: async (id) => (await call<{ versions: VersionLine[] }>('GET', `${service(id)}/versions`)).versions,
    version: (id, version) => call('GET', `${service(id)}/versions/${version}`),
  }
}
