/** The queries about what citizens saved to come back to. */
import { and, count, desc, eq, lt, sql } from 'drizzle-orm'
import { Conflict, type SavedDraftQueries } from '../store.ts'
import type { Context, Database } from './context.ts'
import { draftAttachments, drafts } from './tables.ts'

export function draftQueries({ db, agencyId, change }: Context): SavedDraftQueries {
  const draftIs = (service: string, idHash: string) => and(eq(drafts.agencyId, agencyId), eq(drafts.service, service), eq(drafts.idHash, idHash))
  const held = (service: string, idHash: string) =>
    and(eq(draftAttachments.agencyId, agencyId), eq(draftAttachments.service, service), eq(draftAttachments.idHash, idHash))
  const remove = (tx: Database, service: string, idHash: string) => {
    tx.delete(draftAttachments).where(held(service, idHash)).run()
    return Number(tx.delete(drafts).where(draftIs(service, idHash)).run().changes) > 0
  }

  return {
    async saveDraft({ service, idHash, version, content, expiresAt, attachments }, revision, now) {
      return change((tx) => {
        const before = tx.select({ revision: drafts.revision, expiresAt: drafts.expiresAt }).from(drafts).where(draftIs(service, idHash)).get()
        const living = before && before.expiresAt > now ? before : null
        if (revision === null && living) throw new Conflict('taken')
        if (revision !== null && living?.revision !== revision) throw new Conflict('stale')
        if (before) remove(tx, service, idHash)
        const next = (revision ?? 0) + 1
        tx.insert(drafts)
          .values({ agencyId, service, idHash, revision: next, version, content: Buffer.from(content), size: content.byteLength, expiresAt })
          .run()
        for (const attachment of new Set(attachments)) tx.insert(draftAttachments).values({ agencyId, service, idHash, attachment }).run()
        return next
      })
    },
    async savedDraft(service, idHash, now) {
      const row = db.select().from(drafts).where(draftIs(service, idHash)).get()
      if (!row || row.expiresAt <= now) return null
      return { service, revision: row.revision, version: row.version, content: row.content, size: row.size, expiresAt: row.expiresAt }
    },
    async deleteDraft(service, idHash) {
      return change((tx) => remove(tx, service, idHash))
    },
    async countDrafts(service, most, now) {
      // Asked of each row when it expires, SQLite would read through its content; the index of those that have tells the few.
      const some = db
        .select({ version: drafts.version })
        .from(drafts)
        .where(
          and(
            eq(drafts.agencyId, agencyId),
            eq(drafts.service, service),
            sql`rowid NOT IN (SELECT rowid FROM drafts AS old WHERE old.agency_id = ${agencyId} AND old.expires_at <= ${now})`,
          ),
        )
        .limit(most)
        .as('some')
      return db.select({ version: some.version, count: count() }).from(some).groupBy(some.version).orderBy(desc(some.version)).all()
    },
    async purgeDrafts(now) {
      return change((tx) => {
        const old = tx
          .select({ service: drafts.service, idHash: drafts.idHash })
          .from(drafts)
          .where(and(eq(drafts.agencyId, agencyId), lt(drafts.expiresAt, now)))
          .all()
        for (const { service, idHash } of old) remove(tx, service, idHash)
        return old.length
      })
    },
  }
}
