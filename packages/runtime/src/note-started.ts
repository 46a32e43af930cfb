import { trusts } from './along.ts'
import { watchTime } from './time-watch.ts'
import type { Visit } from './visit.ts'

/**
 * Somebody has begun: from now on they are warned of what ends by time. Tells the server, so that agencies see how many do not go on. It says which service and which
 * language: no cookie goes with it, no id, no answer. Nobody waits for it, and it does not matter if it is lost.
 */
export function noteStarted(visit: Visit): void {
  const { transport, words } = visit
  const { address } = transport
  // A preview has nobody to tell.
  if (!address) return
  void watchTime(visit)
  trusts.get(address)?.began()
  fetch(`${address}started?lang=${words.language}`, { method: 'POST', credentials: 'omit', keepalive: true }).catch(() => {})
}
