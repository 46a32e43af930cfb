/**
 * T22: whether the database itself keeps agencies apart, once nothing before it does: every table asked for whatever is in it,
 * in the server's own role, as one agency and as none.
 */
import { sql } from 'drizzle-orm'
import { furnished } from '../../src/access/matrix.test-helper.ts'
import { rootOf } from '../../src/disk-failure.ts'
import { openPool } from '../../src/store/postgres/database.ts'
import { ask, newDatabase, postgresIsThere, startCluster } from '../../src/testing/postgres.ts'
import { keepRowsIn } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const count = async (url: string, text: string) => Number((await ask<{ n: string }>(url, text))[0]?.n)

export const foreignRows: Line = {
  attack: 'T22',
  name: 'foreign-rows',
  what: 'every table of PostgreSQL read and written without any filter, as an agency and as none; the catalogue',
  reach: 'no row of another agency seen or changed; every table behind forced row-level security; no key without its agency',
  possible: () => postgresIsThere(),
  shorter: 'packages/server/src/store/postgres/postgres-store.test.ts',
  async run() {
    const cluster = await startCluster()
    let keepRowsWhereTheyWere = () => {}
    try {
      const database = await newDatabase(cluster)
      keepRowsWhereTheyWere = keepRowsIn(async () => ({
        env: { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl },
        disk: cluster.disk,
        giveBack: async () => {},
      }))
      const { world } = await furnished()
      const tables = (
        await ask<{ name: string }>(
          database.adminUrl,
          "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'agency_id' ORDER BY 1",
        )
      ).map(({ name }) => name)
      const wrong: string[] = []
      let [trials, control] = [0, 0]
      const pool = openPool(database.url, 1, Promise.resolve())
      const asCity = async (text: string): Promise<number | 'refused'> => {
        trials++
        try {
          const done = await pool.within(
            'city' as never,
            (transaction) => transaction.execute(sql.raw(text)) as unknown as Promise<{ rowCount: number | null }>,
          )
          return done.rowCount ?? 0
        } catch (error) {
          if (rootOf(error).code === '42501') return 'refused'
          throw error
        }
      }
      for (const table of tables) {
        control += await count(database.adminUrl, `SELECT count(*) AS n FROM ${table} WHERE agency_id <> 'city'`)
        for (const text of [
          `SELECT 1 FROM ${table} WHERE agency_id <> 'city'`,
          `UPDATE ${table} SET agency_id = agency_id WHERE agency_id <> 'city'`,
          `DELETE FROM ${table} WHERE agency_id <> 'city'`,
        ]) {
          const rows = await asCity(text)
          if (rows !== 'refused' && rows > 0) wrong.push(`${rows} rows by ${text}`)
        }
        trials++
        if ((await count(database.url, `SELECT count(*) AS n FROM ${table}`)) > 0) wrong.push(`${table} is read by nobody`)
      }
      await pool.close()
      const open = await ask<{ name: string }>(
        database.adminUrl,
        `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname = ANY('{${tables}}') AND NOT (relrowsecurity AND relforcerowsecurity)`,
      )
      const keys = await ask<{ name: string }>(
        database.adminUrl,
        `SELECT i.relname AS name FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
         WHERE t.relname = ANY('{${tables}}') AND x.indisunique AND a.attname <> 'agency_id'`,
      )
      wrong.push(...open.map(({ name }) => `${name} is open`), ...keys.map(({ name }) => `${name} does not begin with the agency`))
      await world.close()
      return {
        trials,
        figure: `${wrong.length} ways through in ${tables.length} tables${wrong[0] ? `, such as ${wrong[0]}` : ''}`,
        good: wrong.length === 0 && tables.length > 20,
        control: { what: `a role that passes by the wall (${control} rows of others)`, noticed: control > 20 },
      }
    } finally {
      keepRowsWhereTheyWere()
      await cluster.stop()
    }
  },
}
