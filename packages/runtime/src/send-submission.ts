import type { Submission } from '@guichet/schemas'
import { trusts } from './along.ts'
import type { Confirmation } from './service-view.ts'
import { read } from './transport.ts'

/** `service`: the service's address, ending in a slash. */
export async function sendSubmission(service: string, submission: Submission, key: string): Promise<Confirmation> {
  const trust = trusts.get(service)
  for (let tries = 0; ; tries++) {
    const along = { ...trust?.along(), ...(await trust?.proof()) }
    try {
      return await read<Confirmation>(
        fetch(`${service}submissions`, {
          method: 'POST',
          credentials: 'omit',
          // A connection that hangs is no answer either; the key makes trying again safe.
          signal: AbortSignal.timeout(60_000),
          headers: { 'content-type': 'application/json', 'idempotency-key': key, ...along },
          body: JSON.stringify(submission),
        }),
      )
    } catch (error) {
      if (tries > 0 || !trust?.provesAgain(error)) {
        // Whoever corrects an answer sends again, and finds it done.
        trust?.began()
        throw error
      }
    }
  }
}

/**
 * Before something else is sent instead of what got no answer: asks the server to let nothing of it in any more. Gives the
 * confirmation of the one that had arrived, if one had; it counts, and nothing else is to be sent.
 */
export async function withdrawAll(service: string, keys: readonly string[]): Promise<Confirmation | null> {
  for (const key of keys) {
    const response = await fetch(`${service}submissions/withdrawal`, {
      method: 'POST',
      credentials: 'omit',
      signal: AbortSignal.timeout(30_000),
      headers: { 'idempotency-key': key },
    })
    if (response.status !== 204) return { ...(await read<Confirmation>(Promise.resolve(response))), earlier: true }
  }
  return null
}
