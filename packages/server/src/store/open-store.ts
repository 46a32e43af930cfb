import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

/** The store that the configuration names: PostgreSQL for many replicas, else SQLite for one process. */
export const openStore = ({ databaseUrl, databaseOwnerUrl, dataDir }: Pick<Config, 'databaseUrl' | 'databaseOwnerUrl' | 'dataDir'>, now: () => Date): Store =>
  databaseUrl ? openPostgresStore({ url: databaseUrl, ownerUrl: databaseOwnerUrl, now }) : openSqliteStore(join(dataDir, 'guichet.db'), now)
