/** The queries about mails to officers. */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { OfficerMailQueries } from '../officer-mail.ts'
import type { AgencyId } from '../store.ts'
import type { Context, Database } from './context.ts'
import { officerMail } from './tables.ts'

const { agencyId: ofAgency, user, language, assigned, days, digest, given, toldOn } = officerMail
const columns = { user, language, assigned, days, digest, given, toldOn }

/** Somebody was given a case by somebody else: counted for whoever wants to be told. Inside the change that gives it. */
export const countGiven = (tx: Database, agencyId: AgencyId, to: string) =>
  tx
    .update(officerMail)
    .set({ given: sql`${given} + 1` })
    .where(and(eq(ofAgency, agencyId), eq(user, to), eq(assigned, 1)))
    .run()

export function officerMailQueries({ db, agencyId, change, enqueue }: Context): OfficerMailQueries {
  const of = (id: string) => and(eq(ofAgency, agencyId), eq(user, id))
  return {
    async officerMail(id) {
      return db.select(columns).from(officerMail).where(of(id)).get() ?? null
    },
    async saveOfficerMail(wish, today) {
      const { user: _user, ...wanted } = wish
      await change((tx) => {
        tx.insert(officerMail)
          .values({ agencyId, ...wish, given: 0, toldOn: today })
          .onConflictDoUpdate({ target: [ofAgency, user], set: wish.assigned ? wanted : { ...wanted, given: 0 } })
          .run()
      })
    },
    async endOfficerMail(id) {
      return change((tx) => Number(tx.delete(officerMail).where(of(id)).run().changes) > 0)
    },
    async subscribers() {
      return db.select(columns).from(officerMail).where(eq(ofAgency, agencyId)).orderBy(asc(user)).all()
    },
    async tellOfficer(before, after, mail, service, at) {
      return change((tx) => {
        const as = and(of(before.user), eq(given, before.given), eq(toldOn, before.toldOn))
        if (Number(tx.update(officerMail).set(after).where(as).run().changes) === 0) return false
        enqueue([mail], { service, submission: null }, at)
        return true
      })
    },
  }
}
