import { trusts } from './along.ts'
import { watchTime } from './time-watch.ts'
import type { Visit } from './visit.ts'

/**
 * Somebody has begun: from now on they are warned of what ends by time, and told where an upload waits for the line. Tells the server,
 * so that agencies see how many do not go on. It says which service and which language: no cookie goes with it, no id, no answer.
 * Nobody waits for it, and it does not matter if it is lost.
 */
export function noteStarted(visit: Visit): void {
  const { program, transport, view, words } = visit
  const { address } = transport
  // A preview has nobody to tell.
  if (!address) return
  void watchTime(visit)
  // What is said of a file when the line is gone cannot be fetched then.
  if (view.definition.documents || [...program.nodes.values()].some(({ field }) => field.type === 'file')) import('./upload-told.ts').catch(() => {})
  trusts.get(address)?.began()
  fetch(`${address}started?lang=${words.language}`, { method: 'POST', credentials: 'omit', keepalive: true }).catch(() => {})
}
