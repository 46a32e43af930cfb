/** The queries about the audit log and its tree. */
import type { AuditEvent } from '@guichet/schemas'
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type { AuditLogQueries } from '../audit-log.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { auditEvents, auditNotes, logCheckpoints, logTiles, receipts } from './tables.ts'

type Row = typeof auditEvents.$inferSelect
const eventOf = ({ agencyId: agency, details, ...event }: Row) => ({ agency, ...event, ...(details ? { details } : {}) }) as AuditEvent

export function auditQueries({ agencyId, mine, read, change, touch }: Context): AuditLogQueries {
  const sizeIn = async (tx: Transaction) => {
    const [last] = await tx
      .select({ number: logTiles.number, hashes: logTiles.hashes })
      .from(logTiles)
      .where(and(mine(logTiles), eq(logTiles.level, 0)))
      .orderBy(desc(logTiles.number))
      .limit(1)
    return last ? last.number * 256 + last.hashes.length / 32 : 0
  }
  return {
    async auditEvents(after, limit) {
      const rows = await read((tx) =>
        tx
          .select()
          .from(auditEvents)
          // None is left out, so this is where it ends: of an agency that the planner does not know yet it would read, and sort, all that follow.
          .where(and(mine(auditEvents), gt(auditEvents.sequence, after), lte(auditEvents.sequence, after + limit)))
          .orderBy(asc(auditEvents.sequence)),
      )
      return rows.map(eventOf)
    },
    async auditHead() {
      const { sequence, digest } = auditEvents
      const [last] = await read((tx) => tx.select({ sequence, digest }).from(auditEvents).where(mine(auditEvents)).orderBy(desc(sequence)).limit(1))
      return last ?? null
    },
    async findAuditEvents({ action, actor, object, from, to }, before, limit, span) {
      const least = object === undefined ? Math.max(1, before - span) : 1
      const rows = await read((tx) =>
        tx
          .select()
          .from(auditEvents)
          .where(
            and(
              mine(auditEvents),
              lt(auditEvents.sequence, before),
              gte(auditEvents.sequence, least),
              action === undefined ? undefined : eq(auditEvents.action, action),
              actor === undefined ? undefined : eq(auditEvents.actor, actor),
              object === undefined ? undefined : eq(auditEvents.object, object),
              from === undefined ? undefined : gte(auditEvents.time, from),
              to === undefined ? undefined : lte(auditEvents.time, to),
            ),
          )
          .orderBy(desc(auditEvents.sequence))
          .limit(limit),
      )
      const events = rows.map(eventOf)
      return { events, reached: events.length === limit ? (events.at(-1)?.sequence ?? least) : least }
    },
    async auditNotes(sequences) {
      if (sequences.length === 0) return new Map()
      const rows = await read((tx) =>
        tx
          .select()
          .from(auditNotes)
          .where(and(mine(auditNotes), inArray(auditNotes.sequence, [...sequences]))),
      )
      return new Map(rows.map(({ sequence, sealing, content }) => [sequence, { sealing, content }]))
    },
    async receipt(submission) {
      const [found] = await read((tx) =>
        tx
          .select({ content: receipts.content })
          .from(receipts)
          .where(and(mine(receipts), eq(receipts.submission, submission))),
      )
      return found?.content ?? null
    },
    logSize: () => read(sizeIn),
    async logTiles(places) {
      if (places.length === 0) return []
      const { level, number, hashes } = logTiles
      const wanted = or(...places.map((place) => and(eq(level, place.level), eq(number, place.number))))
      const rows = await read((tx) =>
        tx
          .select({ level, number, hashes })
          .from(logTiles)
          .where(and(mine(logTiles), wanted)),
      )
      const found = new Map(rows.map((row) => [`${row.level}/${row.number}`, row.hashes]))
      return places.map((place) => found.get(`${place.level}/${place.number}`) ?? null)
    },
    async extendLog({ from, tiles, checkpoint }) {
      // Under the agency's lock: of two replicas one extends the tree.
      return change(async (tx) => {
        if ((await sizeIn(tx)) !== from) return false
        if (tiles.length > 0)
          await tx
            .insert(logTiles)
            .values(tiles.map((tile) => ({ agencyId, ...tile })))
            .onConflictDoUpdate({ target: [logTiles.agencyId, logTiles.level, logTiles.number], set: { hashes: sql`excluded.hashes` } })
        if (checkpoint)
          await tx
            .insert(logCheckpoints)
            .values({ agencyId, ...checkpoint })
            .onConflictDoUpdate({ target: [logCheckpoints.agencyId, logCheckpoints.period], set: checkpoint })
        return true
      })
    },
    async forgetTree(checkpoints) {
      await change(async (tx) => {
        await tx.delete(logTiles).where(mine(logTiles))
        if (checkpoints) await tx.delete(logCheckpoints).where(mine(logCheckpoints))
      })
    },
    async checkpoints(limit) {
      const { period, size, note, signedAt } = logCheckpoints
      return read((tx) => tx.select({ period, size, note, signedAt }).from(logCheckpoints).where(mine(logCheckpoints)).orderBy(desc(period)).limit(limit))
    },
    async cosignCheckpoint(size, before, after) {
      const done = await touch(
        (tx) =>
          tx
            .update(logCheckpoints)
            .set({ note: after })
            .where(and(mine(logCheckpoints), eq(logCheckpoints.size, size), eq(logCheckpoints.note, before)))
            .returning({ size: logCheckpoints.size }),
        { light: true },
      )
      return done.length > 0
    },
  }
}
