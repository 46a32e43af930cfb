/** The queries about citizens who are signed in. */
import { and, count, eq, gt, inArray, lt } from 'drizzle-orm'
import type { CitizenSessionQueries, CitizenSessionsOf } from '../citizen-sessions.ts'
import type { Context } from './context.ts'
import { citizenSessions } from './tables.ts'

export function citizenSessionQueries({ db, agencyId, change, log }: Context): CitizenSessionQueries {
  const { service, createdAt, seenAt, expiresAt } = citizenSessions
  const mine = eq(citizenSessions.agencyId, agencyId)
  const sessionIs = (idHash: string) => and(mine, eq(citizenSessions.idHash, idHash))
  const those = ({ idHash, provider, subjectMac, providerSessionMacs }: CitizenSessionsOf) =>
    and(
      mine,
      idHash === undefined ? undefined : eq(citizenSessions.idHash, idHash),
      provider === undefined ? undefined : eq(citizenSessions.provider, provider),
      subjectMac === undefined ? undefined : eq(citizenSessions.subjectMac, subjectMac),
      providerSessionMacs === undefined ? undefined : inArray(citizenSessions.providerSessionMac, [...providerSessionMacs]),
    )

  return {
    async openCitizenSession(session) {
      // Whoever's sign-in was lost with the power signs in again.
      await change(
        (tx) =>
          tx
            .insert(citizenSessions)
            .values({ agencyId, ...session })
            .run(),
        'light',
      )
    },
    async citizenSession(idHash, now) {
      const held = { service, createdAt, seenAt, expiresAt }
      return (
        db
          .select(held)
          .from(citizenSessions)
          .where(and(sessionIs(idHash), gt(expiresAt, now)))
          .get() ?? null
      )
    },
    async touchCitizenSession(idHash, at) {
      await change((tx) => tx.update(citizenSessions).set({ seenAt: at }).where(sessionIs(idHash)).run(), 'light')
    },
    async extendCitizenSession(idHash, to) {
      return change((tx) => Number(tx.update(citizenSessions).set(to).where(sessionIs(idHash)).run().changes) > 0, 'light')
    },
    async endCitizenSessions(which, object, by) {
      return change((tx) => {
        const ended = Number(tx.delete(citizenSessions).where(those(which)).run().changes)
        if (ended > 0) log('citizen.signed-out', object, { ...by, details: { ...by.details, count: ended } })
        return ended
      })
    },
    async countCitizenSessions(now) {
      const rows = db
        .select({ provider: citizenSessions.provider, n: count() })
        .from(citizenSessions)
        .where(and(mine, gt(expiresAt, now)))
        .groupBy(citizenSessions.provider)
        .all()
      return new Map(rows.map(({ provider, n }) => [provider, n]))
    },
    async purgeCitizenSessions(now) {
      return change((tx) =>
        Number(
          tx
            .delete(citizenSessions)
            .where(and(mine, lt(expiresAt, now)))
            .run().changes,
        ),
      )
    },
  }
}
