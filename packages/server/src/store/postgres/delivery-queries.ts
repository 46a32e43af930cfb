/** The queries of the outbox. */
import { and, asc, eq, getColumns, gt, inArray, isNotNull, isNull, lte, min, or, sql } from 'drizzle-orm'
import type { AgencyStore, Deed, DeliverySummary } from '../store.ts'
import type { Context } from './context.ts'
import { outbox, submissions } from './tables.ts'

type DeliveryQueries = Pick<AgencyStore, 'claimDeliveries' | 'finishDelivery' | 'retryDelivery' | 'buryDelivery' | 'deliveries' | 'replayDelivery'>

export function deliveryQueries({ mine, read, change, touch }: Context): DeliveryQueries {
  const leased = (id: string, lease: string) => and(mine(outbox), eq(outbox.id, id), eq(outbox.lease, lease))
  const deedOf = ({ kind, attempts, submission }: Pick<DeliverySummary, 'kind' | 'attempts' | 'submission'>, by: Deed, more: Deed['details'] = {}): Deed => ({
    ...by,
    details: { ...by.details, kind, attempts, ...(submission ? { submission } : {}), ...more },
  })

  return {
    async claimDeliveries({ lease, now, until, limit, perDestination, skip, farAfter }) {
      const isDue = farAfter === undefined ? lte(outbox.dueAt, now) : or(lte(outbox.dueAt, now), gt(outbox.dueAt, farAfter))
      // Looked for before anything is locked: mostly there is nothing to do.
      const due = await read(async (tx) => {
        const found: { id: string; dueAt: string | null }[] = []
        for (let last = ''; ; ) {
          const [next] = await tx
            .select({ destination: min(outbox.destination) })
            .from(outbox)
            .where(and(mine(outbox), gt(outbox.destination, last)))
            .prepare()
            .execute()
          if (!next?.destination) return found
          last = next.destination
          if (skip.includes(last)) continue
          found.push(
            ...(await tx
              .select({ id: outbox.id, dueAt: outbox.dueAt })
              .from(outbox)
              .where(and(mine(outbox), eq(outbox.destination, last), isDue))
              .orderBy(asc(outbox.dueAt), asc(outbox.id))
              .limit(perDestination)
              .prepare()
              .execute()),
          )
        }
      })
      if (due.length === 0) return []
      const ids = due
        .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id)
      return touch(
        async (tx) => {
          // Of two that found the same rows one waits here, and then finds them leased.
          const rows = await tx
            .select({ id: outbox.id })
            .from(outbox)
            .where(and(mine(outbox), inArray(outbox.id, ids), isDue))
            .orderBy(asc(outbox.id))
            .for('update')
          if (rows.length === 0) return []
          const ours = and(
            mine(outbox),
            inArray(
              outbox.id,
              rows.map(({ id }) => id),
            ),
          )
          const { agencyId: _agency, dueAt: _due, lease: _lease, ...columns } = getColumns(outbox)
          const [, claimed] = await Promise.all([
            tx
              .update(outbox)
              .set({ lease, dueAt: until, attempts: sql`${outbox.attempts} + 1` })
              .where(ours)
              .execute(),
            tx
              .select({ ...columns, sealing: submissions.sealing })
              .from(outbox)
              .leftJoin(submissions, and(eq(submissions.agencyId, outbox.agencyId), eq(submissions.id, outbox.submission)))
              .where(ours)
              .orderBy(asc(outbox.createdAt), asc(outbox.id))
              .execute(),
          ])
          return claimed
        },
        { light: true },
      )
    },
    async finishDelivery(id, lease, by) {
      return change(
        async (tx, log) => {
          const [done] = await tx.delete(outbox).where(leased(id, lease)).returning()
          if (!done) return false
          await log('delivery.done', `delivery:${id}`, deedOf(done, by))
          return true
        },
        { light: true },
      )
    },
    async retryDelivery(id, lease, at, reason) {
      const moved = await touch((tx) => tx.update(outbox).set({ lease: null, dueAt: at, reason }).where(leased(id, lease)).returning({ id: outbox.id }), {
        light: true,
      })
      return moved.length > 0
    },
    async buryDelivery(id, lease, reason, by) {
      return change(async (tx, log) => {
        const [dead] = await tx.update(outbox).set({ lease: null, dueAt: null, reason }).where(leased(id, lease)).returning()
        if (!dead) return false
        await log('delivery.failed', `delivery:${id}`, deedOf(dead, by, { reason }))
        return true
      })
    },
    async deliveries(state, limit, after) {
      const { agencyId: _agency, payload: _payload, lease: _lease, ...columns } = getColumns(outbox)
      return read((tx) =>
        tx
          .select(columns)
          .from(outbox)
          .where(
            and(
              mine(outbox),
              state === 'dead' ? isNull(outbox.dueAt) : isNotNull(outbox.dueAt),
              after && or(gt(outbox.createdAt, after.createdAt), and(eq(outbox.createdAt, after.createdAt), gt(outbox.id, after.id))),
            ),
          )
          .orderBy(asc(outbox.createdAt), asc(outbox.id))
          .limit(limit),
      )
    },
    async replayDelivery(id, by) {
      return change(async (tx, log) => {
        const [again] = await tx
          .update(outbox)
          .set({ dueAt: by.at, attempts: 0 })
          .where(and(mine(outbox), eq(outbox.id, id), isNull(outbox.dueAt)))
          .returning()
        if (!again) return false
        await log('delivery.replayed', `delivery:${id}`, deedOf(again, by))
        return true
      })
    },
  }
}
