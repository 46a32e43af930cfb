/** What a failed request is told as. What is no failure of a request is thrown on. */
import { ApiError, Unreachable } from './api.ts'
import { say } from './language.ts'

export function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return say('unreachable')
  if (!(error instanceof ApiError)) throw error
  if (error.status === 403) return say('refused.forbidden')
  if (error.status === 404) return say('refused.gone')
  if (error.status === 429) return say('refused.slower')
  return say('failed', { detail: error.problem.errors?.map(({ detail }) => detail).join(' ') || error.message })
}
