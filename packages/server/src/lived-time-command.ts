import type { Clock } from './clock.ts'
import type { Store } from './store/store.ts'

const day = 24 * 3600_000

/** Says a line for each agency: its name, how far it has lived, and how far the clock is from that. `believe` takes the clock for right. */
export async function runClock(store: Store, clock: Clock, believe: boolean, say: (line: string) => void): Promise<void> {
  for (const { id } of await store.agencies()) {
    const agency = store.agency(id)
    const now = clock.now()
    if (believe) await agency.setLivedUntil(now.toISOString())
    const until = await agency.livedUntil()
    const days = until === null ? 0 : Math.round((now.getTime() - Date.parse(until)) / day)
    const apart = days === 0 ? 'as the clock' : `${days > 0 ? '+' : ''}${days} days${days > 0 ? ', so that what is to be destroyed waits' : ''}`
    say([id, until ?? 'not looked at yet', apart].join('\t'))
  }
}
