/** Reads all SQL that there is: the migrations, and every statement that the store sends while its suite runs. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenBy } from '../../testing/portable-sql.ts'
import { type Cluster, databaseLender, postgresIsThere, startCluster } from '../../testing/postgres.ts'
import { storeSuite } from '../store-suite.ts'
import { readSteps } from './migrate.ts'

describe('what runs on PostgreSQL alone', () => {
  it.each([
    ['listen/notify', 'LISTEN jobs'],
    ['listen/notify', "SELECT pg_notify('jobs', agency_id) FROM outbox"],
    ['advisory lock', 'SELECT pg_try_advisory_xact_lock(1), agency_id FROM outbox'],
    ['trigger or rule', 'CREATE TRIGGER t BEFORE INSERT ON services EXECUTE FUNCTION f()'],
    ['temporary table', 'CREATE TEMP TABLE t (agency_id TEXT)'],
    ['setting of the session', "SET app.agency = 'city'"],
    ['setting of the session', "SELECT set_config('app.agency', $1, false)"],
    ['deferrable constraint', 'ALTER TABLE t ADD FOREIGN KEY (agency_id) REFERENCES agencies DEFERRABLE'],
    ['exclusion constraint', 'ALTER TABLE t ADD EXCLUDE USING gist (agency_id WITH =)'],
    ['recursive query', 'WITH RECURSIVE t AS (SELECT agency_id FROM units) SELECT * FROM t'],
    ['number that the database counts', 'CREATE TABLE t (agency_id TEXT, id BIGSERIAL)'],
    ['number that the database counts', 'CREATE TABLE t (agency_id TEXT, id INT GENERATED ALWAYS AS IDENTITY)'],
    ['grouping sets', 'SELECT agency_id FROM t GROUP BY GROUPING SETS ((agency_id), ())'],
    ['paging by offset', 'select id from t where agency_id = $1 limit 10 offset 20'],
    ['two statements in one', 'DELETE FROM a WHERE agency_id = $1; DELETE FROM b WHERE agency_id = $1'],
    ['no agency', 'select "id" from "submissions" where "id" = $1'],
    ['lock across agencies', 'select "agency_id" from "outbox" where "due_at" < $1 for update'],
  ])('is found: %s in %s', (rule, statement) => {
    expect(brokenBy(statement)).toContain(rule)
  })

  it('is not found where a text only says the word', () => {
    expect(brokenBy(`select "id" from "t" where "t"."agency_id" = $1 and "x" = 'LISTEN; OFFSET' for update`)).toEqual([])
  })
})

describe('the migrations', () => {
  it.each(readSteps().map(({ name, sql }) => [name, sql] as const))('%s runs everywhere', (_, sql) => {
    expect(brokenBy(sql)).toEqual([])
  })
})

describe.skipIf(!postgresIsThere())('the statements', () => {
  const sent = new Set<string>()
  const { query } = pg.Client.prototype
  let cluster: Cluster
  let databases: Awaited<ReturnType<typeof databaseLender>>
  beforeAll(async () => {
    cluster = await startCluster()
    databases = await databaseLender(cluster)
    pg.Client.prototype.query = function noted(this: pg.Client, ...args: unknown[]) {
      const [first] = args
      // The test's own connection empties databases; it is not the store's.
      if ((this as unknown as { user?: string }).user === 'guichet_app') sent.add(typeof first === 'string' ? first : ((first as { text?: string }).text ?? ''))
      return Reflect.apply(query, this, args)
    } as typeof query
  }, 60_000)
  afterAll(async () => {
    pg.Client.prototype.query = query
    await cluster?.stop()
  })

  storeSuite('of the suite', async () => {
    const database = await databases.lend()
    const store = database.open()
    return {
      ...store,
      async close() {
        await store.close()
        databases.giveBack(database)
      },
    }
  })

  it('run everywhere', () => {
    // Fewer would mean that they were not noted.
    expect(sent.size).toBeGreaterThan(50)
    expect([...sent].flatMap((statement) => brokenBy(statement).map((rule) => `${rule}: ${statement}`))).toEqual([])
  })
})
