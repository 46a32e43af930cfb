/** The queries about what an agency keeps beside its services. */
import { and, count, eq, getColumns, max } from 'drizzle-orm'
import type { KeptKind, LibraryQueries } from '../library.ts'
import { Conflict } from '../store.ts'
import type { Context } from './context.ts'
import { library } from './tables.ts'

export function libraryQueries({ db, agencyId, change, log }: Context): LibraryQueries {
  const ofKind = (kind: KeptKind) => and(eq(library.agencyId, agencyId), eq(library.kind, kind))
  const named = (kind: KeptKind, id: string) => and(ofKind(kind), eq(library.id, id))
  const { agencyId: _agency, ...columns } = getColumns(library)
  const { content: _content, ...summary } = columns

  return {
    async keep({ kind, id, version, ...kept }, most, by) {
      await change((tx) => {
        const there = tx.select({ count: count() }).from(library).where(ofKind(kind)).get()
        if ((there?.count ?? 0) >= most) throw new Conflict('full')
        const newest = tx
          .select({ version: max(library.version) })
          .from(library)
          .where(named(kind, id))
          .get()
        if ((newest?.version ?? 0) + 1 !== version) throw new Conflict('stale')
        tx.insert(library)
          .values({ agencyId, kind, id, version, ...kept, savedBy: by.actor, savedAt: by.at })
          .run()
        log('library.saved', `${kind}:${id}`, { ...by, details: { ...by.details, version, digest: kept.digest } })
      })
    },
    async library(kind) {
      const rows = db.select(summary).from(library).where(ofKind(kind)).orderBy(library.id, library.version).all()
      return rows.filter(({ id }, i) => id !== rows[i + 1]?.id)
    },
    async kept(kind, id, version) {
      return (
        db
          .select(columns)
          .from(library)
          .where(and(named(kind, id), eq(library.version, version)))
          .get() ?? null
      )
    },
    async forgetKept(kind, id, by) {
      return change((tx) => {
        const gone = tx.delete(library).where(named(kind, id)).run()
        if (Number(gone.changes) === 0) return false
        log('library.removed', `${kind}:${id}`, by)
        return true
      })
    },
  }
}
