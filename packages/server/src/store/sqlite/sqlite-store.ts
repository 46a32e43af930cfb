/** The store on SQLite: one process, one local disk. */
import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-sqlite'
import { installation } from '../people.ts'
import type { AgencyId, AgencyStore, Store } from '../store.ts'
import { agencyQueries } from './agency-queries.ts'
import { type Checkpoints, noCheckpoints, startCheckpoints, type TellStuck } from './checkpoints.ts'
import { type Commits, groupCommits } from './commits.ts'
import { contextOf } from './context.ts'
import { readFigures } from './figures.ts'
import { syncLogOf } from './log-sync.ts'
import { looksTogether } from './looks.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { type Recording, recordingThread } from './recording.ts'
import { agencies } from './tables.ts'

/** Whether something could be written and kept now. @throws why not */
export async function checkStore(commits: Pick<Commits, 'add'>, { failure, stuck }: Pick<Checkpoints, 'failure' | 'stuck'>): Promise<void> {
  if (failure ?? stuck) throw failure ?? stuck
  // Taking the write lock and letting go shows that the file is there, sound and writable. In its turn: the thread may have the lock.
  await commits.add(() => {}, true)
}

export interface SqliteOptions {
  tell?: TellStuck
  /** Told of each migration of tables that are there, before it runs: with many rows it takes its time. */
  migrating?(migration: string): void
  /** The thread that writes submissions where many send at once; null: none does. */
  recording?: Recording | null
}

/** Opens (and makes or migrates) the database in `path`; `:memory:` for tests. `tell`: see checkpoints.ts. */
export function openSqliteStore(
  path: string,
  now: () => Date,
  { tell, migrating, recording = path === ':memory:' ? null : recordingThread(path) }: SqliteOptions = {},
): Store {
  const client = openDatabase(path)
  migrate(client, now().toISOString(), migrating)
  const db = drizzle({ client })
  const checkpoints = path === ':memory:' ? noCheckpoints : startCheckpoints(client, path, { tell })
  const log = path === ':memory:' ? null : syncLogOf(path)
  const commits = groupCommits(client, { checkpoints, log, recording })
  const together = looksTogether(client)
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
        made = agencyQueries(contextOf(db, { commits, together }, id))
        queries.set(id, made)
      }
      return made
    },
    counters: null,
    settled: () => commits.settled,
    figures: async () => readFigures(client),
    async check() {
      await checkStore(commits, checkpoints)
    },
    async close() {
      await commits.flush()
      await commits.settled
      await recording?.close()
      log?.close()
      await checkpoints.close()
      client.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      client.close()
    },
  }
}
