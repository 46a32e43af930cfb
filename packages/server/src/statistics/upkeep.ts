import { localDate } from '../clock.ts'
import type { Store } from '../store/store.ts'
import { previousMonth } from './period.ts'

/** A month is complete once it is over everywhere, and the last views have been written. */
export const lastCompleteMonth = (now: Date) => previousMonth(localDate(new Date(now.getTime() - 24 * 3600_000), 'UTC').slice(0, 7))

/** What is to be done now and then: months that are over are summed, and the keys of their people thrown away. */
export async function keepStatistics(store: Store, now: Date): Promise<void> {
  for (const { id } of await store.agencies()) {
    const agency = store.agency(id)
    await agency.foldMonths(lastCompleteMonth(now))
    await agency.forgetPeople(now.toISOString().slice(0, 7))
  }
}
