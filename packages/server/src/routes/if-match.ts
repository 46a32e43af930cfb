import { Refused } from '../problem.ts'
import type { Call } from './route.ts'

/** The revision that was read before, from If-Match. @throws Refused 428 without one, 412 with one that none of ours can be */
export function revisionOf(call: Call): number {
  const header = call.header('if-match')
  if (!header) throw new Refused(428, 'precondition-missing')
  const revision = /^"(\d{1,9})"$/.exec(header)?.[1]
  if (!revision) throw new Refused(412, 'stale')
  return Number(revision)
}

export const ifMatch = { 'If-Match': { description: 'The revision that was read, in quotes.', required: true, schema: { type: 'string' } } }
