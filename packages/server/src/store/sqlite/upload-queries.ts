/** The queries about files that arrive in parts. */
import { and, asc, eq, gte, isNull, lt, sql } from 'drizzle-orm'
import { Conflict } from '../store.ts'
import type { UploadQueries } from '../uploads.ts'
import type { Context, Database } from './context.ts'
import { attachments, uploadParts, uploads } from './tables.ts'

export function uploadQueries({ db, agencyId, change, log }: Context): UploadQueries {
  const uploadIs = (service: string, idHash: string) => and(eq(uploads.agencyId, agencyId), eq(uploads.service, service), eq(uploads.idHash, idHash))
  const partsOf = (service: string, idHash: string) => and(eq(uploadParts.agencyId, agencyId), eq(uploadParts.service, service), eq(uploadParts.idHash, idHash))
  const forget = (tx: Database, service: string, idHash: string): string[] | null => {
    const files = tx.delete(uploadParts).where(partsOf(service, idHash)).returning({ file: uploadParts.file }).all()
    const gone = tx.delete(uploads).where(uploadIs(service, idHash)).run()
    return Number(gone.changes) === 0 ? null : files.map(({ file }) => file)
  }

  return {
    async beginUpload(upload) {
      await change((tx) => {
        tx.insert(uploads)
          .values({ agencyId, ...upload, name: Buffer.from(upload.name) })
          .run()
      })
    },
    async upload(service, idHash, since) {
      const row = db
        .select()
        .from(uploads)
        .where(and(uploadIs(service, idHash), gte(uploads.createdAt, since)))
        .get()
      if (!row) return null
      const { agencyId: _, ...upload } = row
      return upload
    },
    async uploadParts(service, idHash) {
      const { start, size, file, sealing } = uploadParts
      return db.select({ start, size, file, sealing }).from(uploadParts).where(partsOf(service, idHash)).orderBy(asc(start)).all()
    },
    async appendPart(service, idHash, part) {
      await change((tx) => {
        const moved = tx
          .update(uploads)
          .set({ received: sql`${uploads.received} + ${part.size}` })
          .where(and(uploadIs(service, idHash), eq(uploads.received, part.start), isNull(uploads.attachment)))
          .run()
        if (Number(moved.changes) === 0) throw new Conflict('stale')
        tx.insert(uploadParts)
          .values({ agencyId, service, idHash, ...part })
          .run()
      })
    },
    async finishUpload(service, idHash, attachment, by) {
      await change((tx) => {
        const finished = tx
          .update(uploads)
          .set({ attachment: attachment.id })
          .where(and(uploadIs(service, idHash), isNull(uploads.attachment)))
          .run()
        if (Number(finished.changes) === 0) throw new Conflict('stale')
        tx.delete(uploadParts).where(partsOf(service, idHash)).run()
        tx.insert(attachments)
          .values({ agencyId, ...attachment, name: Buffer.from(attachment.name) })
          .run()
        log('attachment.received', `attachment:${attachment.id}`, by)
      })
    },
    async deleteUpload(service, idHash) {
      return change((tx) => forget(tx, service, idHash))
    },
    async purgeUploads(before) {
      return change((tx) => {
        const old = tx
          .select({ service: uploads.service, idHash: uploads.idHash })
          .from(uploads)
          .where(and(eq(uploads.agencyId, agencyId), lt(uploads.createdAt, before)))
          .all()
        return old.flatMap(({ service, idHash }) => forget(tx, service, idHash) ?? [])
      })
    },
  }
}
