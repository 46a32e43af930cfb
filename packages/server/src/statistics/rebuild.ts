import type { AgencyStore } from '../store/store.ts'
import { type Count, countsOf, sumUp } from './count.ts'

const atOnce = 5000

/**
 * Counts the facts of an agency again, from its audit log, and puts the sums in the place of the counters. Views are not
 * facts, and stay. Gives how many events were read. The server may go on: what is added meanwhile is counted at the end.
 */
export async function rebuildStatistics(agency: AgencyStore, progress: (events: number) => void = () => {}): Promise<number> {
  let sums: Count[] = []
  let [sequence, read] = [0, 0]
  for (;;) {
    const events = await agency.auditEvents(sequence, atOnce)
    sums = sumUp([...sums, ...events.flatMap(countsOf)])
    sequence = events.at(-1)?.sequence ?? sequence
    progress((read += events.length))
    if (events.length < atOnce) break
  }
  await agency.replaceFacts(sums, sequence)
  return read
}
