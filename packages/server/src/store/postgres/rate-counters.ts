/** Buckets that all replicas take from: one round trip. */
import { and, eq, lte, sql } from 'drizzle-orm'
import type { AgencyId, RateCounters } from '../store.ts'
import { Closing, type Database, type Transaction } from './database.ts'
import { StoreFailure } from './failure.ts'
import { gather } from './gather.ts'
import { rateCounters } from './tables.ts'

/** The limits of the whole server: a name that no agency can have. */
const server = '-' as AgencyId

interface Taking {
  nameHash: string
  cost: number
  period: number
  now: number
}

export function rateCounterQueries(database: Database): RateCounters {
  const takeOne = (tx: Transaction, agencyId: AgencyId, { nameHash, cost, period, now }: Taking) => {
    const latest = now + period
    // A clock that was set back leaves buckets that are emptier than empty: they are looked at as empty.
    const standing = sql`GREATEST(LEAST(${rateCounters.fullAt}, ${latest}), ${now})`
    return Promise.all([
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
    ])
  }
  const waitOf = ({ cost, period, now }: Taking, [taken, found]: Awaited<ReturnType<typeof takeOne>>) => {
    if (taken.length > 0) return 0
    const latest = now + period
    const full = Math.min(Math.max(found[0]?.fullAt ?? latest, now), latest)
    return Math.max(full + cost - latest, 1)
  }

  /** What many clients take at once shares a transaction: its statements follow each other, so that a name may come twice. */
  const takers = new Map<AgencyId, (taking: Taking) => Promise<number>>()
  const takerOf = (agencyId: AgencyId) => {
    let taker = takers.get(agencyId)
    if (!taker) {
      taker = gather<Taking, number>(
        async (takings) => {
          // Always in the same order: two replicas that take from the same buckets do not wait for each other crosswise.
          const order = takings.map((_, i) => i).sort((a, b) => ((takings[a] as Taking).nameHash < (takings[b] as Taking).nameHash ? -1 : 1))
          const results = await database.within(
            agencyId,
            (tx) => new Closing(Promise.all(order.map((i) => takeOne(tx, agencyId, takings[i] as Taking)))),
            // What is lost of it with the power is a few tokens. Counting one twice is no harm either.
            { light: true, repeatable: true },
          )
          const outcomes: { result: number }[] = []
          order.forEach((i, place) => {
            outcomes[i] = { result: waitOf(takings[i] as Taking, results[place] as Awaited<ReturnType<typeof takeOne>>) }
          })
          return outcomes
        },
        (error) => error instanceof StoreFailure,
      )
      takers.set(agencyId, taker)
    }
    return taker
  }

  return {
    take: (scope, nameHash, bucket) => takerOf(scope ?? server)({ nameHash, ...bucket }),
    async purge(scope, now) {
      const agencyId = scope ?? server
      await database.within(agencyId, (tx) => tx.delete(rateCounters).where(and(eq(rateCounters.agencyId, agencyId), lte(rateCounters.fullAt, now))), {
        light: true,
        repeatable: true,
      })
    },
  }
}
