/** The server's routes about erasing and holding cases: docs/encryption.md. */
import { ApiError, httpCaller } from '@guichet/staff/http'
import { reasonOf } from '../refusal.ts'

export interface Hold {
  reason: string
  setBy: string
  setAt: string
}

/** Something that one person asked for and another one decides. */
export interface Approval {
  id: string
  kind: 'erasure' | 'hold.lift' | 'export'
  submission?: string
  service?: string
  /** `approved`: it may still be used. */
  state: 'open' | 'approved' | 'refused' | 'done' | 'expired'
  /** Null: it went with the case. */
  reason: string | null
  requestedBy: string
  requestedAt: string
  expiresAt: string
  decidedBy: string | null
  decidedAt: string | null
}

export interface Certificate {
  id: string
  kind: 'case' | 'retention'
  at: string
  cases: number
  /** False: keys or files are still to be destroyed. */
  ready: boolean
}

export function destructionApi(request: typeof fetch = (...given) => fetch(...given)) {
  const call = httpCaller('/v1/admin/', request)
  const of = (submission: string) => `cases/${encodeURIComponent(submission)}`
  return {
    hold: async (submission: string) => (await call<{ hold: Hold | null }>('GET', `${of(submission)}/hold`)).hold,
    setHold: (submission: string, reason: string) => call<{ hold: Hold }>('POST', `${of(submission)}/hold`, { reason }),
    askRelease: (submission: string, reason: string) => call<Approval>('POST', `${of(submission)}/hold/release`, { reason }),
    /** Of what was done at once, with its certificate. */
    askErasure: (submission: string, reason: string) =>
      call<{ approval: Approval; certificate: string | null }>('POST', `${of(submission)}/erasure`, { reason }),
    approvals: async () => (await call<{ approvals: Approval[] }>('GET', 'approvals')).approvals,
    decide: (id: string, decision: 'approve' | 'refuse') =>
      call<{ approval: Approval; certificate: string | null }>('POST', `approvals/${encodeURIComponent(id)}/decision`, { decision }),
    certificates: async () => (await call<{ certificates: Certificate[] }>('GET', 'certificates')).certificates,
  }
}

export const certificateAt = (id: string) => `/v1/admin/certificates/${encodeURIComponent(id)}`

/** The server's own sentence where it has one: it is in the reader's language. */
export const faultOf = (error: unknown): string =>
  error instanceof ApiError && typeof error.problem.title === 'string' && error.status < 500 ? error.problem.title : reasonOf(error)
