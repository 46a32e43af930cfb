import { join } from 'node:path'
import type { Config } from '../config.ts'
import { isThere } from '../is-there.ts'
import type { Log } from '../log.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { recordingThread } from './sqlite/recording.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'
import { UnfitDatabase } from './unfit-database.ts'

/** The store that the configuration names: PostgreSQL for many replicas, else SQLite for one process. */
export const openStore = (
  { databaseUrl, databaseOwnerUrl, dataDir }: Pick<Config, 'databaseUrl' | 'databaseOwnerUrl' | 'dataDir'>,
  now: () => Date,
  log?: Pick<Log, 'info' | 'error'>,
): Store => {
  const migrating = (migration: string) => log?.info({ migration }, 'the database of an earlier version is brought up to date')
  if (databaseUrl) return openPostgresStore({ url: databaseUrl, ownerUrl: databaseOwnerUrl, now, migrating })
  const path = join(dataDir, 'guichet.db')
  return openSqliteStore(path, now, {
    migrating,
    recording: recordingThread(path, {
      lost: (error) => log?.error({ err: error }, 'the thread that writes submissions has ended: until the next start they are written without it'),
    }),
    tell(error) {
      if (error === null) log?.info('the log of the database is copied into it again')
      else log?.error({ err: error, sqlite: (error as { errcode?: number }).errcode }, 'the log of the database cannot be copied into it, and grows')
    },
  })
}

/** The same, of an installation that is there: where DATA_DIR is mistyped, a command would make one, and find nothing in it. @throws UnfitDatabase */
export function openMadeStore(config: Pick<Config, 'databaseUrl' | 'databaseOwnerUrl' | 'dataDir'>, now: () => Date): Store {
  const path = join(config.dataDir, 'guichet.db')
  if (config.databaseUrl === null && !isThere(path)) throw new UnfitDatabase(`There is no database ${path}. Is DATA_DIR right?`)
  return openStore(config, now)
}
