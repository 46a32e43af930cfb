import { trusts } from './along.ts'
import type { Visit } from './visit.ts'

/**
 * Tells the server that somebody has begun, so that agencies see how many do not go on. It says which service and which
 * language: no cookie goes with it, no id, no answer. Nobody waits for it, and it does not matter if it is lost.
 */
export function noteStarted({ transport, words }: Pick<Visit, 'transport' | 'words'>): void {
  const { address } = transport
  // A preview has nobody to tell.
  if (!address) return
  trusts.get(address)?.began()
  fetch(`${address}started?lang=${words.language}`, { method: 'POST', credentials: 'omit', keepalive: true }).catch(() => {})
}
