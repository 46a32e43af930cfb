/** What is answered instead of a result: RFC 9457. The sentences are in server.messages.json under `problem.<code>`. */
import type { Problem } from '@guichet/core'

export type ProblemCode =
  | 'addition-over'
  | 'address'
  | 'agency-taken'
  | 'assignee'
  | 'approval-closed'
  | 'approval-missing'
  | 'approval-open'
  | 'approval-own'
  | 'answers'
  | 'closed'
  | 'code-unknown'
  | 'completed-upload'
  | 'confirmation'
  | 'content-type'
  | 'decision'
  | 'definition-too-heavy'
  | 'definition-too-large'
  | 'digest'
  | 'draft-changed'
  | 'draft-unknown'
  | 'duplicate-id'
  | 'encoding'
  | 'erased'
  | 'file-dangerous'
  | 'file-infected'
  | 'file-pending'
  | 'file-refused'
  | 'file-too-large'
  | 'findings'
  | 'forbidden'
  | 'full'
  | 'full-today'
  | 'four-eyes'
  | 'headers'
  | 'held'
  | 'incomplete'
  | 'inconsistent-upload-length'
  | 'internal'
  | 'invitation'
  | 'key-missing'
  | 'key-reused'
  | 'key-running'
  | 'json'
  | 'last-owner'
  | 'list-away'
  | 'logout-token'
  | 'method'
  | 'mismatching-upload-offset'
  | 'not-allowed'
  | 'no-checkpoint'
  | 'no-mail'
  | 'network'
  | 'not-found'
  | 'not-open'
  | 'not-ready'
  | 'open-each'
  | 'paper-busy'
  | 'paper-too-large'
  | 'origin'
  | 'passkey'
  | 'picture-small'
  | 'picture-unreadable'
  | 'policy'
  | 'purpose'
  | 'precondition-missing'
  | 'prove-again'
  | 'quota'
  | 'proof-needed'
  | 'trapped'
  | 'rate'
  | 'release-unknown'
  | 'release-open'
  | 'return-address'
  | 'sealed'
  | 'sealed-keys'
  | 'sealing-taken'
  | 'second-factor'
  | 'second-factor-missing'
  | 'second-factor-wrong'
  | 'second'
  | 'setup'
  | 'shape'
  | 'sign-in'
  | 'sign-in-attempt'
  | 'sign-in-ended'
  | 'sign-in-level'
  | 'sign-in-needed'
  | 'sign-in-unavailable'
  | 'signed-out'
  | 'stale'
  | 'storage-full'
  | 'target'
  | 'too-complex'
  | 'too-large'
  | 'upload-headers'
  | 'upload-unknown'
  | 'verification-over'
  | 'verification-wrong'
  | 'unacknowledged'
  | 'version'
  | 'works-here'

/** Names that "Resumable Uploads for HTTP" has registered; programs that follow it look for them. */
const registered: readonly string[] = ['completed-upload', 'inconsistent-upload-length', 'mismatching-upload-offset'] satisfies ProblemCode[]

/** What a problem's `type` says: a name, not an address to fetch. */
export const problemType = (code: string) =>
  registered.includes(code) ? `https://iana.org/assignments/http-problem-types#${code}` : `https://guichet.dev/problems/${code}`

interface Extras {
  /** Problems of answers, or shape errors of a body. Their sentences are filled in when the answer is written. */
  errors?: readonly Problem[]
  /** Further members of the body. */
  members?: Record<string, unknown>
  headers?: Record<string, string>
  /** Languages the problems' own sentences come in, best first. */
  params?: Record<string, string | number>
}

/** Thrown anywhere below a route; the one error handler writes it. */
export class Refused extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly extras: Extras
  constructor(status: number, code: ProblemCode, extras: Extras = {}) {
    super(code)
    this.status = status
    this.code = code
    this.extras = extras
  }
}
