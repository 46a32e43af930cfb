import { readdirSync, readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { hexDigest } from '../../digest.ts'
import { UnfitDatabase } from '../unfit-database.ts'

const folder = new URL('./migrations/', import.meta.url)

/** The numbered files, in their order. */
export const migrationNames = () =>
  readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()

/**
 * Runs the numbered files that have not run yet, each in a transaction of its own, forward only. A file that has run is
 * never edited: a changed one stops the start, because nobody could say what the tables look like. `tell`: of each before it runs,
 * unless the database is new.
 */
export function migrate(database: DatabaseSync, now: string, tell: (migration: string) => void = () => {}): void {
  database.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT')
  const done = new Map(
    database
      .prepare('SELECT name, digest FROM migrations')
      .all()
      .map((row) => [String(row.name), String(row.digest)]),
  )
  const files = migrationNames()
  const unknown = [...done.keys()].filter((name) => !files.includes(name))
  if (unknown.length > 0)
    throw new UnfitDatabase(
      `The database was made by a newer version: it has had the migration ${unknown.join(', ')}. Run that version, or restore a backup that this one made.`,
    )
  for (const name of files) {
    const sql = readFileSync(new URL(name, folder), 'utf8')
    const digest = hexDigest(sql)
    const before = done.get(name)
    if (before === digest) continue
    if (before !== undefined) throw new UnfitDatabase(`The migration ${name} was edited after it had run. Put back the file that ran.`)
    if (done.size > 0) tell(name)
    database.exec('BEGIN IMMEDIATE')
    try {
      database.exec(sql)
      database.prepare('INSERT INTO migrations (name, digest, applied_at) VALUES (?, ?, ?)').run(name, digest, now)
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
}
