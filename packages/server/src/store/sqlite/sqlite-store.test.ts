import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { getTableColumns, is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { afterAll, describe, expect, it } from 'vitest'
import { hexDigest } from '../../digest.ts'
import { bygone } from '../../testing/clock-alone.ts'
import { countCommits } from '../../testing/count-commits.ts'
import { type AgencyId, noTerm } from '../store.ts'
import { storeSuite } from '../store-suite.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { openSqliteStore } from './sqlite-store.ts'
import * as tables from './tables.ts'

const now = () => new Date('2026-01-05T08:00:00Z')
const folders: string[] = []
const newPath = () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-store-'))
  folders.push(folder)
  return join(folder, 'guichet.db')
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

storeSuite('sqlite in memory', () => openSqliteStore(':memory:', now))
storeSuite('sqlite on disk', () => openSqliteStore(newPath(), now))

describe('the SQL', () => {
  const database = new DatabaseSync(':memory:')
  migrate(database, now().toISOString())
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'")
    .all()
    .map((row) => String(row.name))

  it('has the tables and columns that the queries name', () => {
    const known = Object.values(tables).filter((table) => is(table, SQLiteTable))
    expect(known.map((table) => getTableConfig(table).name).sort()).toEqual([...names].sort())
    for (const table of known) {
      const columns = database.prepare(`PRAGMA table_info(${getTableConfig(table).name})`).all()
      const wanted = Object.values(getTableColumns(table)).map((column) => `${column.name} ${column.getSQLType().toUpperCase()} ${column.notNull}`)
      expect(wanted.sort()).toEqual(columns.map((column) => `${column.name} ${column.type} ${column.notnull === 1}`).sort())
    }
  })

  it.each(names)('begins every key of %s with the agency', (name) => {
    const primary = database.prepare(`PRAGMA table_info(${name})`).all()
    expect(primary.find((column) => column.pk === 1)?.name).toBe('agency_id')
    const indexes = database.prepare(`PRAGMA index_list(${name})`).all()
    for (const index of indexes) expect(database.prepare(`PRAGMA index_info(${index.name})`).all()[0]?.name).toBe('agency_id')
    const foreign = database.prepare(`PRAGMA foreign_key_list(${name})`).all()
    for (const key of foreign.filter((part) => part.seq === 0)) expect([key.from, key.to]).toEqual(['agency_id', 'agency_id'])
  })

  it('has no triggers, so that it runs on other databases as well', () => {
    expect(database.prepare("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')").all()).toEqual([])
  })
})

describe('the file', () => {
  it('syncs every commit, checks foreign keys and wipes what is deleted', () => {
    const client = openDatabase(newPath())
    const value = (pragma: string) => Object.values(client.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]
    expect(['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'busy_timeout'].map(value)).toEqual(['wal', 2, 1, 1, 5000])
    client.close()
  })

  it('forgets old keys some at a time, and all of them', async () => {
    const path = newPath()
    const store = openSqliteStore(path, now)
    const city = store.agency(await store.ensureAgency('city', 'City', now().toISOString()))
    const by = { actor: 'system', at: now().toISOString() }
    await city.saveService({ id: 'card', definition: {}, policy: {} }, null, by)
    const raw = openDatabase(path)
    const insert = raw.prepare("INSERT INTO idempotency_keys VALUES ('city', 'card', ?, 'm', ?, x'01')")
    for (let i = 0; i < 450; i++) insert.run(`k${i}`, i < 405 ? '2026-01-01' : '2026-01-04')
    expect(await countCommits(() => city.purge(bygone('2026-01-01'), bygone('2026-01-02')))).toBe(1 + 3)
    expect(raw.prepare('SELECT count(*) AS n FROM idempotency_keys').get()).toEqual({ n: 45 })
    raw.close()
    await store.close()
  })

  it('keeps its rows over a restart and runs no migration twice', async () => {
    const path = newPath()
    const first = openSqliteStore(path, now)
    await first.ensureAgency('city', 'City', now().toISOString())
    await first.close()
    const second = openSqliteStore(path, now)
    expect(await second.findAgency('city')).toBe('city')
    await second.close()
  })

  it('made by an earlier version keeps its rows, but for deliveries that had nowhere to go', async () => {
    const path = newPath()
    const raw = openDatabase(path)
    const name = '0001-start.sql'
    const first = readFileSync(new URL(`./migrations/${name}`, import.meta.url), 'utf8')
    raw.exec('CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT')
    raw.exec(first)
    raw.prepare('INSERT INTO migrations VALUES (?, ?, ?)').run(name, hexDigest(first), 'then')
    raw.exec(`
      INSERT INTO agencies VALUES ('city', 'City', NULL, 'then');
      INSERT INTO services VALUES ('city', 'card', '{}', '{}', 1, 1, 'system', 'then');
      INSERT INTO versions VALUES ('city', 'card', 1, '{}', '{}', '{}', 'd', 'then');
      INSERT INTO submissions VALUES ('city', 's1', 'card', 1, 'en', 'then', 'hash', 'received', NULL, NULL, x'01', x'02');
      INSERT INTO submissions VALUES ('city', 's2', 'card', 1, 'en', 'then', 'other hash', 'approved', NULL, NULL, x'01', x'02');
      INSERT INTO outbox VALUES ('city', 'd1', 'webhook', '{}', 0, 'then');
    `)
    raw.close()
    const store = openSqliteStore(path, now)
    const city = store.agency('city' as AgencyId)
    const begun = { revision: 1, dueAt: noTerm, late: 0, decision: null, stageEnteredAt: null }
    expect(await city.submissions()).toMatchObject([
      { ...begun, id: 's1', status: 'received', closedAt: null },
      { ...begun, id: 's2', status: 'approved', closedAt: 'then' },
    ])
    expect(await city.deliveries('waiting', 10)).toEqual([])
    expect(await city.claimDeliveries({ lease: 'l', now: '9', until: '9', limit: 9, perDestination: 9, skip: [] })).toEqual([])
    await store.close()
  })

  it('is refused when its tables are not those of this version', async () => {
    const path = newPath()
    await openSqliteStore(path, now).close()
    const raw = new DatabaseSync(path)
    raw.exec("INSERT INTO migrations VALUES ('9999-later.sql', 'x', 'now')")
    raw.close()
    expect(() => openSqliteStore(path, now)).toThrow(/newer version/)
    const other = new DatabaseSync(path)
    other.exec("DELETE FROM migrations WHERE name LIKE '9999%'; UPDATE migrations SET digest = 'edited'")
    other.close()
    expect(() => openSqliteStore(path, now)).toThrow(/edited/)
  })
})
