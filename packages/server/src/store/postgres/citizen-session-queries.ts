/** The queries about citizens who are signed in. */
import { and, count, eq, gt, inArray, lt } from 'drizzle-orm'
import type { CitizenSessionQueries, CitizenSessionsOf } from '../citizen-sessions.ts'
import type { Context } from './context.ts'
import { citizenSessions } from './tables.ts'

export function citizenSessionQueries({ agencyId, mine, read, touch, change }: Context): CitizenSessionQueries {
  const { idHash: id, service, createdAt, seenAt, expiresAt } = citizenSessions
  const sessionIs = (idHash: string) => and(mine(citizenSessions), eq(id, idHash))
  const those = ({ idHash, provider, subjectMac, providerSessionMacs }: CitizenSessionsOf) =>
    and(
      mine(citizenSessions),
      idHash === undefined ? undefined : eq(id, idHash),
      provider === undefined ? undefined : eq(citizenSessions.provider, provider),
      subjectMac === undefined ? undefined : eq(citizenSessions.subjectMac, subjectMac),
      providerSessionMacs === undefined ? undefined : inArray(citizenSessions.providerSessionMac, [...providerSessionMacs]),
    )

  return {
    async openCitizenSession(session) {
      await touch((tx) => tx.insert(citizenSessions).values({ agencyId, ...session }))
    },
    async citizenSession(idHash, now) {
      const [row] = await read((tx) =>
        tx
          .select({ service, createdAt, seenAt, expiresAt })
          .from(citizenSessions)
          .where(and(sessionIs(idHash), gt(expiresAt, now))),
      )
      return row ?? null
    },
    async touchCitizenSession(idHash, at) {
      await touch((tx) => tx.update(citizenSessions).set({ seenAt: at }).where(sessionIs(idHash)))
    },
    async extendCitizenSession(idHash, to) {
      return touch(async (tx) => (await tx.update(citizenSessions).set(to).where(sessionIs(idHash)).returning({ id })).length > 0)
    },
    async endCitizenSessions(which, object, by) {
      return change(async (tx, log) => {
        const ended = (await tx.delete(citizenSessions).where(those(which)).returning({ id })).length
        if (ended > 0) await log('citizen.signed-out', object, { ...by, details: { ...by.details, count: ended } })
        return ended
      })
    },
    async countCitizenSessions(now) {
      const { provider } = citizenSessions
      const rows = await read((tx) =>
        tx
          .select({ provider, n: count() })
          .from(citizenSessions)
          .where(and(mine(citizenSessions), gt(expiresAt, now)))
          .groupBy(provider),
      )
      return new Map(rows.map((row) => [row.provider, row.n]))
    },
    async purgeCitizenSessions(now) {
      return touch(
        async (tx) =>
          (
            await tx
              .delete(citizenSessions)
              .where(and(mine(citizenSessions), lt(expiresAt, now)))
              .returning({ id })
          ).length,
      )
    },
  }
}
