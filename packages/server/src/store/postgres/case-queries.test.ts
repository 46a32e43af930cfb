import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'
import { openStretches, rangeOf, stretchesOf } from '../case-list.ts'
import { listsOfCases, listsOfWork, planRows } from '../case-plans.test-helper.ts'
import { type AgencyId, noTerm } from '../store.ts'
import { stretchQuery } from './case-queries.ts'
import { contextOf } from './context.ts'
import { openPool } from './database.ts'
import { readSteps } from './migrate.ts'
import { placesOf, workQueries } from './work-queries.ts'

const city = 'city' as AgencyId

describe.skipIf(!postgresIsThere())('cases in PostgreSQL', () => {
  let cluster: Cluster
  let database: TestDatabase
  beforeAll(async () => {
    cluster = await startCluster()
    database = await newDatabase(cluster)
    const store = database.open()
    await store.check()
    await store.close()
    await ask(database.adminUrl, `INSERT INTO agencies (agency_id, title, created_at) VALUES ('city', '', ''), ('town', '', '')`)
    for (const agency of ['city', 'town'])
      for (const service of ['card', 'other']) {
        await ask(database.adminUrl, `INSERT INTO services VALUES ('${agency}', '${service}', '{}', '{}', 1, 1, '', '')`)
        await ask(database.adminUrl, `INSERT INTO versions VALUES ('${agency}', '${service}', 1, '{}', '{}', '{}', '', '')`)
      }
    await ask(
      database.adminUrl,
      `INSERT INTO submissions (agency_id, id, service_id, version, language, received_at, reference_hash, status, stage, answers, outcome, due_at, assigned)
       SELECT CASE WHEN i % 10 = 0 THEN 'town' ELSE 'city' END, 's' || i, CASE WHEN i % 3 = 0 THEN 'card' ELSE 'other' END, 1, 'en', '', 'r' || i,
         (ARRAY['received', 'waiting', 'rejected'])[i % 3 + 1], (ARRAY['intake', 'check'])[i % 2 + 1], '', '', '2026-01-' || (10 + i % 20), CASE WHEN i % 4 = 0 THEN 1 ELSE 0 END
       FROM generate_series(10000, ${10000 + planRows}) AS i`,
    )
    await ask(database.adminUrl, 'VACUUM ANALYZE submissions')
  }, 60_000)
  afterAll(() => cluster?.stop())

  it.each(listsOfCases)('%j is a stretch of an index, begun where the last page ended', async (filter, index) => {
    const pool = openPool(database.url, 1, Promise.resolve())
    const { mine } = contextOf(pool, city, true)
    for (const after of [null, { id: 's15000', dueAt: '2026-01-15' }])
      for (const stretch of stretchesOf(filter, ['card', 'other'])) {
        const { rows } = (await pool.within(city, async (tx) => {
          const query = stretchQuery(tx, mine, filter, stretch, after, 20)
          return tx.execute(sql`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${query.getSQL()}`)
        })) as unknown as { rows: { 'QUERY PLAN': string }[] }
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
        expect(plan).toMatch(new RegExp(`Index Scan( Backward)? using ${index} on submissions`))
        expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap|Rows Removed/)
        if (after) expect(plan).toContain('s15000')
        // No more is read than is shown.
        const read = [...plan.matchAll(/actual rows=(\d+)/g)].map((found) => Number(found[1]))
        expect(Math.max(...read)).toBeLessThanOrEqual(20)
      }
    await pool.close()
  })

  it.each(listsOfWork)('work of %j is read from an index, a page of each stretch and no more', async (filter, index) => {
    const pool = openPool(database.url, 1, Promise.resolve())
    const context = contextOf(pool, city, true)
    for (const after of [null, { id: 's15000', dueAt: '2026-01-15' }]) {
      const stretches = openStretches(filter, ['card', 'other'])
      const { rows } = (await pool.within(city, async (tx) => {
        const query = placesOf(context, stretches, rangeOf(filter, after), 20)
        return tx.execute(sql`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ${query}`)
      })) as unknown as { rows: { 'QUERY PLAN': string }[] }
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(plan).toMatch(new RegExp(`Index (Only )?Scan using ${index} on submissions .*loops=${stretches.length}\\)`))
      expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap|Rows Removed/)
      const [, read] = /on submissions \(actual rows=(\d+)/.exec(plan) ?? []
      expect(Number(read)).toBeLessThanOrEqual(20)
    }
    await pool.close()
  })

  it('work is counted no further than it is asked to', async () => {
    const pool = openPool(database.url, 1, Promise.resolve())
    const work = workQueries(contextOf(pool, city, true))
    const all = await ask(database.adminUrl, "SELECT count(*) AS n FROM submissions WHERE agency_id = 'city' AND status = 'waiting' AND assigned = 0")
    expect(Number(all[0]?.n)).toBeGreaterThan(10_000)
    expect(await work.countOpen({ status: 'waiting', assignee: null }, 1000)).toBe(1000)
    expect(await work.countOpen({ status: 'waiting', assignee: null }, 1_000_000)).toBe(Number(all[0]?.n))
    await pool.close()
  })

  it('made by an earlier version begin where they stood, those decided by their route closed', async () => {
    const database = await newDatabase(cluster)
    const owner = (text: string) => ask(database.ownerUrl, text)
    await owner('CREATE TABLE migrations (name TEXT NOT NULL PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL)')
    for (const { name, sql: statement, digest } of readSteps().filter((step) => step.name < '0004')) {
      await owner(statement)
      await owner(`INSERT INTO migrations VALUES ('${name}', '${digest}', 'then')`)
    }
    const admin = (text: string) => ask(database.adminUrl, text)
    for (const agency of ['city', 'town']) {
      await admin(`INSERT INTO agencies (agency_id, title, created_at) VALUES ('${agency}', '', '')`)
      await admin(`INSERT INTO services VALUES ('${agency}', 'card', '{}', '{}', 1, 1, '', '')`)
      await admin(`INSERT INTO versions VALUES ('${agency}', 'card', 1, '{}', '{}', '{}', '', '')`)
      await admin(
        `INSERT INTO submissions (agency_id, id, service_id, version, language, received_at, reference_hash, status, stage, answers, outcome)
         VALUES ('${agency}', 's1', 'card', 1, 'en', 'then', 'r1', 'received', 'intake', '', ''), ('${agency}', 's2', 'card', 1, 'en', 'then', 'r2', 'approved', NULL, '', '')`,
      )
    }
    const store = database.open()
    for (const agency of ['city', 'town']) {
      const rows = await store.agency(agency as AgencyId).cases({}, null, 10)
      const begun = { revision: 1, dueAt: noTerm, late: 0, decision: null, stageEnteredAt: null }
      expect(rows).toMatchObject([
        { ...begun, id: 's2', status: 'approved', closedAt: 'then' },
        { ...begun, id: 's1', status: 'received', stage: 'intake', closedAt: null },
      ])
    }
    await store.close()
    const [wall] = await admin("SELECT relforcerowsecurity AS forced FROM pg_class WHERE relname = 'submissions'")
    expect(wall).toEqual({ forced: true })
  })
})
