/** Counters, and the sketches of how many people there were. */
import { and, asc, eq, gt, gte, inArray, isNotNull, lt, lte, max, sql } from 'drizzle-orm'
import { type Count, countsOf, facts, sumUp } from '../../statistics/count.ts'
import type { AgencyId, StatisticsQueries } from '../store.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { auditEvents, statistics, statisticsPeople } from './tables.ts'

/** Each replica adds to a row of its own, mostly: two of 64 rarely draw the same. */
const slot = Math.floor(Math.random() * 64)

const target = [
  statistics.agencyId,
  statistics.grain,
  statistics.period,
  statistics.service,
  statistics.measure,
  statistics.channel,
  statistics.language,
  statistics.slot,
]

/** Adds to the counters in the transaction of what is counted, all in one statement. */
export async function addCounts(tx: Transaction, agencyId: AgencyId, counts: readonly Count[]): Promise<void> {
  const rows = sumUp(counts).map(({ day, ...count }) => ({ agencyId, grain: 'day' as const, period: day, ...count, slot }))
  if (rows.length === 0) return
  await tx
    .insert(statistics)
    .values(rows)
    .onConflictDoUpdate({ target, set: { count: sql`${statistics.count} + excluded.count` } })
    .execute()
}

export function statisticsQueries({ agencyId, mine, read, touch, change, head }: Context): StatisticsQueries {
  const ofGrain = (grain: 'day' | 'month') => and(mine(statistics), eq(statistics.grain, grain))
  const columns = { service: statistics.service, measure: statistics.measure, channel: statistics.channel, language: statistics.language }
  const keys = [statistics.service, statistics.measure, statistics.channel, statistics.language] as const
  const total = sql<number>`sum(${statistics.count})`.mapWith(Number)
  const month = sql<string>`substr(${statistics.period}, 1, 7)`
  const lastFolded = async (tx: Transaction) =>
    (
      await tx
        .select({ month: max(statistics.period) })
        .from(statistics)
        .where(ofGrain('month'))
    )[0]?.month ?? ''
  const sketchIs = (of: string, audience: string) => and(mine(statisticsPeople), eq(statisticsPeople.month, of), eq(statisticsPeople.audience, audience))

  return {
    async count(counts) {
      // Not repeated when nobody knows whether it took place: rather lost than counted twice.
      if (counts.length > 0) await touch((tx) => addCounts(tx, agencyId, counts), { light: true })
    },
    monthly: (until) =>
      read(async (tx) => {
        const folded = await lastFolded(tx)
        const [months, days] = await Promise.all([
          tx
            .select({ month: statistics.period, ...columns, count: statistics.count })
            .from(statistics)
            .where(and(ofGrain('month'), lte(statistics.period, until)))
            .orderBy(asc(statistics.period), ...keys)
            .execute(),
          // A day sorts behind its month, and before the next one.
          tx
            .select({ month, ...columns, count: total })
            .from(statistics)
            .where(and(ofGrain('day'), gt(statistics.period, `${folded}-99`), lt(statistics.period, `${until}-99`)))
            .groupBy(month, ...keys)
            .orderBy(month, ...keys)
            .execute(),
        ])
        return [...months, ...days]
      }),
    daily: (from, to) =>
      read((tx) =>
        tx
          .select({ day: statistics.period, ...columns, count: total })
          .from(statistics)
          .where(and(ofGrain('day'), gte(statistics.period, from), lte(statistics.period, to)))
          .groupBy(statistics.period, ...keys)
          .orderBy(statistics.period, ...keys)
          .execute(),
      ),
    async foldMonths(until) {
      await touch(
        async (tx) => {
          // Two replicas fold one after the other.
          await head(tx)
          // The last one again: a replica may have brought a late count.
          const from = await lastFolded(tx)
          await tx.delete(statistics).where(and(ofGrain('month'), gte(statistics.period, from)))
          await tx.execute(sql`INSERT INTO statistics (agency_id, grain, period, service_id, measure, channel, language, slot, count)
            SELECT agency_id, 'month', substr(period, 1, 7), service_id, measure, channel, language, 0, sum(count) FROM statistics
            WHERE agency_id = ${agencyId} AND grain = 'day' AND period >= ${from} AND period < ${`${until}-99`}
            GROUP BY agency_id, substr(period, 1, 7), service_id, measure, channel, language`)
        },
        { light: true, repeatable: true },
      )
    },
    async replaceFacts(counts, sequence) {
      // Under the agency's lock: no event is added meanwhile.
      await change(
        async (tx) => {
          const events = await tx
            .select({ action: auditEvents.action, time: auditEvents.time, details: auditEvents.details })
            .from(auditEvents)
            .where(and(mine(auditEvents), gt(auditEvents.sequence, sequence)))
          const later = events.flatMap(({ details, ...event }) => countsOf({ ...event, ...(details ? { details } : {}) } as Parameters<typeof countsOf>[0]))
          await tx.delete(statistics).where(ofGrain('month'))
          await tx.delete(statistics).where(and(ofGrain('day'), inArray(statistics.measure, [...facts])))
          const all = sumUp([...counts, ...later])
          for (let at = 0; at < all.length; at += 1000) await addCounts(tx, agencyId, all.slice(at, at + 1000))
        },
        { repeatable: true },
      )
    },
    async sketchPeople(of, audience, fresh, work) {
      // Done twice it is the same: a register only ever takes the larger of two.
      await touch(
        async (tx) => {
          await tx.insert(statisticsPeople).values({ agencyId, month: of, audience, key: fresh.key, registers: fresh.registers }).onConflictDoNothing()
          const [held] = await tx.select().from(statisticsPeople).where(sketchIs(of, audience)).for('update')
          if (!held) return
          await tx
            .update(statisticsPeople)
            .set({ registers: work(held.key, held.registers) })
            .where(sketchIs(of, audience))
        },
        { light: true, repeatable: true },
      )
    },
    people: (until) =>
      read((tx) =>
        tx
          .select({ month: statisticsPeople.month, audience: statisticsPeople.audience, registers: statisticsPeople.registers })
          .from(statisticsPeople)
          .where(and(mine(statisticsPeople), lte(statisticsPeople.month, until)))
          .orderBy(asc(statisticsPeople.month), asc(statisticsPeople.audience))
          .execute(),
      ),
    async forgetPeople(before) {
      await touch(
        (tx) =>
          tx
            .update(statisticsPeople)
            .set({ key: null })
            .where(and(mine(statisticsPeople), lt(statisticsPeople.month, before), isNotNull(statisticsPeople.key))),
        { repeatable: true },
      )
    },
  }
}
