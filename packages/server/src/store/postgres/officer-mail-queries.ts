/** The queries about mails to officers. */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { OfficerMailQueries } from '../officer-mail.ts'
import { type Context, outboxRows } from './context.ts'
import type { Transaction } from './database.ts'
import { officerMail, outbox } from './tables.ts'

const { user, language, assigned, days, digest, given, toldOn } = officerMail
const columns = { user, language, assigned, days, digest, given, toldOn }

/** Somebody was given a case by somebody else: counted for whoever wants to be told. Inside the change that gives it. */
export const countGiven = (tx: Transaction, mine: Context['mine'], to: string) =>
  tx
    .update(officerMail)
    .set({ given: sql`${given} + 1` })
    .where(and(mine(officerMail), eq(user, to), eq(assigned, 1)))

export function officerMailQueries({ agencyId, mine, read, touch }: Context): OfficerMailQueries {
  const of = (id: string) => and(mine(officerMail), eq(user, id))
  return {
    async officerMail(id) {
      const [row] = await read((tx) => tx.select(columns).from(officerMail).where(of(id)))
      return row ?? null
    },
    async saveOfficerMail(wish, today) {
      const { user: _user, ...wanted } = wish
      await touch((tx) =>
        tx
          .insert(officerMail)
          .values({ agencyId, ...wish, given: 0, toldOn: today })
          .onConflictDoUpdate({ target: [officerMail.agencyId, user], set: wish.assigned ? wanted : { ...wanted, given: 0 } }),
      )
    },
    async endOfficerMail(id) {
      return (await touch((tx) => tx.delete(officerMail).where(of(id)).returning({ user }))).length > 0
    },
    async subscribers() {
      return read((tx) => tx.select(columns).from(officerMail).where(mine(officerMail)).orderBy(asc(user)))
    },
    async tellOfficer(before, after, mail, service, at) {
      return touch(async (tx) => {
        const as = and(of(before.user), eq(given, before.given), eq(toldOn, before.toldOn))
        if ((await tx.update(officerMail).set(after).where(as).returning({ user })).length === 0) return false
        await tx.insert(outbox).values(outboxRows(agencyId, [mail], { service, submission: null }, at))
        return true
      })
    },
  }
}
