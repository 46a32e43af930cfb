/** The queries about what citizens saved to come back to. */
import { and, asc, count, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import { Conflict, type SavedDraftQueries } from '../store.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { draftAttachments, drafts } from './tables.ts'

export function draftQueries({ agencyId, mine, read, change }: Context): SavedDraftQueries {
  const draftIs = (service: string, idHash: string) => and(mine(drafts), eq(drafts.service, service), eq(drafts.idHash, idHash))
  const held = (service: string, idHash: string) => and(mine(draftAttachments), eq(draftAttachments.service, service), eq(draftAttachments.idHash, idHash))
  const remove = async (tx: Transaction, service: string, idHash: string) => {
    const [, gone] = await Promise.all([
      tx.delete(draftAttachments).where(held(service, idHash)).execute(),
      tx.delete(drafts).where(draftIs(service, idHash)).returning({ idHash: drafts.idHash }).execute(),
    ])
    return gone.length > 0
  }

  return {
    async saveDraft({ service, idHash, version, content, expiresAt, attachments }, revision, now) {
      return change(async (tx) => {
        const [before] = await tx.select({ revision: drafts.revision, expiresAt: drafts.expiresAt }).from(drafts).where(draftIs(service, idHash))
        const living = before && before.expiresAt > now ? before : null
        if (revision === null && living) throw new Conflict('taken')
        if (revision !== null && living?.revision !== revision) throw new Conflict('stale')
        if (before) await remove(tx, service, idHash)
        const next = (revision ?? 0) + 1
        await tx.insert(drafts).values({ agencyId, service, idHash, revision: next, version, content, size: content.byteLength, expiresAt })
        const wanted = [...new Set(attachments)]
        if (wanted.length > 0) await tx.insert(draftAttachments).values(wanted.map((attachment) => ({ agencyId, service, idHash, attachment })))
        return next
      })
    },
    async savedDraft(service, idHash, now) {
      const [row] = await read((tx) => tx.select().from(drafts).where(draftIs(service, idHash)))
      if (!row || row.expiresAt <= now) return null
      return { service, revision: row.revision, version: row.version, content: row.content, size: row.size, expiresAt: row.expiresAt }
    },
    async deleteDraft(service, idHash) {
      return change((tx) => remove(tx, service, idHash))
    },
    async countDrafts(service, most, now) {
      return read((tx) => {
        const some = tx
          .select({ version: drafts.version })
          .from(drafts)
          .where(and(mine(drafts), eq(drafts.service, service), gt(drafts.expiresAt, now)))
          .orderBy(asc(drafts.idHash))
          .limit(most)
          .as('some')
        return tx.select({ version: some.version, count: count() }).from(some).groupBy(some.version).orderBy(desc(some.version))
      })
    },
    async purgeDrafts(now) {
      return change(async (tx) => {
        const old = await tx
          .select({ service: drafts.service, idHash: drafts.idHash })
          .from(drafts)
          .where(and(mine(drafts), lt(drafts.expiresAt, now)))
        const services = new Map<string, string[]>()
        for (const { service, idHash } of old) services.set(service, [...(services.get(service) ?? []), idHash])
        for (const [service, hashes] of services) {
          await Promise.all([
            tx
              .delete(draftAttachments)
              .where(and(mine(draftAttachments), eq(draftAttachments.service, service), inArray(draftAttachments.idHash, hashes)))
              .execute(),
            tx
              .delete(drafts)
              .where(and(mine(drafts), eq(drafts.service, service), inArray(drafts.idHash, hashes)))
              .execute(),
          ])
        }
        return old.length
      })
    },
  }
}
