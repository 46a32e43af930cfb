/** The queries about codes that were sent to see whether an address is the citizen's. */
import { and, eq, gt, lt, sql } from 'drizzle-orm'
import { tried, type VerificationQueries } from '../store.ts'
import type { Context } from './context.ts'
import { verifications } from './tables.ts'

export function verificationQueries({ db, agencyId, change, enqueue }: Context): VerificationQueries {
  const verificationIs = (idHash: string) => and(eq(verifications.agencyId, agencyId), eq(verifications.idHash, idHash))

  const { valueMac, codeMac, triesLeft, expiresAt } = verifications
  const held = { valueMac, codeMac, triesLeft, expiresAt }

  return {
    async addVerification({ outbox, at, message, ...row }) {
      // Whoever waits for a code that was lost with the power asks for another.
      await change((tx) => {
        tx.insert(verifications)
          .values({ agencyId, ...row, message: Buffer.from(message) })
          .run()
        enqueue(outbox ? [outbox] : [], { service: row.service, submission: null }, at)
      }, 'light')
    },
    async verificationMessage(idHash, now) {
      const row = db.select({ message: verifications.message, expiresAt: verifications.expiresAt }).from(verifications).where(verificationIs(idHash)).get()
      return row && row.expiresAt > now ? row.message : null
    },
    async tryVerification(service, idHash, now) {
      return change((tx) => {
        const row = tx
          .update(verifications)
          .set({ triesLeft: sql`${verifications.triesLeft} - 1` })
          .where(and(verificationIs(idHash), eq(verifications.service, service), gt(verifications.triesLeft, 0)))
          .returning(held)
          .get()
        return tried(row, now)
      })
    },
    async endVerification(idHash) {
      return change((tx) => Number(tx.delete(verifications).where(verificationIs(idHash)).run().changes) > 0)
    },
    async purgeVerifications(now) {
      return change((tx) =>
        Number(
          tx
            .delete(verifications)
            .where(and(eq(verifications.agencyId, agencyId), lt(verifications.expiresAt, now)))
            .run().changes,
        ),
      )
    },
  }
}
