/**
 * Databases as they were after each migration, with data. For each migration there is a file of rows, written once, when it
 * was new, and never again (write-fixtures.ts); the tables are made by the migrations themselves, which are never edited.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { hexDigest } from '../digest.ts'
import { readSteps } from '../store/postgres/migrate.ts'

export type Dialect = 'sqlite' | 'postgres'
export type Value = string | number | bigint | null | Uint8Array
export type Row = Record<string, Value>
/** Rows by table. */
export type Rows = Map<string, Row[]>

const store = new URL('../store/', import.meta.url)
const migrationsOf = (dialect: Dialect) => new URL(`${dialect}/migrations/`, store)

export const migrations = (dialect: Dialect): string[] =>
  readdirSync(migrationsOf(dialect))
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
export const fixturePath = (dialect: Dialect, migration: string) => fileURLToPath(new URL(`fixtures/${dialect}/${migration}`, store))

const logTable = 'CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL)'
/** What the program itself notes in the table of migrations. */
const logged = (names: readonly { name: string; digest: string }[]): Row[] => names.map((each) => ({ ...each, applied_at: '2026-01-05T08:00:00.000Z' }))

/** Empty, as after that migration. Gives the rows that the table of migrations has then. */
export function sqliteUpTo(database: DatabaseSync, migration: string): Row[] {
  database.exec(`${logTable} STRICT`)
  const names = migrations('sqlite').filter((name) => name <= migration)
  const texts = names.map((name) => readFileSync(new URL(name, migrationsOf('sqlite')), 'utf8'))
  for (const text of texts) database.exec(text)
  return logged(names.map((name, i) => ({ name, digest: hexDigest(texts[i] as string) })))
}

/** The same on PostgreSQL, as the owner of the tables. */
export async function postgresUpTo(ownerUrl: string, migration: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(logTable)
    const steps = readSteps().filter(({ name }) => (name.split(':')[0] as string) <= migration)
    for (const { sql } of steps) await client.query(sql)
    return logged([{ name: 'lock', digest: '' }, ...steps.map(({ name, digest }) => ({ name, digest }))])
  } finally {
    await client.end()
  }
}

const literal = (value: Value, dialect: Dialect): string => {
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return dialect === 'sqlite' ? `X'${Buffer.from(value).toString('hex')}'` : `'\\x${Buffer.from(value).toString('hex')}'`
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/** A statement a row and line. */
export const insertions = (rows: Rows, dialect: Dialect): string =>
  [...rows]
    .flatMap(([table, all]) =>
      all.map(
        (row) =>
          `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row)
            .map((value) => literal(value, dialect))
            .join(', ')});\n`,
      ),
    )
    .join('')

/** Tables with their columns. */
export function sqliteColumns(database: DatabaseSync): Map<string, Map<string, string>> {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").all()
  return new Map(
    tables.map(({ name }) => [
      String(name),
      new Map(
        database
          .prepare(`PRAGMA table_info(${name})`)
          .all()
          .map((column) => [String(column.name), String(column.type)]),
      ),
    ]),
  )
}

export function sqliteRows(database: DatabaseSync): Rows {
  return new Map(
    [...sqliteColumns(database).keys()].map((table) => [
      table,
      database
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => ({ ...row }) as Row),
    ]),
  )
}

export async function postgresRows(adminUrl: string): Promise<Rows> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname",
    )
    const found: Rows = new Map()
    for (const { name } of tables) found.set(name, (await client.query<Row>(`SELECT * FROM ${name}`)).rows)
    return found
  } finally {
    await client.end()
  }
}

/** For comparing: whole numbers come as text from one of the drivers. */
export const comparable = (row: Row, columns: readonly string[]): string =>
  JSON.stringify(
    columns.map((name) => {
      const value = row[name]
      return value === null || value === undefined ? null : value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : String(value)
    }),
  )
