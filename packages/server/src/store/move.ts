/**
 * Copies everything from SQLite to an empty PostgreSQL, agency by agency and table by table, and then reads both again: it
 * has succeeded when every table of every agency has the same rows in the same order, by count and by digest.
 */
import { createHash, type Hash } from 'node:crypto'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type SQL, sql } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/pg-core'
import { lockDataDir } from '../data-dir-lock.ts'
import { isThere } from '../is-there.ts'
import { type Database, openPool, type Transaction } from './postgres/database.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { rateCounters, rights } from './postgres/tables.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { AgencyId } from './store.ts'

export interface Move {
  /** The SQLite file. */
  from: string
  to: string
  /** Makes the tables; null: they are there already. */
  ownerUrl: string | null
  now(): Date
  /** Called after every portion, while copying and while comparing. */
  progress(done: number, total: number, what: string): void
}

export interface MovedTable {
  agency: string
  table: string
  rows: number
  digest: string
}

/** The copy cannot begin, or is not what it was made from; the message says which. */
export class MoveFailed extends Error {}

type Row = Record<string, unknown>
interface Table {
  name: string
  columns: readonly string[]
  /** The primary key without the agency. */
  key: readonly string[]
}

/** A portion is one transaction: neither longer than a database likes, nor with more values than a statement may have. */
const rowsAtOnce = 200
const bytesAtOnce = 4_000_000

export async function move({ from, to, ownerUrl, now, progress }: Move): Promise<MovedTable[]> {
  if (!isThere(from)) throw new MoveFailed(`There is no file ${from}.`)
  // Nothing is written there while it is copied.
  const lock = lockDataDir(dirname(from))
  let source: DatabaseSync | null = null
  let target: Database | null = null
  try {
    await openSqliteStore(from, now).close()
    source = new DatabaseSync(from, { readOnly: true })
    const store = openPostgresStore({ url: to, ownerUrl, now })
    const there = await store.agencies().finally(() => store.close())
    if (there.length > 0)
      throw new MoveFailed(`The target is not empty: it has the agency ${there.map(({ id }) => id).join(', ')}. Make a new database for the move.`)
    target = openPool(to, 1, Promise.resolve())
    return await copyAll(source, target, progress)
  } finally {
    source?.close()
    await target?.close()
    lock.release()
  }
}

async function copyAll(source: DatabaseSync, target: Database, progress: Move['progress']): Promise<MovedTable[]> {
  const tables = tablesOf(source)
  const agencies = source
    .prepare('SELECT agency_id FROM agencies ORDER BY agency_id')
    .all()
    .map((row) => String(row.agency_id) as AgencyId)
  const counted = tables.map(({ name }) => Number(source.prepare(`SELECT count(*) AS n FROM ${name}`).get()?.n))
  // Each row is copied and compared.
  const total = 2 * counted.reduce((sum, n) => sum + n, 0)
  let done = 0
  const moved: MovedTable[] = []
  for (const agency of agencies) {
    for (const table of tables) {
      const sum = checksum(table)
      for (const rows of portions(source, table, agency)) {
        for (const row of rows) sum.add(row)
        await target.within(agency, (tx) => tx.execute(insertion(table, rows)))
        progress((done += rows.length), total, `${agency} ${table.name}`)
      }
      moved.push({ agency, table: table.name, ...sum.close() })
    }
    await target.within(agency, (tx) => setHead(tx, agency))
    for (const table of tables) {
      const sum = checksum(table)
      for (let last: Row | null = null; ; ) {
        const rows = await target.within(agency, async (tx) => rowsOf(await tx.execute(portionAfter(table, agency, last))))
        for (const row of rows) sum.add(row)
        if (rows.length > 0) progress((done += rows.length), total, `${agency} ${table.name}`)
        if (rows.length < rowsAtOnce) break
        last = rows.at(-1) as Row
      }
      const found = sum.close()
      const copied = moved.find((each) => each.agency === agency && each.table === table.name)
      if (found.rows !== copied?.rows || found.digest !== copied.digest)
        throw new MoveFailed(`The copy differs: ${table.name} of ${agency} has ${copied?.rows} rows in SQLite and ${found.rows} in PostgreSQL.`)
    }
  }
  // Rows of no agency would have been left behind.
  const rows = moved.reduce((sum, table) => sum + table.rows, 0)
  if (rows * 2 !== total) throw new MoveFailed(`The source has ${total / 2} rows, of which ${rows} belong to an agency.`)
  return moved
}

