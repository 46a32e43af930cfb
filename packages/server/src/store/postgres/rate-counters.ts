/** Buckets that all replicas take from: one statement, and one round trip. */
import { and, eq, lte, sql } from 'drizzle-orm'
import type { AgencyId, RateCounters } from '../store.ts'
import { Closing, type Database } from './database.ts'
import { rateCounters } from './tables.ts'

/** The limits of the whole server: a name that no agency can have. */
const server = '-' as AgencyId

export function rateCounterQueries(database: Database): RateCounters {
  return {
    async take(scope, nameHash, { cost, period, now }) {
      const agencyId = scope ?? server
      const latest = now + period
      // A clock that was set back leaves buckets that are emptier than empty: they are looked at as empty.
      const standing = sql`GREATEST(LEAST(${rateCounters.fullAt}, ${latest}), ${now})`
      const [taken, found] = await database.within(
        agencyId,
        (tx) =>
          new Closing(
            Promise.all([
              tx
                .insert(rateCounters)
                .values({ agencyId, nameHash, fullAt: now + cost })
                .onConflictDoUpdate({
                  target: [rateCounters.agencyId, rateCounters.nameHash],
                  set: { fullAt: sql`${standing} + ${cost}` },
                  setWhere: sql`${standing} + ${cost} <= ${latest}`,
                })
                .returning({ fullAt: rateCounters.fullAt })
                .execute(),
              tx
                .select({ fullAt: rateCounters.fullAt })
                .from(rateCounters)
                .where(and(eq(rateCounters.agencyId, agencyId), eq(rateCounters.nameHash, nameHash)))
                .execute(),
            ]),
          ),
        // What is lost of it with the power is a few tokens. Counting one twice is no harm either.
        { light: true, repeatable: true },
      )
      if (taken.length > 0) return 0
      const full = Math.min(Math.max(found[0]?.fullAt ?? latest, now), latest)
      return Math.max(full + cost - latest, 1)
    },
    async purge(scope, now) {
      const agencyId = scope ?? server
      await database.within(agencyId, (tx) => tx.delete(rateCounters).where(and(eq(rateCounters.agencyId, agencyId), lte(rateCounters.fullAt, now))), {
        light: true,
        repeatable: true,
      })
    },
  }
}
