import { DatabaseSync } from 'node:sqlite'
import { isThere } from '../is-there.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * A SQLite file, read as it was when the first question was asked, whoever writes meanwhile.
 * @throws if it is not there, or no database
 */
export function openSqliteSnapshot(path: string): Snapshot & { readonly client: DatabaseSync } {
  if (!isThere(path)) throw new Error(`There is no file ${path}.`)
  const client = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  try {
    client.exec('BEGIN')
    // The transaction begins with the first reading.
    client.prepare('SELECT count(*) FROM sqlite_schema').get()
  } catch (error) {
    client.close()
    throw error
  }
  const texts = (sql: string) =>
    client
      .prepare(sql)
      .all()
      .map((row) => String(Object.values(row)[0]))
  return {
    store: 'sqlite',
    client,
    migrations: async () => texts('SELECT name FROM migrations ORDER BY name'),
    tables: async () => texts("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations' ORDER BY name"),
    agencies: async () => texts('SELECT agency_id FROM agencies ORDER BY agency_id'),
    count: async (table, agency) => Number(client.prepare(`SELECT count(*) AS n FROM ${table} WHERE agency_id = ?`).get(agency)?.n),
    page: async (agency, table, columns, key, after, limit) =>
      client
        .prepare(
          `SELECT ${columns.join(', ')} FROM ${table} WHERE agency_id = ? ${after === null ? '' : `AND ${key} > ?`} ORDER BY agency_id, ${key} LIMIT ${limit}`,
        )
        .all(...(after === null ? [agency] : [agency, after])),
    async faults(deep) {
      const found = texts(deep ? 'PRAGMA integrity_check' : 'PRAGMA quick_check').filter((line) => line !== 'ok')
      const orphans = client.prepare('PRAGMA foreign_key_check').all()
      const tables = [...new Set(orphans.map((row) => `${row.table} refers to rows of ${row.parent} that are not there`))]
      return [...found, ...tables]
    },
    async close() {
      client.close()
    },
  }
}
