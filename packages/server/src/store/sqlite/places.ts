/** Places that a service has so many of. */
import type { DatabaseSync } from 'node:sqlite'
import type { AgencyId, AgencyStore, PlaceClaim } from '../store.ts'

/** Gives `take`, to be called inside the change that records, and the query of what is taken. */
export function placeQueries(client: DatabaseSync, agencyId: AgencyId) {
  const found = client.prepare('SELECT taken FROM places WHERE agency_id = ? AND service_id = ? AND counter = ?')
  const counted = client.prepare('SELECT count(*) AS taken FROM submissions WHERE agency_id = ? AND service_id = ? AND id >= ? AND id < ?')
  const put = client.prepare(
    `INSERT INTO places (agency_id, service_id, counter, taken) VALUES (?, ?, ?, ?)
     ON CONFLICT (agency_id, service_id, counter) DO UPDATE SET taken = excluded.taken`,
  )
  const standing = (service: string, { counter, before }: PlaceClaim): { taken: number; fresh: boolean } => {
    const row = found.get(agencyId, service, counter) as { taken: number } | undefined
    if (row) return { taken: row.taken, fresh: false }
    return { taken: before ? Number(counted.get(agencyId, service, before.from, before.until)?.taken) : 0, fresh: true }
  }

  /** Takes one place of each, or none; gives the counter that has none left, or null. What had to be counted stays noted. */
  const take = (service: string, claims: readonly PlaceClaim[]): string | null => {
    const now = claims.map((claim) => ({ ...claim, ...standing(service, claim) }))
    const full = now.find(({ taken, most }) => taken >= most) ?? null
    for (const { counter, taken, fresh } of now) if (!full || fresh) put.run(agencyId, service, counter, taken + (full ? 0 : 1))
    return full?.counter ?? null
  }

  const placesTaken: AgencyStore['placesTaken'] = async (service, counters) =>
    new Map(
      counters.flatMap((counter) => {
        const row = found.get(agencyId, service, counter) as { taken: number } | undefined
        return row ? [[counter, row.taken] as const] : []
      }),
    )
  return { take, placesTaken }
}
