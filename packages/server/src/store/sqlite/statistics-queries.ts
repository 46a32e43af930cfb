/** Counters, and the sketches of how many people there were. */
import { and, asc, eq, gt, gte, inArray, isNotNull, lt, lte, max, sql } from 'drizzle-orm'
import { countsOf, facts, sumUp } from '../../statistics/count.ts'
import type { StatisticsQueries } from '../store.ts'
import type { Context } from './context.ts'
import { auditEvents, statistics, statisticsPeople } from './tables.ts'

export function statisticsQueries({ db, agencyId, change, addCounts }: Context): StatisticsQueries {
  const ofGrain = (grain: 'day' | 'month') => and(eq(statistics.agencyId, agencyId), eq(statistics.grain, grain))
  const columns = { service: statistics.service, measure: statistics.measure, channel: statistics.channel, language: statistics.language }
  const keys = [statistics.service, statistics.measure, statistics.channel, statistics.language] as const
  const total = sql<number>`sum(${statistics.count})`.mapWith(Number)
  const month = sql<string>`substr(${statistics.period}, 1, 7)`
  const lastFolded = () =>
    db
      .select({ month: max(statistics.period) })
      .from(statistics)
      .where(ofGrain('month'))
      .get()?.month ?? ''
  const sketchIs = (of: string, audience: string) =>
    and(eq(statisticsPeople.agencyId, agencyId), eq(statisticsPeople.month, of), eq(statisticsPeople.audience, audience))

  return {
    async count(counts) {
      if (counts.length > 0) await change(() => addCounts(counts), 'light')
    },
    async monthly(until) {
      const folded = lastFolded()
      return [
        ...db
          .select({ month: statistics.period, ...columns, count: statistics.count })
          .from(statistics)
          .where(and(ofGrain('month'), lte(statistics.period, until)))
          .orderBy(asc(statistics.period), ...keys)
          .all(),
        // A day sorts behind its month, and before the next one.
        ...db
          .select({ month, ...columns, count: total })
          .from(statistics)
          .where(and(ofGrain('day'), gt(statistics.period, `${folded}-99`), lt(statistics.period, `${until}-99`)))
          .groupBy(month, ...keys)
          .orderBy(month, ...keys)
          .all(),
      ]
    },
    async daily(from, to) {
      return db
        .select({ day: statistics.period, ...columns, count: total })
        .from(statistics)
        .where(and(ofGrain('day'), gte(statistics.period, from), lte(statistics.period, to)))
        .groupBy(statistics.period, ...keys)
        .orderBy(statistics.period, ...keys)
        .all()
    },
    async foldMonths(until) {
      await change((tx) => {
        // The last one again: a replica may have brought a late count.
        const from = lastFolded()
        tx.delete(statistics)
          .where(and(ofGrain('month'), gte(statistics.period, from)))
          .run()
        tx.run(sql`INSERT INTO statistics (agency_id, grain, period, service_id, measure, channel, language, slot, count)
            SELECT agency_id, 'month', substr(period, 1, 7), service_id, measure, channel, language, 0, sum(count) FROM statistics
            WHERE agency_id = ${agencyId} AND grain = 'day' AND period >= ${from} AND period < ${`${until}-99`}
            GROUP BY agency_id, substr(period, 1, 7), service_id, measure, channel, language`)
      }, 'light')
    },
    async replaceFacts(counts, sequence) {
      await change((tx) => {
        const later = tx
          .select({ action: auditEvents.action, time: auditEvents.time, details: auditEvents.details })
          .from(auditEvents)
          .where(and(eq(auditEvents.agencyId, agencyId), gt(auditEvents.sequence, sequence)))
          .all()
          .flatMap(({ details, ...event }) => countsOf({ ...event, ...(details ? { details } : {}) } as Parameters<typeof countsOf>[0]))
        tx.delete(statistics).where(ofGrain('month')).run()
        tx.delete(statistics)
          .where(and(ofGrain('day'), inArray(statistics.measure, [...facts])))
          .run()
        addCounts(sumUp([...counts, ...later]))
      })
    },
    async sketchPeople(of, audience, fresh, work) {
      await change((tx) => {
        tx.insert(statisticsPeople)
          .values({ agencyId, month: of, audience, key: Buffer.from(fresh.key), registers: Buffer.from(fresh.registers) })
          .onConflictDoNothing()
          .run()
        const held = tx.select().from(statisticsPeople).where(sketchIs(of, audience)).get()
        if (!held) return
        tx.update(statisticsPeople)
          .set({ registers: Buffer.from(work(held.key, held.registers)) })
          .where(sketchIs(of, audience))
          .run()
      }, 'light')
    },
    async people(until) {
      return db
        .select({ month: statisticsPeople.month, audience: statisticsPeople.audience, registers: statisticsPeople.registers })
        .from(statisticsPeople)
        .where(and(eq(statisticsPeople.agencyId, agencyId), lte(statisticsPeople.month, until)))
        .orderBy(asc(statisticsPeople.month), asc(statisticsPeople.audience))
        .all()
    },
    async forgetPeople(before) {
      await change((tx) =>
        tx
          .update(statisticsPeople)
          .set({ key: null })
          .where(and(eq(statisticsPeople.agencyId, agencyId), lt(statisticsPeople.month, before), isNotNull(statisticsPeople.key)))
          .run(),
      )
    },
  }
}