/** Our tables in the order in which they refer to each other, with the columns that both databases have. */
function tablesOf(source: DatabaseSync): Table[] {
  // One process counts in its memory, so that there is nothing to copy.
  const ours = rights.flatMap(([table]) => (table === rateCounters ? [] : [getTableConfig(table).name]))
  const theirs = source.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'").all()
  const left = theirs.map((row) => String(row.name)).filter((name) => !ours.includes(name))
  if (left.length > 0) throw new MoveFailed(`There is no place in PostgreSQL for ${left.join(', ')}.`)
  return ours.map((name) => {
    const columns = source.prepare(`PRAGMA table_info(${name})`).all()
    const key = columns.filter((column) => Number(column.pk) > 1).sort((a, b) => Number(a.pk) - Number(b.pk))
    return { name, columns: columns.map((column) => String(column.name)), key: key.map((column) => String(column.name)) }
  })
}

/** The rows of an agency in the order of the key, read as they are needed. */
function* portions(source: DatabaseSync, { name, columns, key }: Table, agency: string): Generator<Row[]> {
  const order = ['agency_id', ...key].join(', ')
  let rows: Row[] = []
  let bytes = 0
  for (const row of source.prepare(`SELECT ${columns.join(', ')} FROM ${name} WHERE agency_id = ? ORDER BY ${order}`).iterate(agency as SQLInputValue)) {
    const plain = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, holdable(value)]))
    rows.push(plain)
    for (const value of Object.values(plain)) bytes += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
    if (rows.length < rowsAtOnce && bytes < bytesAtOnce) continue
    yield rows
    rows = []
    bytes = 0
  }
  if (rows.length > 0) yield rows
}

/** PostgreSQL has no NUL in text; the store puts the same mark in its place. */
const holdable = (value: unknown) => (typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value)

const list = (parts: readonly SQL[]) => sql.join([...parts], sql`, `)
const names = (columns: readonly string[]) => list(columns.map((column) => sql.identifier(column) as unknown as SQL))
const parameter = (value: unknown) => sql`${value instanceof Uint8Array ? Buffer.from(value) : value}`

const insertion = ({ name, columns }: Table, rows: readonly Row[]): SQL =>
  sql`INSERT INTO ${sql.identifier(name)} (${names(columns)}) VALUES ${list(rows.map((row) => sql`(${list(columns.map((column) => parameter(row[column])))})`))}`

function portionAfter({ name, columns, key }: Table, agency: string, last: Row | null): SQL {
  const order = ['agency_id', ...key]
  const after = last && key.length > 0 ? sql` AND (${names(key)}) > (${list(key.map((column) => parameter(last[column])))})` : sql``
  return sql`SELECT ${names(columns)} FROM ${sql.identifier(name)} WHERE agency_id = ${agency}${after} ORDER BY ${names(order)} LIMIT ${sql.raw(String(rowsAtOnce))}`
}

const rowsOf = (result: unknown) => (result as { rows: Row[] }).rows

/** The next event of the audit log follows the last one that was copied. */
async function setHead(tx: Transaction, agency: AgencyId): Promise<void> {
  await tx.execute(sql`UPDATE agencies SET
    audit_sequence = coalesce((SELECT max(sequence) FROM audit_events WHERE agency_id = ${agency}), 0),
    audit_digest = coalesce((SELECT digest FROM audit_events WHERE agency_id = ${agency} ORDER BY sequence DESC LIMIT 1), '')
    WHERE agency_id = ${agency}`)
}

function checksum({ columns }: Table) {
  const hash: Hash = createHash('sha256')
  let rows = 0
  const written = (value: unknown) => {
    if (value === null || value === undefined) return null
    // Whole numbers come as text from one of the two drivers.
    return value instanceof Uint8Array ? { bytes: Buffer.from(value).toString('base64') } : String(value)
  }
  return {
    add(row: Row) {
      rows++
      hash.update(`${JSON.stringify(columns.map((column) => written(row[column])))}\n`)
    },
    close: () => ({ rows, digest: hash.digest('hex') }),
  }
}
