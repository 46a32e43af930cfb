import type { Json } from '@guichet/schemas'

/**
 * Something that is wrong with an answer. `pointer` is an RFC 6901 JSON pointer into the answers (`/members/0/amka`)
 * or to a document (`/documents/lease`). `code` and `params` pick the sentence; `message` is set where the author
 * wrote the sentence.
 */
export interface Problem {
  pointer: string
  /** Key of the message: `<field type>.<code>` for a type's own, else `<code>`. */
  code: string
  params?: Record<string, Json>
  message?: Record<string, string>
}

/** RFC 9457 body. `errors` is our extension: one entry a problem, with its sentence in the language asked for. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail?: string
  errors?: { pointer: string; code: string; detail: string }[]
}
