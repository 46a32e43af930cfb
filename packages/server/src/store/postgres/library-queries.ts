/** The queries about what an agency keeps beside its services. */
import { and, count, eq, getColumns, max } from 'drizzle-orm'
import type { KeptKind, LibraryQueries } from '../library.ts'
import { Conflict } from '../store.ts'
import type { Context } from './context.ts'
import { library } from './tables.ts'

export function libraryQueries({ agencyId, mine, read, change }: Context): LibraryQueries {
  const ofKind = (kind: KeptKind) => and(mine(library), eq(library.kind, kind))
  const named = (kind: KeptKind, id: string) => and(ofKind(kind), eq(library.id, id))
  const { agencyId: _agency, ...columns } = getColumns(library)
  const { content: _content, ...summary } = columns

  return {
    async keep({ kind, id, version, ...kept }, most, by) {
      // Changes of an agency wait for each other, so that what is counted here stays so.
      await change(async (tx, log) => {
        const [there] = await tx.select({ count: count() }).from(library).where(ofKind(kind))
        if ((there?.count ?? 0) >= most) throw new Conflict('full')
        const [newest] = await tx
          .select({ version: max(library.version) })
          .from(library)
          .where(named(kind, id))
        if (Number(newest?.version ?? 0) + 1 !== version) throw new Conflict('stale')
        await tx.insert(library).values({ agencyId, kind, id, version, ...kept, savedBy: by.actor, savedAt: by.at })
        await log('library.saved', `${kind}:${id}`, { ...by, details: { ...by.details, version, digest: kept.digest } })
      })
    },
    async library(kind) {
      const rows = await read((tx) => tx.select(summary).from(library).where(ofKind(kind)).orderBy(library.id, library.version))
      return rows.filter(({ id }, i) => id !== rows[i + 1]?.id)
    },
    async kept(kind, id, version) {
      const [row] = await read((tx) =>
        tx
          .select(columns)
          .from(library)
          .where(and(named(kind, id), eq(library.version, version))),
      )
      return row ?? null
    },
    async forgetKept(kind, id, by) {
      return change(async (tx, log) => {
        const gone = await tx.delete(library).where(named(kind, id)).returning({ version: library.version })
        if (gone.length === 0) return false
        await log('library.removed', `${kind}:${id}`, by)
        return true
      })
    },
  }
}
