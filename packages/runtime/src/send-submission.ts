import type { Submission } from '@guichet/schemas'
import type { Confirmation } from './service-view.ts'
import { read } from './transport.ts'

/** `service`: the service's address, ending in a slash. */
export const sendSubmission = (service: string, submission: Submission, key: string) =>
  read<Confirmation>(
    fetch(`${service}submissions`, {
      method: 'POST',
      credentials: 'omit',
      // A connection that hangs is no answer either; the key makes trying again safe.
      signal: AbortSignal.timeout(60_000),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(submission),
    }),
  )
