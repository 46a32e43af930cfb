/** The queries about the marks of keys. */
import type { KeyMarkQueries } from '../store.ts'
import type { Context } from './context.ts'
import { keyMarks } from './tables.ts'

export function keyMarkQueries({ agencyId, mine, read, touch }: Context): KeyMarkQueries {
  const all = async () => {
    const rows = await read((tx) => tx.select({ name: keyMarks.name, mark: keyMarks.mark }).from(keyMarks).where(mine(keyMarks)))
    return new Map(rows.map(({ name, mark }) => [name, mark]))
  }
  return {
    async markKeys(marks) {
      const noted = await all()
      const missing = [...marks].filter(([name]) => !noted.has(name))
      if (missing.length === 0) return noted
      const rows = missing.map(([name, mark]) => ({ agencyId, name, mark }))
      // Another replica may be about to note its own: whose comes first counts.
      await touch((tx) => tx.insert(keyMarks).values(rows).onConflictDoNothing(), { repeatable: true })
      return all()
    },
  }
}
