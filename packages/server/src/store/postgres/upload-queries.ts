/** The queries about files that arrive in parts. */
import { and, asc, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm'
import { Conflict } from '../store.ts'
import type { UploadQueries } from '../uploads.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { attachments, uploadParts, uploads } from './tables.ts'

export function uploadQueries({ agencyId, mine, read, touch, change }: Context): UploadQueries {
  const uploadIs = (service: string, idHash: string) => and(mine(uploads), eq(uploads.service, service), eq(uploads.idHash, idHash))
  const partsOf = (service: string, idHash: string) => and(mine(uploadParts), eq(uploadParts.service, service), eq(uploadParts.idHash, idHash))
  /** The row is locked first, so that no part is added between the two. */
  const forget = async (tx: Transaction, service: string, idHash: string): Promise<string[] | null> => {
    const [held] = await tx.select({ idHash: uploads.idHash }).from(uploads).where(uploadIs(service, idHash)).for('update')
    if (!held) return null
    const files = await tx.delete(uploadParts).where(partsOf(service, idHash)).returning({ file: uploadParts.file })
    await tx.delete(uploads).where(uploadIs(service, idHash))
    return files.map(({ file }) => file)
  }

  return {
    async beginUpload(upload) {
      await touch((tx) => tx.insert(uploads).values({ agencyId, ...upload }))
    },
    async upload(service, idHash, since) {
      const [row] = await read((tx) =>
        tx
          .select()
          .from(uploads)
          .where(and(uploadIs(service, idHash), gte(uploads.createdAt, since))),
      )
      if (!row) return null
      const { agencyId: _, ...upload } = row
      return upload
    },
    async uploadParts(service, idHash) {
      const { start, size, file, sealing } = uploadParts
      return read((tx) => tx.select({ start, size, file, sealing }).from(uploadParts).where(partsOf(service, idHash)).orderBy(asc(start)))
    },
    async appendPart(service, idHash, part) {
      await touch(async (tx) => {
        // Its lock is what makes one of two wait, and find that the upload has moved on.
        const moved = await tx
          .update(uploads)
          .set({ received: sql`${uploads.received} + ${part.size}` })
          .where(and(uploadIs(service, idHash), eq(uploads.received, part.start), isNull(uploads.attachment)))
          .returning({ idHash: uploads.idHash })
        if (moved.length === 0) throw new Conflict('stale')
        await tx.insert(uploadParts).values({ agencyId, service, idHash, ...part })
      })
    },
    async finishUpload(service, idHash, attachment, by) {
      await change(async (tx, log) => {
        const finished = await tx
          .update(uploads)
          .set({ attachment: attachment.id })
          .where(and(uploadIs(service, idHash), isNull(uploads.attachment)))
          .returning({ idHash: uploads.idHash })
        if (finished.length === 0) throw new Conflict('stale')
        await tx.delete(uploadParts).where(partsOf(service, idHash))
        await tx.insert(attachments).values({ agencyId, ...attachment })
        await log('attachment.received', `attachment:${attachment.id}`, by)
      })
    },
    async deleteUpload(service, idHash) {
      return touch((tx) => forget(tx, service, idHash))
    },
    async purgeUploads(before) {
      return touch(async (tx) => {
        const old = await tx
          .select({ service: uploads.service, idHash: uploads.idHash })
          .from(uploads)
          .where(and(mine(uploads), lt(uploads.createdAt, before)))
          .for('update')
        const services = new Map<string, string[]>()
        for (const { service, idHash } of old) services.set(service, [...(services.get(service) ?? []), idHash])
        const files: string[] = []
        for (const [service, hashes] of services) {
          const parts = and(mine(uploadParts), eq(uploadParts.service, service), inArray(uploadParts.idHash, hashes))
          for (const { file } of await tx.delete(uploadParts).where(parts).returning({ file: uploadParts.file })) files.push(file)
          await tx.delete(uploads).where(and(mine(uploads), eq(uploads.service, service), inArray(uploads.idHash, hashes)))
        }
        return files
      })
    },
  }
}
