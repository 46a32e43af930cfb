/** The queries about the marks of keys. */
import { eq } from 'drizzle-orm'
import type { KeyMarkQueries } from '../store.ts'
import type { Context } from './context.ts'
import { keyMarks } from './tables.ts'

export function keyMarkQueries({ db, agencyId, change }: Context): KeyMarkQueries {
  const all = () =>
    new Map(
      db
        .select()
        .from(keyMarks)
        .where(eq(keyMarks.agencyId, agencyId))
        .all()
        .map(({ name, mark }) => [name, mark]),
    )
  return {
    async markKeys(marks) {
      const noted = all()
      const missing = [...marks].filter(([name]) => !noted.has(name))
      if (missing.length === 0) return noted
      await change((tx) => {
        for (const [name, mark] of missing) tx.insert(keyMarks).values({ agencyId, name, mark }).onConflictDoNothing().run()
      })
      return all()
    },
  }
}
