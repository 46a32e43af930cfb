/** Where the rows go: the store that the server has, but in larger portions and without waiting for the disk after each. */
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-sqlite'
import pg from 'pg'
import type { Config } from '../../packages/server/src/config.ts'
import { lockDataDir } from '../../packages/server/src/data-dir-lock.ts'
import { openPostgresStore } from '../../packages/server/src/store/postgres/postgres-store.ts'
import { agencyQueries } from '../../packages/server/src/store/sqlite/agency-queries.ts'
import { groupCommits } from '../../packages/server/src/store/sqlite/commits.ts'
import { contextOf } from '../../packages/server/src/store/sqlite/context.ts'
import { looksTogether } from '../../packages/server/src/store/sqlite/looks.ts'
import { openDatabase } from '../../packages/server/src/store/sqlite/open-database.ts'
import { openSqliteStore } from '../../packages/server/src/store/sqlite/sqlite-store.ts'
import type { AgencyId, AgencyStore, Store } from '../../packages/server/src/store/store.ts'

export interface Target {
  /** To make the agency and the service with. */
  store: Store
  /** To write rows to. Those of one portion may be handed over at once. */
  bulk(agency: AgencyId): AgencyStore
  /** Rows of a portion. */
  portion: number
  /** What there is of the service. */
  there(agency: AgencyId, service: string): Promise<{ count: number; last: string | null }>
  /** Place of the last event in the audit log. */
  head(agency: AgencyId): Promise<number>
  /** Everything is on disk when it resolves. */
  close(): Promise<void>
}

const countOf = 'SELECT count(*) AS count, max(received_at) AS last FROM submissions WHERE agency_id = $1 AND service_id = $2'
const headOf = 'SELECT max(sequence) AS head FROM audit_events WHERE agency_id = $1'

/** @throws DataDirInUse while a server has the folder */
export function openTarget({ databaseUrl, databaseOwnerUrl, dataDir }: Config, now: () => Date): Target {
  return databaseUrl ? onPostgres(databaseUrl, databaseOwnerUrl, now) : onSqlite(dataDir, now)
}

function onSqlite(dataDir: string, now: () => Date): Target {
  const lock = lockDataDir(dataDir)
  const file = join(dataDir, 'guichet.db')
  const store = openSqliteStore(file, now)
  const client = openDatabase(file)
  // What the operating system was given outlives this process, however it ends; only a power cut in the middle could spoil it.
  client.exec(
    'PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -1000000; PRAGMA wal_autocheckpoint = 20000; PRAGMA temp_store = MEMORY',
  )
  const portion = 5000
  const [commits, together] = [groupCommits(client, { most: portion }), looksTogether(client)]
  const one = <Row>(sql: string, ...values: string[]) => client.prepare(sql.replace(/\$\d/g, '?')).get(...values) as Row
  return {
    store,
    bulk: (agency) => agencyQueries(contextOf(drizzle({ client }), { commits, together }, agency)),
    portion,
    there: async (agency, service) => one(countOf, agency, service),
    head: async (agency) => one<{ head: number | null }>(headOf, agency).head ?? 0,
    async close() {
      await commits.flush()
      client.exec('PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)')
      client.close()
      await store.close()
      lock.release()
    },
  }
}

function onPostgres(url: string, ownerUrl: string | null, now: () => Date): Target {
  const store = openPostgresStore({ url, ownerUrl, now })
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const ask = async <Row>(sql: string, agency: AgencyId, ...more: string[]) => {
    await pool.query("SELECT set_config('app.agency', $1, false)", [agency])
    return (await pool.query(sql, [agency, ...more])).rows[0] as Row
  }
  return {
    store,
    bulk: (agency) => store.agency(agency),
    portion: 1000,
    async there(agency, service) {
      const { count, last } = await ask<{ count: string; last: string | null }>(countOf, agency, service)
      return { count: Number(count), last }
    },
    head: async (agency) => Number((await ask<{ head: string | null }>(headOf, agency)).head ?? 0),
    async close() {
      await pool.end()
      await store.close()
    },
  }
}
