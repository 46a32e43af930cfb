/** The file that a person keeps: the receipt, what was sent, and, as far as the server gives them now, its keys and the proof. */
import type { Answers } from '@guichet/schemas'
import type { Transport } from './transport.ts'

interface GivenReceipt {
  payload: { manifestDigest?: string }
  jws: string
  checkpoint?: string
}

/**
 * `answers`: as they were sent, so that the file shows by itself what the receipt is about. Of a sealed service they are left
 * out: the receipt is about what was sealed.
 */
export async function receiptFile(transport: Pick<Transport, 'base' | 'address'>, reference: string, receipt: GivenReceipt, answers: Answers): Promise<string> {
  const own = { format: 'guichet-receipt/1', ...receipt, ...(receipt.payload.manifestDigest ? {} : { answers }) }
  try {
    if (transport.address === undefined) return JSON.stringify(own, null, 2)
    const response = await fetch(`${transport.base}v1/receipt`, {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reference }),
      signal: AbortSignal.timeout(5000),
    })
    const { keys, event, proof, checkpoint = own.checkpoint } = response.ok ? ((await response.json()) as Record<string, unknown>) : {}
    return JSON.stringify({ ...own, keys, event, proof, checkpoint }, null, 2)
  } catch {
    // What is signed is in hand; the proof can be had later with the code.
    return JSON.stringify(own, null, 2)
  }
}
