/** The queries about the audit log and its tree. */
import type { AuditEvent } from '@guichet/schemas'
import { and, desc, eq, gte, inArray, lt, lte } from 'drizzle-orm'
import type { AuditLogQueries } from '../audit-log.ts'
import type { Context } from './context.ts'
import { auditEvents, auditNotes, logCheckpoints, logTiles, receipts } from './tables.ts'

type Row = typeof auditEvents.$inferSelect
const eventOf = ({ agencyId: agency, details, ...event }: Row) => ({ agency, ...event, ...(details ? { details } : {}) }) as AuditEvent

export function auditQueries({ db, agencyId, change }: Context): AuditLogQueries {
  const tileIs = (level: number, number: number) => and(eq(logTiles.agencyId, agencyId), eq(logTiles.level, level), eq(logTiles.number, number))
  const size = () => {
    const last = db
      .select({ number: logTiles.number, hashes: logTiles.hashes })
      .from(logTiles)
      .where(and(eq(logTiles.agencyId, agencyId), eq(logTiles.level, 0)))
      .orderBy(desc(logTiles.number))
      .limit(1)
      .get()
    return last ? last.number * 256 + last.hashes.length / 32 : 0
  }
  // Read of every event at least once, to be put into the tree.
  const eventsAfter = db.$client.prepare(
    `SELECT sequence, time, actor, action, object, details, previous, digest FROM audit_events
     WHERE agency_id = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
  )
  return {
    async auditEvents(after, limit) {
      const rows = eventsAfter.all(agencyId, after, limit) as unknown as (Omit<AuditEvent, 'agency' | 'details'> & { details: string | null })[]
      return rows.map(({ details, ...event }) => ({ agency: agencyId, ...event, ...(details === null ? {} : { details: JSON.parse(details) }) }))
    },
    async auditHead() {
      const { sequence, digest } = auditEvents
      return db.select({ sequence, digest }).from(auditEvents).where(eq(auditEvents.agencyId, agencyId)).orderBy(desc(sequence)).limit(1).get() ?? null
    },
    async findAuditEvents({ action, actor, object, from, to }, before, limit, span) {
      const least = object === undefined ? Math.max(1, before - span) : 1
      const events = db
        .select()
        .from(auditEvents)
        .where(
          and(
            eq(auditEvents.agencyId, agencyId),
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
        .limit(limit)
        .all()
        .map(eventOf)
      return { events, reached: events.length === limit ? (events.at(-1)?.sequence ?? least) : least }
    },
    async auditNotes(sequences) {
      if (sequences.length === 0) return new Map()
      const rows = db
        .select()
        .from(auditNotes)
        .where(and(eq(auditNotes.agencyId, agencyId), inArray(auditNotes.sequence, [...sequences])))
        .all()
      return new Map(rows.map(({ sequence, sealing, content }) => [sequence, { sealing, content }]))
    },
    async receipt(submission) {
      const found = db
        .select({ content: receipts.content })
        .from(receipts)
        .where(and(eq(receipts.agencyId, agencyId), eq(receipts.submission, submission)))
        .get()
      return found?.content ?? null
    },
    logSize: async () => size(),
    async logTiles(places) {
      return places.map(({ level, number }) => db.select({ hashes: logTiles.hashes }).from(logTiles).where(tileIs(level, number)).get()?.hashes ?? null)
    },
    async extendLog({ from, tiles, checkpoint }) {
      return change((tx) => {
        if (size() !== from) return false
        for (const { level, number, hashes } of tiles)
          tx.insert(logTiles)
            .values({ agencyId, level, number, hashes: Buffer.from(hashes) })
            .onConflictDoUpdate({ target: [logTiles.agencyId, logTiles.level, logTiles.number], set: { hashes: Buffer.from(hashes) } })
            .run()
        if (checkpoint)
          tx.insert(logCheckpoints)
            .values({ agencyId, ...checkpoint })
            .onConflictDoUpdate({ target: [logCheckpoints.agencyId, logCheckpoints.period], set: checkpoint })
            .run()
        return true
      })
    },
    async forgetTree(checkpoints) {
      await change((tx) => {
        tx.delete(logTiles).where(eq(logTiles.agencyId, agencyId)).run()
        if (checkpoints) tx.delete(logCheckpoints).where(eq(logCheckpoints.agencyId, agencyId)).run()
      })
    },
    async checkpoints(limit) {
      const { period, size, note, signedAt } = logCheckpoints
      return db
        .select({ period, size, note, signedAt })
        .from(logCheckpoints)
        .where(eq(logCheckpoints.agencyId, agencyId))
        .orderBy(desc(period))
        .limit(limit)
        .all()
    },
    async cosignCheckpoint(size, before, after) {
      return change((tx) => {
        const done = tx
          .update(logCheckpoints)
          .set({ note: after })
          .where(and(eq(logCheckpoints.agencyId, agencyId), eq(logCheckpoints.size, size), eq(logCheckpoints.note, before)))
          .run()
        return Number(done.changes) > 0
      }, 'light')
    },
  }
}
