/** The queries about codes that were sent to see whether an address is the citizen's. */
import { and, eq, gt, lt, sql } from 'drizzle-orm'
import { tried, type VerificationQueries } from '../store.ts'
import { type Context, outboxRows } from './context.ts'
import { outbox, verifications } from './tables.ts'

export function verificationQueries({ agencyId, mine, read, touch }: Context): VerificationQueries {
  const verificationIs = (idHash: string) => and(mine(verifications), eq(verifications.idHash, idHash))

  const { valueMac, codeMac, triesLeft, expiresAt } = verifications
  const held = { valueMac, codeMac, triesLeft, expiresAt }

  return {
    async addVerification({ outbox: entry, at, ...row }) {
      await touch(async (tx) => {
        await tx.insert(verifications).values({ agencyId, ...row })
        if (entry) await tx.insert(outbox).values(outboxRows(agencyId, [entry], { service: row.service, submission: null }, at))
      })
    },
    async verificationMessage(idHash, now) {
      const [row] = await read((tx) =>
        tx.select({ message: verifications.message, expiresAt: verifications.expiresAt }).from(verifications).where(verificationIs(idHash)),
      )
      return row && row.expiresAt > now ? row.message : null
    },
    async tryVerification(service, idHash, now) {
      return touch(async (tx) => {
        const [row] = await tx
          .update(verifications)
          .set({ triesLeft: sql`${verifications.triesLeft} - 1` })
          .where(and(verificationIs(idHash), eq(verifications.service, service), gt(verifications.triesLeft, 0)))
          .returning(held)
        return tried(row, now)
      })
    },
    async endVerification(idHash) {
      return touch(async (tx) => (await tx.delete(verifications).where(verificationIs(idHash)).returning({ idHash: verifications.idHash })).length > 0)
    },
    async purgeVerifications(now) {
      return touch(
        async (tx) =>
          (
            await tx
              .delete(verifications)
              .where(and(mine(verifications), lt(verifications.expiresAt, now)))
              .returning({ idHash: verifications.idHash })
          ).length,
      )
    },
  }
}
