import pg from 'pg'
import { plainFailure } from '../store/postgres/failure.ts'
import type { Snapshot } from './snapshot.ts'

export interface PostgresSnapshot extends Snapshot {
  readonly client: pg.Client
  /** What pg_dump --snapshot takes, to see the same moment. */
  exportId(): Promise<string>
}

/**
 * A PostgreSQL as it is now, whoever writes meanwhile. Each agency is read under its own name, so that any role that may read
 * its rows will do, whether or not row-level security binds it.
 */
export async function openPostgresSnapshot(url: string): Promise<PostgresSnapshot> {
  const client = new pg.Client({ connectionString: url, application_name: 'guichet backup', connectionTimeoutMillis: 10_000, keepAlive: true })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query('SELECT 1')
  } catch (error) {
    await client.end().catch(() => {})
    throw plainFailure(error)
  }
  let scope: string | null = null
  const as = async (agency: string) => {
    if (scope !== agency) await client.query("SELECT set_config('app.agency', $1, true)", [agency])
    scope = agency
  }
  const texts = async (sql: string) => (await client.query<{ text: string }>(sql)).rows.map(({ text }) => text)
  const name = pg.escapeIdentifier
  return {
    store: 'postgres',
    client,
    exportId: async () => (await texts('SELECT pg_export_snapshot() AS text'))[0] as string,
    migrations: () => texts('SELECT name AS text FROM migrations WHERE name <> \'lock\' ORDER BY name COLLATE "C"'),
    tables: () =>
      texts(
        `SELECT relname::text AS text FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'agency_id' AND NOT attisdropped
         WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace ORDER BY relname::text COLLATE "C"`,
      ),
    async agencies() {
      await as('*')
      return texts('SELECT agency_id AS text FROM agencies ORDER BY agency_id COLLATE "C"')
    },
    async count(table, agency) {
      await as(agency)
      return Number((await client.query(`SELECT count(*) AS n FROM ${name(table)} WHERE agency_id = $1`, [agency])).rows[0]?.n)
    },
    async page(agency, table, columns, key, after, limit) {
      await as(agency)
      const { rows } = await client.query(
        `SELECT ${columns.map(name).join(', ')} FROM ${name(table)} WHERE agency_id = $1 ${after === null ? '' : `AND ${name(key)} > $2`} ORDER BY agency_id, ${name(key)} LIMIT ${limit}`,
        after === null ? [agency] : [agency, after],
      )
      return rows
    },
    // It keeps checksums and references by itself, and says so when it reads; what is read here is what must be readable.
    faults: async () => [],
    async close() {
      await client.end().catch(() => {})
    },
  }
}
