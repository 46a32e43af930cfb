import type { Adapters } from '../adapters.ts'
import type { Store } from '../store/store.ts'
import { previousMonth } from './period.ts'

/** A month is complete once it is over everywhere, and the last views have been written. */
export const lastCompleteMonth = (now: Date) => previousMonth(new Date(now.getTime() - 24 * 3600_000).toISOString().slice(0, 7))

/** What is to be done now and then: months that are over are summed, and the keys of their people thrown away. */
export async function keepStatistics(store: Store, now: Date): Promise<void> {
  for (const { id } of await store.agencies()) {
    const agency = store.agency(id)
    await agency.foldMonths(lastCompleteMonth(now))
    await agency.forgetPeople(now.toISOString().slice(0, 7))
  }
}

const flushEvery = 10_000
const keepEvery = 3600_000

/** Writes views every ten seconds, and keeps months every hour, until it is stopped. */
export function startStatistics({ store, statistics: { tally }, clock, log }: Pick<Adapters, 'store' | 'statistics' | 'clock' | 'log'>) {
  const keep = () => keepStatistics(store, clock.now()).catch((error) => log.error({ err: error }, 'statistics were not kept'))
  const timers = [setInterval(() => void tally.flush(), flushEvery).unref(), setInterval(() => (keeping = keep()), keepEvery).unref()]
  let keeping = keep()
  return {
    /** Writes what is left. */
    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer)
      await keeping
      await tally.flush()
    },
  }
}
