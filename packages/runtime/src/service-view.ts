/** What the server tells about one published service, in one language: GET /v1/services/{agency}/{service}. */
import type { Messages } from '@guichet/core'
import type { ServiceDefinition } from '@guichet/schemas'

export interface Asks {
  signIn?: {
    demand: 'optional' | 'required'
    level: string
    providers: readonly { id: string; title: string }[]
    /** Fields that the sign-in fills. */
    fields: readonly string[]
  }
  /** A calculation comes along with what is sent (proof.ts). */
  proofOfWork?: true
  /** Lists of some fields stay on the server (lists.ts). */
  lists?: true
  /** Some fields ask for a code (codes.ts). */
  codes?: true
  /** A field that nobody sees is in the page, and what is sent says that it was left alone (trust.ts). */
  honeypot?: true
}

export interface ServiceView {
  /** Id of the agency. */
  agency: string
  /** Id of the service. */
  service: string
  version: number
  digest?: string
  /** Language of `messages`, and of the definition's texts where they exist in it. */
  language: string
  /** Languages that may be asked for. */
  languages: readonly string[]
  /** ISO date of today in the service's time zone. */
  today: string
  open: { state: 'open' | 'not-yet' | 'closed'; opens?: string; closes?: string }
  /** Only officers open what is sent; `clear`: but these fields. */
  sealed?: { clear: readonly string[] }
  /** What has to come along with a submission; absent where nothing has. */
  asks?: Asks
  definition: ServiceDefinition
  /** The style sheet of the agency's colours and theme, where it has chosen any. */
  look?: string
  messages: Messages
}

/** What the server answers to a submission that it has stored. */
export interface Confirmation {
  /** The tracking code. */
  reference: string
  submission: string
  receivedAt: string
  documents?: { id: string; copies: number }[]
  computed?: Record<string, unknown>
  fee?: { lines: { id: string; amount: number; refundable?: boolean }[]; total: number }
  route?: { to: string; reason?: Readonly<Record<string, string>>; remedy?: Readonly<Record<string, string>> } | null
  receipt?: unknown
  /** Set by the runtime: what was sent first had arrived, so what was changed since is not part of it. */
  earlier?: true
}

/** A problem as the server words it. */
export interface WordedProblem {
  pointer: string
  code: string
  detail: string
}
