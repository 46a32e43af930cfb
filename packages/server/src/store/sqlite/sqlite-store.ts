/** The store on SQLite: one process, one local disk. */
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-sqlite'
import { makeFolderDurably } from '../../durable.ts'
import { installation } from '../people.ts'
import type { AgencyId, AgencyStore, Store } from '../store.ts'
import { agencyQueries } from './agency-queries.ts'
import { type Checkpoints, noCheckpoints, startCheckpoints, type TellStuck } from './checkpoints.ts'
import { groupCommits } from './commits.ts'
import { contextOf } from './context.ts'
import { readFigures } from './figures.ts'
import { syncLogOf } from './log-sync.ts'
import { migrate } from './migrate.ts'
import { agencies } from './tables.ts'

/** A connection as it must be for what we promise. */
export function openDatabase(path: string): DatabaseSync {
  if (path !== ':memory:') makeFolderDurably(dirname(path))
  const client = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  // FULL: a commit is on disk before it returns, also in WAL mode. secure_delete: what is deleted does not stay in the file.
  client.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF')
  // A group of submissions and the upper pages of the indexes fit into 64 MB of cache.
  client.exec('PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864')
  // What a savepoint could give back is kept in memory: in a file it was half of what a group had to write.
  client.exec('PRAGMA temp_store = MEMORY')
  return client
}

/** Whether something could be written and kept now. @throws why not */
export function checkStore(client: DatabaseSync, { failure, stuck }: Pick<Checkpoints, 'failure' | 'stuck'>): void {
  if (failure ?? stuck) throw failure ?? stuck
  // Taking the write lock and letting go shows that the file is there, sound and writable.
  client.exec('BEGIN IMMEDIATE; ROLLBACK')
}

/** Opens (and makes or migrates) the database in `path`; `:memory:` for tests. `tell`: see checkpoints.ts. */
export function openSqliteStore(path: string, now: () => Date, tell?: TellStuck): Store {
  const client = openDatabase(path)
  migrate(client, now().toISOString())
  const db = drizzle({ client })
  const checkpoints = path === ':memory:' ? noCheckpoints : startCheckpoints(client, path, { tell })
  const log = path === ':memory:' ? null : syncLogOf(path)
  const commits = groupCommits(client, checkpoints, log)
  const known = (name: string) =>
    db
      .select()
      .from(agencies)
      .where(eq(agencies.agencyId, name as never))
      .get()
  /**
   * Agencies that are there. Of one that was deleted meanwhile there is nothing left to find, because it has neither
   * published services nor sessions nor keys.
   */
  const found = new Set<string>()
  /** Kept, because they hold prepared statements and the keys of requests under way. */
  const queries = new Map<AgencyId, AgencyStore>()

  return {
    async agencies() {
      return db
        .select()
        .from(agencies)
        .where(and(ne(agencies.agencyId, installation as AgencyId), isNull(agencies.deletedAt)))
        .orderBy(asc(agencies.agencyId))
        .all()
        .map((row) => ({ id: row.agencyId, title: row.title }))
    },
    async findAgency(name) {
      if (!found.has(name) && known(name)?.deletedAt === null) found.add(name)
      return found.has(name) ? (name as AgencyId) : null
    },
    async ensureAgency(name, title, createdAt) {
      db.insert(agencies)
        .values({ agencyId: name as never, title, createdAt })
        .onConflictDoNothing()
        .run()
      return known(name)!.agencyId
    },
    async house(now_) {
      return this.agency(await this.ensureAgency(installation, installation, now_))
    },
    agency(id) {
      let made = queries.get(id)
      if (!made) {
        made = agencyQueries(contextOf(db, commits, id))
        queries.set(id, made)
      }
      return made
    },
    counters: null,
    settled: () => commits.settled,
    figures: async () => readFigures(client),
    async check() {
      checkStore(client, checkpoints)
    },
    async close() {
      commits.flush()
      await commits.settled
      log?.close()
      await checkpoints.close()
      client.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      client.close()
    },
  }
}
