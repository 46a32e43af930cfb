/**
 * Makes and changes the tables, as their owner. Numbered files, forward only; each statement is a transaction of its own,
 * because distributed databases change one thing at a time. A statement that has run is never edited: a changed one stops
 * the start, because nobody could say what the tables look like.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { getTableName } from 'drizzle-orm'
import pg from 'pg'
import { hexDigest } from '../../digest.ts'
import { UnfitDatabase } from '../unfit-database.ts'
import { connectionOf } from './database.ts'
import { plainFailure, sqlStateOf } from './failure.ts'
import { rights } from './tables.ts'

const folder = new URL('./migrations/', import.meta.url)

interface Step {
  name: string
  sql: string
  digest: string
}

/** A statement ends with a semicolon at the end of a line. */
export function readSteps(): Step[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
    .flatMap((file) =>
      readFileSync(new URL(file, folder), 'utf8')
        .split(/;[ \t]*\n/)
        .map((sql) => sql.replace(/^--.*\n?/gm, '').trim())
        .filter((sql) => sql !== '')
        .map((sql, i) => ({ name: `${file}:${String(i + 1).padStart(2, '0')}`, sql, digest: hexDigest(sql) })),
    )
}

/** The steps that have not run yet. @throws when those that have are not ours */
export async function stepsToRun(client: Pick<pg.Client, 'query'>): Promise<Step[]> {
  const steps = readSteps()
  const { rows } = await client.query<{ name: string; digest: string }>("SELECT name, digest FROM migrations WHERE name <> 'lock'")
  const done = new Map(rows.map(({ name, digest }) => [name, digest]))
  const unknown = [...done.keys()].filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0)
    throw new UnfitDatabase(
      `The database was made by a newer version: it has had the migration ${unknown.join(', ')}. Run that version, or restore a backup that this one made.`,
    )
  for (const { name, digest } of steps)
    if ((done.get(name) ?? digest) !== digest) throw new UnfitDatabase(`The migration ${name} was edited after it had run. Put back the file that ran.`)
  return steps.filter(({ name }) => !done.has(name))
}

/**
 * Runs what has not run yet, and lets `role` use the tables. Of several replicas that start at once one does it. `tell`: of each step
 * before it runs, unless the database is new.
 */
export async function migrate(ownerUrl: string, role: string, now: string, tell: (step: string) => void = () => {}): Promise<void> {
  const [holder, client] = [new pg.Client(connectionOf(ownerUrl)), new pg.Client(connectionOf(ownerUrl))]
  for (const each of [holder, client]) each.on('error', () => {})
  try {
    await Promise.all([holder.connect(), client.connect()])
    await makeLog(client, now)
    await holder.query('BEGIN')
    // The others wait here. Unlike an advisory lock, a row's lock is there in every database that speaks this protocol.
    await holder.query("SELECT name FROM migrations WHERE name = 'lock' FOR UPDATE")
    const steps = await stepsToRun(client)
    const isNew = steps.length === readSteps().length
    for (const { name, sql, digest } of steps) {
      if (!isNew) tell(name)
      await client.query('BEGIN')
      await client.query(sql)
      await client.query('INSERT INTO migrations (name, digest, applied_at) VALUES ($1, $2, $3)', [name, digest, now])
      await client.query('COMMIT')
    }
    await grant(client, role)
    await holder.query('COMMIT')
  } catch (error) {
    throw plainFailure(error)
  } finally {
    await Promise.allSettled([holder.end(), client.end()])
  }
}

async function makeLog(client: pg.Client, now: string): Promise<void> {
  try {
    await client.query('CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL)')
  } catch (error) {
    // Two replicas made it at the same moment: IF NOT EXISTS sees neither the other's table nor its row type.
    if (!['23505', '42P07', '42710'].includes(sqlStateOf(error) ?? '')) throw error
  }
  await client.query("INSERT INTO migrations (name, digest, applied_at) VALUES ('lock', '', $1) ON CONFLICT DO NOTHING", [now])
}

async function grant(client: pg.Client, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role)
  for (const [table, ...may] of [...rights.map(([table, ...may]) => [getTableName(table), ...may]), ['migrations', 'SELECT']] as [string, ...string[]][]) {
    const missing = await client.query('SELECT 1 FROM unnest($1::text[]) AS needed WHERE NOT has_table_privilege($2, $3, needed)', [may, role, table])
    if (missing.rowCount) await client.query(`GRANT ${may.join(', ')} ON ${pg.escapeIdentifier(table)} TO ${to}`)
  }
}
