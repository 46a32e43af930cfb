import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBreak } from '../audit/chain.ts'
import { type Cluster, newDatabase, postgresIsThere, startCluster } from '../testing/postgres.ts'
import { comparable, type Dialect, fixturePath, migrations, postgresRows, postgresUpTo, type Rows, sqliteRows, sqliteUpTo } from '../testing/schemas-in-time.ts'
import { openPostgresStore } from './postgres/postgres-store.ts'
import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

const at = '2026-02-05T08:00:00.000Z'
const now = () => new Date(at)
const bytes = (text: string) => new TextEncoder().encode(text)

/** What a migration takes away on purpose, by the state that it is taken from. */
const dropped: Record<Dialect, Record<string, readonly string[]>> = {
  // Deliveries that named no destination: there was nowhere to deliver them to.
  sqlite: { '0001-start.sql': ['outbox'] },
  postgres: {},
}

const fixture = (dialect: Dialect, name: string) => {
  const path = fixturePath(dialect, name)
  if (!existsSync(path)) throw new Error(`There are no rows for ${dialect} as after ${name}. Run: node packages/server/src/testing/write-fixtures.ts`)
  return readFileSync(path, 'utf8')
}

/** Rows that are gone, or have another value in a column that is still there. */
function changed(dialect: Dialect, name: string, before: Rows, after: Rows): string[] {
  return [...before].flatMap(([table, rows]) => {
    if (dropped[dialect][name]?.includes(table) || rows.length === 0) return []
    const left = after.get(table) ?? []
    const columns = Object.keys(rows[0] ?? {}).filter((column) => left.length === 0 || Object.hasOwn(left[0] ?? {}, column))
    const there = new Set(left.map((row) => comparable(row, columns)))
    return rows.filter((row) => !there.has(comparable(row, columns))).map((row) => `${table} ${comparable(row, columns)}`)
  })
}

/** The logs hold, everything is found by the store's own functions, and work goes on. */
async function goesOn(store: Store) {
  for (const { id } of await store.agencies()) {
    const agency = store.agency(id)
    const log = async () => agency.auditEvents(0, 10_000)
    const before = await log()
    expect(before.length).toBeGreaterThan(8)
    expect(findBreak(before)).toBeNull()
    expect((await agency.submissions()).map((row) => [row.id, row.status, new TextDecoder().decode(row.answers)])).toEqual([
      ['s0', 'received', 'answers 0'],
      ['s1', 'approved', 'answers 1'],
      ['s2', 'received', 'answers 2'],
    ])
    expect((await agency.submissionByReference('r1'))?.id).toBe('s1')
    expect(await agency.claimKey({ service: 'card', keyHash: 'k0', bodyMac: 'm', at }, at)).toMatchObject({ state: 'done' })
    expect((await agency.attachments(['a0']))[0]?.submission).toBe('s0')
    expect((await agency.version('card', 1))?.digest).toBe('d')
    expect((await agency.userByEmail('a@example.org'))?.name).toBe('Σοφία')
    await agency.claimKey({ service: 'card', keyHash: 'new', bodyMac: 'm', at }, '')
    await agency.record({
      submission: {
        id: 's9',
        service: 'card',
        version: 1,
        language: 'el',
        receivedAt: at,
        referenceHash: 'r9',
        status: 'received',
        stage: null,
        sealing: null,
        answers: bytes('new'),
        outcome: bytes('{}'),
      },
      attachments: ['a2'],
      deed: { actor: 'citizen', at, details: { version: 1, service: 'card', day: at.slice(0, 10), channel: 'web', language: 'el' } },
      keyHash: 'new',
      outbox: [],
      conclude: () => ({ receipt: bytes('receipt'), answer: bytes('answer') }),
    })
    const after = await log()
    expect([after.length, findBreak(after)]).toEqual([before.length + 1, null])
  }
}

describe('SQLite', () => {
  it('tells nobody of a new database', async () => {
    const told: string[] = []
    await openSqliteStore(':memory:', now, { migrating: (migration) => told.push(migration) }).close()
    expect(told).toEqual([])
  })

  it.each(migrations('sqlite'))('brings a database of %s with its rows to the newest tables, and goes on', async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-migrate-'))
    try {
      const file = join(folder, 'guichet.db')
      const then = new DatabaseSync(file, { enableForeignKeyConstraints: false })
      sqliteUpTo(then, name)
      then.exec(fixture('sqlite', name))
      expect(then.prepare('PRAGMA foreign_key_check').all()).toEqual([])
      const before = sqliteRows(then)
      then.close()
      const told: string[] = []
      await openSqliteStore(file, now, { migrating: (migration) => told.push(migration) }).close()
      expect(told).toEqual(migrations('sqlite').filter((each) => each > name))
      const migrated = new DatabaseSync(file)
      expect(changed('sqlite', name, before, sqliteRows(migrated))).toEqual([])
      expect(migrated.prepare('PRAGMA foreign_key_check').all()).toEqual([])
      expect(migrated.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      // The control: one byte less in one row is noticed.
      migrated.exec("UPDATE submissions SET answers = X'00' WHERE agency_id = 'town' AND id = 's1'")
      expect(changed('sqlite', name, before, sqliteRows(migrated))).toHaveLength(1)
      migrated.exec("UPDATE submissions SET answers = CAST('answers 1' AS BLOB) WHERE agency_id = 'town' AND id = 's1'")
      migrated.close()
      const store = openSqliteStore(file, now)
      await goesOn(store)
      await store.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe.skipIf(!postgresIsThere())('PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.stop())

  it.each(migrations('postgres'))('brings a database of %s with its rows to the newest tables, and goes on', async (name) => {
    const database = await newDatabase(cluster)
    await postgresUpTo(database.ownerUrl, name)
    const admin = new pg.Client({ connectionString: database.adminUrl })
    await admin.connect()
    // References are checked at the end, and by the store after it.
    await admin.query(`SET session_replication_role = replica; ${fixture('postgres', name)}`)
    await admin.end()
    const before = await postgresRows(database.adminUrl)
    const told: string[] = []
    const store = openPostgresStore({ url: database.url, ownerUrl: database.ownerUrl, now, connections: 3, migrating: (step) => told.push(step) })
    await store.check()
    expect([...new Set(told.map((step) => step.split(':')[0]))]).toEqual(migrations('postgres').filter((each) => each > name))
    expect(changed('postgres', name, before, await postgresRows(database.adminUrl))).toEqual([])
    await goesOn(store)
    await store.close()
  })
})
