import { getTableColumns, is, sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBreak } from '../../audit/chain.ts'
import { addPeopleRows } from '../../testing/people-rows.ts'
import { ask, type Cluster, databaseLender, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'
import type { AgencyId, Store, SubmissionRecord } from '../store.ts'
import { storeSuite } from '../store-suite.ts'
import { type Database, openPool, type Transaction } from './database.ts'
import { readSteps } from './migrate.ts'
import type { PostgresOptions } from './postgres-store.ts'
import * as tables from './tables.ts'

const at = '2026-01-05T08:00:00.000Z'
const now = () => new Date(at)
const city = 'city' as AgencyId
const town = 'town' as AgencyId
const known = Object.values(tables).filter((table) => is(table, PgTable))
const names = known.map((table) => getTableConfig(table).name)

const withSetting = (url: string, setting: string) => `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(`-c ${setting}`)}`
/** One statement in a transaction of the agency's; `*`: of the directory. */
const query = async (pool: Database, agency: string, text: string): Promise<pg.QueryResult> => {
  const work = (tx: Transaction) => tx.execute(sql.raw(text)) as unknown as Promise<pg.QueryResult>
  return agency === '*' ? pool.directory(work) : pool.within(agency as AgencyId, work)
}

describe.skipIf(!postgresIsThere())('PostgreSQL', () => {
  let cluster: Cluster
  let databases: Awaited<ReturnType<typeof databaseLender>>
  beforeAll(async () => {
    cluster = await startCluster()
    databases = await databaseLender(cluster)
  }, 60_000)
  afterAll(() => cluster?.stop())

  /** A store that gives its database back when it is closed. */
  const open = async (more: (database: TestDatabase) => Partial<PostgresOptions> = () => ({})): Promise<Store> => {
    const database = await databases.lend()
    const store = database.open(more(database))
    return {
      ...store,
      async close() {
        await store.close()
        databases.giveBack(database)
      },
    }
  }

  storeSuite('behind both walls', () => open())
  storeSuite('with no agency in its conditions: row-level security alone', () => open(() => ({ firstWall: false })))
  storeSuite('as a role that row-level security does not bind: the conditions alone', () => open(({ adminUrl }) => ({ url: adminUrl, unchecked: true })))

  storeSuite('where all transactions are serializable, as in CockroachDB', () =>
    open(({ url }) => ({ url: withSetting(url, 'default_transaction_isolation=serializable') })),
  )

  describe('the second wall', () => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await databases.lend()
      const store = database.open()
      for (const name of [city, town]) {
        const agency = store.agency(await store.ensureAgency(name, name, at))
        await agency.saveService({ id: 'card', definition: {}, policy: {} }, null, { actor: 'system', at })
        await agency.publish({ service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, { actor: 'system', at })
        await agency.offerSetup('token')
        await agency.createFirstUser({ id: 'u', email: 'u', name: 'u', passwordHash: 'u' }, 'token', at)
        await agency.openSession(
          { tokenHash: 't', user: 'u', createdAt: at, expiresAt: at, seenAt: at, provedAt: at, strong: 0, label: '' },
          { actor: 'u', at },
        )
        await agency.addAttachment(
          { id: 'a', service: 'card', target: 't', name: new Uint8Array(), type: 't', size: 1, digest: '', sealing: null, receivedAt: at, submission: null },
          { actor: 'u', at },
        )
        await agency.claimKey({ service: 'card', keyHash: 'k', bodyMac: 'm', at }, '')
        const submission = {
          id: 's',
          service: 'card',
          version: 1,
          language: 'en',
          receivedAt: at,
          referenceHash: 'r',
          status: 'received',
          stage: null,
          sealing: null,
        }
        await agency.record({
          submission: { ...submission, answers: new Uint8Array(), outcome: new Uint8Array() },
          attachments: ['a'],
          deed: { actor: 'citizen', at },
          keyHash: 'k',
          places: [{ counter: 'all', most: 1, before: null }],
          outbox: [{ id: 'o', kind: 'webhook', destination: 'd', payload: new Uint8Array() }],
          conclude: () => ({ receipt: new Uint8Array(), answer: new Uint8Array() }),
        })
        const from = (await agency.submission('s')) as SubmissionRecord
        const to = { status: 'in_review', stage: null, stageEnteredAt: at, dueAt: at, closedAt: null, decision: null, late: 0 }
        await agency.assignCase(from.id, null, 'u', { actor: 'u', at })
        await agency.addCaseNote({ submission: from.id, id: 'n', at, actor: 'u', note: new Uint8Array() }, { actor: 'u', at })
        const none = new Uint8Array()
        const amendment = {
          before: from,
          answers: none,
          outcome: none,
          attachments: [],
          keyHash: 'k',
          bodyMac: 'm',
          conclude: () => ({ receipt: none, answer: none }),
        }
        await agency.moveCase({ from, to, decision: 'accept', note: null, by: { actor: 'u', at }, outbox: [], amendment })
        await agency.saveDraft({ service: 'card', idHash: 'h', version: 1, content: new Uint8Array(), expiresAt: at, attachments: ['a'] }, null, '')
        await agency.beginUpload({
          service: 'card',
          idHash: 'u',
          target: 't',
          name: new Uint8Array(),
          sealing: null,
          type: '',
          size: 2,
          ownerHash: null,
          createdAt: at,
        })
        await agency.appendPart('card', 'u', { start: 0, size: 1, file: 'f', sealing: null })
        const code = { service: 'card', valueMac: 'v', codeMac: 'c', message: new Uint8Array(), triesLeft: 5, expiresAt: at, outbox: null, at }
        await agency.addVerification({ idHash: 'h', ...code })
        await agency.markKeys(new Map([['pepper', 'm']]))
        await agency.audit('submission.exported', 'service:card', { actor: 'u', at, note: { sealing: null, content: new Uint8Array() } })
        const checkpoint = { period: '2026-01-05T08', size: 1, note: 'n', signedAt: at }
        await agency.extendLog({ from: 0, tiles: [{ level: 0, number: 0, hashes: new Uint8Array(32) }], checkpoint })
        await agency.addSealingKey(
          { kind: 'service', owner: 'card', number: 1, publicKey: 'p', locked: { format: 1 }, createdAt: at, createdBy: 'u' },
          [{ service: 'card', epoch: 1, forKey: 'k', enc: 'e', key: 'w' }],
          { actor: 'u', at },
        )
        await store.counters?.take(agency.id, 'n', { cost: 1, period: 10, now: 5 })
        await addPeopleRows(agency)
        await agency.requestApproval({ id: 'p', kind: 'erasure', object: 'submission:s', reason: null, expiresAt: at }, { actor: 'u', at })
        await agency.setHold({ submission: 's', reason: new Uint8Array() }, { actor: 'u', at })
        const gone = { ...submission, id: 'gone', referenceHash: 'gone' }
        await agency.claimKey({ service: 'card', keyHash: 'gone', bodyMac: 'm', at }, '')
        await agency.record({
          submission: { ...gone, answers: new Uint8Array(), outcome: new Uint8Array() },
          attachments: [],
          deed: { actor: 'citizen', at },
          keyHash: 'gone',
          outbox: [],
          conclude: () => ({ receipt: new Uint8Array(), answer: new Uint8Array() }),
        })
        const details = { service: 'card', policy: { after: 'closed' as const, months: 1 } }
        const shreds = [{ owner: 'o', submission: 'gone', bucket: null, file: null }]
        await agency.eraseCases({ id: 'c', kind: 'retention', at, details }, [{ submission: 'gone', shreds }], null, { actor: 'system', at })
        const release = { id: 'r', service: 'card', state: 'waiting' as const, definition: {}, policy: {}, digest: 'd', acknowledged: [], base: 1, dueAt: at }
        await agency.requestRelease(release, 1, { actor: 'system', at })
        await agency.keep({ kind: 'block', id: 'b', version: 1, title: {}, content: {}, digest: 'd' }, 5, { actor: 'system', at })
        await agency.sketchPeople('2026-01', 'staff', { key: new Uint8Array(), registers: new Uint8Array() }, (_, registers) => registers)
      }
      await store.close()
    })
    afterAll(() => databases.giveBack(database))

    it.each(names)('shows no row of another agency in %s, and lets none be changed or slipped in', async (name) => {
      // The control: the rows of both are there.
      expect(await ask(database.adminUrl, `SELECT DISTINCT agency_id FROM ${name} ORDER BY 1`)).toEqual([{ agency_id: 'city' }, { agency_id: 'town' }])
      const pool = openPool(database.url, 1, Promise.resolve())
      const seen = await query(pool, city, `SELECT DISTINCT agency_id FROM ${name}`)
      expect(seen.rows).toEqual([{ agency_id: 'city' }])
      for (const change of [`UPDATE ${name} SET agency_id = agency_id WHERE agency_id = 'town'`, `DELETE FROM ${name} WHERE agency_id = 'town'`]) {
        const done = await query(pool, city, change).catch((error) => error.code)
        // Either the role may not do it to anybody's rows, or there is none.
        expect(done === '42501' ? 0 : done.rowCount).toBe(0)
      }
      const copy = `INSERT INTO ${name} SELECT (jsonb_populate_record(one, '{"agency_id": "town"}')).* FROM ${name} AS one`
      await expect(query(pool, city, copy)).rejects.toMatchObject({ code: '42501' })
      await pool.close()
    })

    it('shows nothing to a session without an agency, also after one that had one', async () => {
      const pool = openPool(database.url, 1, Promise.resolve())
      expect((await query(pool, city, 'SELECT 1 FROM submissions')).rowCount).toBe(1)
      await pool.close()
      for (const url of [database.url, withSetting(database.url, 'app.agency=')])
        for (const name of names) expect(await ask(url, `SELECT count(*)::int AS rows FROM ${name}`)).toEqual([{ rows: 0 }])
    })

    it('gives the directory the agencies and nothing else', async () => {
      const pool = openPool(database.url, 1, Promise.resolve())
      for (const name of names) {
        const { rowCount } = await query(pool, '*', `SELECT 1 FROM ${name}`)
        expect([name, rowCount]).toEqual([name, name === 'agencies' ? 2 : 0])
      }
      expect((await query(pool, '*', "UPDATE agencies SET title = 'x'")).rowCount).toBe(0)
      await pool.close()
    })

    it('lets no transaction begin without an agency, and leaves none behind in the session', async () => {
      const pool = openPool(database.url, 1, Promise.resolve())
      for (const none of ['', '*', undefined, null]) await expect(pool.within(none as never, async () => 1)).rejects.toThrow(/without an agency/)
      await pool.within(city, async () => {})
      const left = await query(pool, town, "SELECT current_setting('app.agency') AS agency")
      expect(left.rows).toEqual([{ agency: 'town' }])
      await pool.close()
    })

    it('leaves the audit log, versions, receipts and the steps of cases as they are, whoever has the role', async () => {
      const pool = openPool(database.url, 1, Promise.resolve())
      for (const name of ['audit_events', 'audit_notes', 'versions'])
        for (const change of [`DELETE FROM ${name}`, `UPDATE ${name} SET agency_id = agency_id`])
          await expect(query(pool, city, change)).rejects.toMatchObject({ code: '42501' })
      for (const name of ['receipts', 'case_steps'])
        await expect(query(pool, city, `UPDATE ${name} SET agency_id = agency_id`)).rejects.toMatchObject({ code: '42501' })
      // Cases are deleted only where they were put down for destruction; of the two that there are, none was.
      for (const name of ['receipts', 'case_steps', 'submissions']) expect((await query(pool, city, `DELETE FROM ${name}`)).rowCount).toBe(0)
      await expect(query(pool, city, 'ALTER TABLE receipts DISABLE ROW LEVEL SECURITY')).rejects.toMatchObject({ code: '42501' })
      await pool.close()
    })
  })

  describe('the tables', () => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await databases.lend()
    })
    afterAll(() => databases.giveBack(database))
    const look = <Row extends Record<string, unknown>>(text: string) => ask<Row>(database.adminUrl, text)

    it('are those that the queries name', async () => {
      const columns = await look<{ name: string; column: string }>(
        `SELECT table_name AS name, column_name || ' ' || data_type || ' ' || (is_nullable = 'NO') AS column
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'`,
      )
      expect(new Set(columns.map(({ name }) => name))).toEqual(new Set(names))
      for (const table of known) {
        const wanted = Object.values(getTableColumns(table)).map((column) => `${column.name} ${column.getSQLType()} ${column.notNull}`)
        const there = columns.filter(({ name }) => name === getTableConfig(table).name).map(({ column }) => column)
        expect(there.sort()).toEqual(wanted.sort())
      }
      expect(tables.rights.map(([table]) => getTableConfig(table).name).sort()).toEqual([...names].sort())
    })

    it('with an agency all have forced row-level security, and every unique, primary and foreign key begins with it', async () => {
      const open = `SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'agency_id'
        WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT (relrowsecurity AND relforcerowsecurity
          AND EXISTS (SELECT 1 FROM pg_policies WHERE tablename = relname AND cmd = 'ALL' AND with_check = qual))`
      const keys = `SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE relnamespace = 'public'::regnamespace AND relname <> 'migrations'
          AND (SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0]) <> 'agency_id'`
      const references = `SELECT conname FROM pg_constraint WHERE contype = 'f' AND (
          (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) <> 'agency_id'
          OR (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) <> 'agency_id')`
      const views = `SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
        AND NOT coalesce(reloptions @> '{security_invoker=true}', false)`
      for (const query of [open, keys, references, views]) expect(await look(query)).toEqual([])
      // The control: each of the queries finds what it is there to find.
      const owner = (text: string) => ask(database.ownerUrl, text)
      await owner('CREATE TABLE loose (agency_id TEXT NOT NULL, id TEXT PRIMARY KEY REFERENCES migrations (name))')
      await owner('CREATE VIEW peek AS SELECT 1 AS one')
      expect((await Promise.all([open, keys, references, views].map(look))).map((rows) => rows.length)).toEqual([1, 1, 1, 1])
      await owner('DROP VIEW peek')
      await owner('DROP TABLE loose')
    })

    it('use nothing that a distributed PostgreSQL lacks', async () => {
      expect(await look("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL SELECT relname FROM pg_class WHERE relkind = 'S'")).toEqual([])
      expect(await look('SELECT conname FROM pg_constraint WHERE condeferrable')).toEqual([])
      const forbidden = /\b((BIG|SMALL)?SERIAL|IDENTITY|TRIGGER|DEFERRABLE|ADVISORY|LISTEN|NOTIFY|EXCLUDE|RULE|TEMP(ORARY)?|RECURSIVE)\b/i
      for (const { sql: statement } of readSteps()) {
        expect(statement).not.toMatch(forbidden)
        // One change a transaction.
        expect(statement).not.toMatch(/;/)
      }
    })
  })

  describe('the start', () => {
    const attempt = async (database: TestDatabase, more: Partial<PostgresOptions>) => {
      const store = database.open(more)
      try {
        await store.check()
      } finally {
        await store.close()
      }
    }

    it('refuses a role that gets around the wall, one that owns the tables, and a database without tables', async () => {
      const database = await newDatabase(cluster)
      await expect(attempt(database, { ownerUrl: null })).rejects.toThrow(/DATABASE_OWNER_URL/)
      await attempt(database, {})
      await attempt(database, { ownerUrl: null })
      await expect(attempt(database, { url: database.adminUrl })).rejects.toThrow(/gets around row-level security/)
      await expect(attempt(database, { url: database.ownerUrl })).rejects.toThrow(/owns the tables/)
    })

    it('refuses a database that is set up to lose what it acknowledged', async () => {
      const database = await databases.lend()
      await ask(database.adminUrl, `ALTER DATABASE ${database.name} SET synchronous_commit = off`)
      await expect(attempt(database, {})).rejects.toThrow(/synchronous_commit = off/)
      await ask(database.adminUrl, `ALTER DATABASE ${database.name} RESET synchronous_commit`)
      await attempt(database, {})
      databases.giveBack(database)
    })

    it('of five replicas at once makes the tables once', async () => {
      const database = await newDatabase(cluster)
      await Promise.all(Array.from({ length: 5 }, () => attempt(database, {})))
      expect(await ask(database.adminUrl, 'SELECT count(*)::int AS steps FROM migrations')).toEqual([{ steps: readSteps().length + 1 }])
    })

    it('refuses tables that are not those of this version', async () => {
      const database = await newDatabase(cluster)
      await attempt(database, {})
      await ask(database.ownerUrl, "INSERT INTO migrations VALUES ('9999-later.sql:01', 'x', 'now')")
      for (const ownerUrl of [database.ownerUrl, null]) await expect(attempt(database, { ownerUrl })).rejects.toThrow(/newer version/)
      await ask(database.ownerUrl, "DELETE FROM migrations WHERE name LIKE '9999%'")
      await ask(database.ownerUrl, "UPDATE migrations SET digest = 'edited' WHERE name <> 'lock'")
      await expect(attempt(database, {})).rejects.toThrow(/edited/)
    })
  })

  describe('two replicas', () => {
    let database: TestDatabase
    let replicas: Store[]
    beforeAll(async () => {
      database = await databases.lend()
      replicas = [database.open(), database.open()]
      const agency = replicas[0]!.agency(await replicas[0]!.ensureAgency('city', 'City', at))
      await agency.saveService({ id: 'card', definition: {}, policy: {} }, null, { actor: 'system', at })
      await agency.publish({ service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: '' }, 1, { actor: 'system', at })
    })
    afterAll(async () => {
      await Promise.all(replicas.map((store) => store.close()))
      databases.giveBack(database)
    })

    it('keep one chain without a gap, and give each key to one of them', async () => {
      const keys = Array.from({ length: 40 }, (_, i) => `key ${i}`)
      const claims = await Promise.all(
        keys.flatMap((keyHash) =>
          replicas.map(async (store, replica) => ({
            keyHash,
            replica,
            ...(await store.agency(city).claimKey({ service: 'card', keyHash, bodyMac: 'm', at }, '')),
          })),
        ),
      )
      const won = claims.filter(({ state }) => state === 'claimed')
      expect(won.map(({ keyHash }) => keyHash).sort()).toEqual([...keys].sort())
      expect(claims.filter(({ state }) => state === 'running')).toHaveLength(keys.length)
      const places = new Set<number>()
      await Promise.all(
        won.map(({ keyHash, replica }) =>
          replicas[replica]!.agency(city).record({
            submission: {
              id: `s ${keyHash}`,
              service: 'card',
              version: 1,
              language: 'en',
              receivedAt: at,
              referenceHash: `r ${keyHash}`,
              status: 'received',
              stage: null,
              sealing: null,
              answers: new Uint8Array([1, 2, 3]),
              outcome: new Uint8Array(),
            },
            attachments: [],
            deed: { actor: 'citizen', at },
            keyHash,
            outbox: [],
            conclude: (sequence) => {
              places.add(sequence)
              return { receipt: new Uint8Array(), answer: new TextEncoder().encode(String(sequence)) }
            },
          }),
        ),
      )
      const events = await replicas[0]!.agency(city).auditEvents(0, 1000)
      expect(findBreak(events)).toBeNull()
      expect(events.filter(({ action }) => action === 'submission.received')).toHaveLength(keys.length)
      expect(places.size).toBe(keys.length)
      // What one of them answered, the other one answers again.
      for (const { keyHash, replica } of won) {
        const done = await replicas[1 - replica]!.agency(city).claimKey({ service: 'card', keyHash, bodyMac: 'm', at }, '')
        expect(done.state).toBe('done')
      }
    })

    it('let one take over from a process that died', async () => {
      const later = '2026-01-05T08:02:00.000Z'
      await replicas[0]!.agency(city).claimKey({ service: 'card', keyHash: 'left', bodyMac: 'm', at }, '')
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          replicas[i % 2]!.agency(city).claimKey({ service: 'card', keyHash: 'left', bodyMac: 'm', at: later }, '2026-01-05T08:01:00.000Z'),
        ),
      )
      expect(claims.filter(({ state }) => state === 'claimed')).toHaveLength(1)
    })
  })

  describe('a transaction', () => {
    it('that meets another is run again as a whole', async () => {
      const database = await databases.lend()
      const store = database.open()
      for (const name of [city, town]) await store.ensureAgency(name, name, at)
      await store.close()
      const pool = openPool(withSetting(database.url, 'default_transaction_isolation=serializable'), 2, Promise.resolve())
      let runs = 0
      let meet = () => {}
      const met = new Promise<void>((resolve) => (meet = resolve))
      // Each reads what the other writes: one of the two cannot be put before or after the other.
      const work = (name: string) =>
        pool.within(city, async (tx) => {
          runs++
          await tx.select({ id: tables.services.id }).from(tables.services)
          if (runs === 2) meet()
          await met
          await tx.insert(tables.services).values({ agencyId: city, id: `${name} ${runs}`, definition: {}, policy: {}, revision: 1, savedBy: 'x', savedAt: at })
        })
      await Promise.all([work('one'), work('two')])
      expect(runs).toBeGreaterThan(2)
      await pool.close()
      databases.giveBack(database)
    })

    it('that is refused says so without a word of what was in it', async () => {
      const database = await databases.lend()
      const store = database.open({ now })
      const agency = store.agency(await store.ensureAgency('city', 'City', at))
      const secret = 'a name that no log may hold'
      const failure = await agency
        .addAttachment(
          {
            id: secret,
            service: 'no such',
            target: secret,
            name: new Uint8Array(),
            type: secret,
            size: 1,
            digest: '',
            sealing: null,
            receivedAt: at,
            submission: null,
          },
          { actor: 'x', at },
        )
        .catch((error) => error)
      expect(failure).toMatchObject({ code: '23503' })
      expect(JSON.stringify([failure, { ...failure }, failure.message, failure.stack, failure.cause])).not.toContain(secret)
      await store.close()
      databases.giveBack(database)
    })

    it('of many at once fails for the one who is to blame alone', async () => {
      const store = await open()
      const agency = store.agency(await store.ensureAgency('city', 'City', at))
      await agency.saveService({ id: 'card', definition: {}, policy: {} }, null, { actor: 'system', at })
      const file = (id: string, service: string) => ({
        id,
        service,
        target: '',
        name: new Uint8Array(),
        type: '',
        size: 1,
        digest: '',
        sealing: null,
        receivedAt: at,
        submission: null,
      })
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) => agency.addAttachment(file(`a${i}`, i === 7 ? 'no such' : 'card'), { actor: 'x', at })),
      )
      expect(results.flatMap(({ status }, i) => (status === 'rejected' ? i : []))).toEqual([7])
      expect(findBreak(await agency.auditEvents(0, 100))).toBeNull()
      await store.close()
    })

    it('finds nothing under a name that no text can hold', async () => {
      const store = await open()
      expect(await store.findAgency('\0')).toBeNull()
      const agency = store.agency(await store.ensureAgency('city', 'City', at))
      expect(await agency.published('\0')).toEqual([])
      expect(await agency.attachments(['\0', '\ud800'])).toEqual([])
      await store.close()
    })
  })
})
