/**
 * One decision about many cases. Each is decided by itself, as if it were the only one: in its own transaction, under the
 * same rules, with its own step, event and messages; and has its own result. Nothing is half done, and what was refused
 * about one changes nothing about the others.
 *
 * Sent again with the same key, what was done is told as done: a step knows the request that made it.
 */
import type { Json } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import { canonical } from '../digest.ts'
import { isKey } from '../intake/admit.ts'
import { idempotencyKey } from '../intake/idempotency.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore } from '../store/store.ts'
import { decide } from './decide.ts'
import type { CaseLine } from './open-case.ts'
import type { Reading } from './reading.ts'

export const mostTogether = 100

export interface TogetherRequest {
  /** Each with the revision that the officer saw. */
  cases: readonly { submission: string; revision: number }[]
  decision: string
  note?: string
  /** The same for each try to send the same. */
  key: string | undefined
  actor: string
  now: Date
  reading: Reading
}

/** `error`: why nothing was decided, mostly a refusal. */
export type Result = { decided: CaseLine } | { decided?: never; error: unknown }

/** Gives what became of each case, in the order in which they were named. @throws Refused 400 without a key, or when a case is named twice */
export async function decideTogether(adapters: Adapters, config: Config, agency: AgencyStore, request: TogetherRequest): Promise<Result[]> {
  const { cases, decision, note, key, actor, now, reading } = request
  if (!isKey(key)) throw new Refused(400, 'key-missing')
  const twice = cases.findIndex(({ submission }, i) => cases.findIndex((one) => one.submission === submission) < i)
  if (twice >= 0) throw new Refused(400, 'shape', { errors: [{ pointer: `/cases/${twice}/submission`, code: 'shape.invalid' }] })
  const results: Result[] = []
  for (const { submission, revision } of cases) {
    const said = Buffer.from(canonical({ decision, note: note ?? null, revision } as Json))
    const { bodyMac } = idempotencyKey(key, `${agency.id}|decisions|${actor}|${submission}`, said, adapters.keys.pepper)
    const asked = { submission, revision, decision, note, actor, now, reading, together: bodyMac }
    try {
      results.push({ decided: await decide(adapters, config, agency, asked) })
    } catch (error) {
      results.push({ error })
    }
  }
  return results
}
