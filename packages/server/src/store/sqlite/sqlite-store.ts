/** The store on SQLite: one process, one local disk. */
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-sqlite'
import { makeFolderDurably } from '../../durable.ts'
import type { Store } from '../store.ts'
import { agencyQueries } from './agency-queries.ts'
import { migrate } from './migrate.ts'
import { agencies } from './tables.ts'

/** A connection as it must be for what we promise. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') makeFolderDurably(dirname(path))
  const client = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  // FULL: a commit is on disk before it returns, also in WAL mode. secure_delete: what is deleted does not stay in the file.
  client.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF')
  return client
}

/** Opens (and makes or migrates) the database in `path`; `:memory:` for tests. */
export function openSqliteStore(path: string, now: () => Date): Store {
  const client = openDatabase(path)
  migrate(client, now().toISOString())
  const db = drizzle({ client })
  const known = (name: string) =>
    db
      .select()
      .from(agencies)
      .where(eq(agencies.agencyId, name as never))
      .get()

  return {
    async agencies() {
      return db
        .select()
        .from(agencies)
        .orderBy(asc(agencies.agencyId))
        .all()
        .map((row) => ({ id: row.agencyId, title: row.title }))
    },
    async findAgency(name) {
      return known(name)?.agencyId ?? null
    },
    async ensureAgency(name, title, createdAt) {
      db.insert(agencies)
        .values({ agencyId: name as never, title, createdAt })
        .onConflictDoNothing()
        .run()
      return known(name)!.agencyId
    },
    agency: (id) => agencyQueries(db, id),
    async check() {
      // Taking the write lock and letting go shows that the file is there, sound and writable.
      client.exec('BEGIN IMMEDIATE; ROLLBACK')
    },
    async close() {
      client.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      client.close()
    },
  }
}
