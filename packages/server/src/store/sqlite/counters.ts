/** Counters of statistics. */
import type { DatabaseSync } from 'node:sqlite'
import type { Count } from '../../statistics/count.ts'
import type { AgencyId } from '../store.ts'

/** Gives what adds to the counters, in the transaction of what is counted. */
export function counters(client: DatabaseSync, agencyId: AgencyId): (counts: readonly Count[]) => void {
  const add = client.prepare(
    `INSERT INTO statistics (agency_id, grain, period, service_id, measure, channel, language, slot, count) VALUES (?, 'day', ?, ?, ?, ?, ?, 0, ?)
     ON CONFLICT (agency_id, grain, period, service_id, measure, channel, language, slot) DO UPDATE SET count = count + excluded.count`,
  )
  return (counts) => {
    for (const { day, service, measure, channel, language, count } of counts) add.run(agencyId, day, service, measure, channel, language, count)
  }
}
