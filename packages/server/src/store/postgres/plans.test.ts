import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'
import { askHotQueries, growing, prepareHotQueries } from '../hot-queries.test-helper.ts'

interface Statement {
  text: string
  values: unknown[]
}
const at = '2026-01-05T08:00:00.000Z'

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Index Cond'?: string
  'Recheck Cond'?: string
  Plans?: Plan[]
}

describe.skipIf(!postgresIsThere())('queries on tables that grow, in PostgreSQL', () => {
  let cluster: Cluster
  let database: TestDatabase
  let statements: Statement[]
  beforeAll(async () => {
    cluster = await startCluster()
    database = await newDatabase(cluster)
    const store = database.open()
    await prepareHotQueries(store)
    const query = vi.spyOn(pg.Client.prototype, 'query')
    await askHotQueries(store)
    const asked = query.mock.calls as unknown as [string | Statement, unknown[]?][]
    query.mockRestore()
    await store.close()
    await fill(database.adminUrl)
    await ask(database.adminUrl, 'ANALYZE')
    statements = asked
      .map(([what, values]) => (typeof what === 'string' ? { text: what, values: values ?? [] } : { text: what.text, values: what.values ?? values ?? [] }))
      .filter(({ text }) => /^(select|insert|update|delete)/i.test(text))
  }, 60_000)
  afterAll(() => cluster?.stop())

  /** An agency with so many rows that the planner would not read them all if there is another way. */
  async function fill(address: string) {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    const many = 'generate_series(1, 5000) AS i'
    await client.query('SET session_replication_role = replica')
    for (const [table, columns, values] of [
      [
        'submissions',
        'id, service_id, version, language, received_at, reference_hash, status, answers, outcome',
        "'x' || i, 'card', 1, 'en', '', 'x' || i, 'received', '', ''",
      ],
      ['receipts', 'submission_id, content', "'x' || i, ''"],
      ['case_assignments', 'submission_id, assignee, at', "'x' || i, 'u' || i % 100, ''"],
      ['case_notes', 'submission_id, id, at, actor, note', "'x' || i, 'n', '', '', ''"],
      ['amendments', 'submission_id, number, at, answers, outcome, receipt, key_hash, body_mac, answer', "'x' || i, 2, '', '', '', '', '', '', ''"],
      ['attachments', 'id, service_id, target, name, type, size, digest, received_at, submission_id', "'x' || i, 'card', 't', '', '', 1, '', '', 'x' || i"],
      ['uploads', 'service_id, id_hash, target, name, type, size, created_at', "'card', 'x' || i, 't', '', '', 1, '2026-01-' || 10 + i % 20"],
      ['upload_parts', 'service_id, id_hash, start, size, file_id', "'card', 'x' || i, 0, 1, ''"],
      ['case_steps', 'submission_id, number, at, actor, decision, from_status, to_status', "'x' || i, 2, '', '', '', '', ''"],
      ['drafts', 'service_id, id_hash, revision, version, content, size, expires_at', "'card', 'x' || i, 1, 1, '', 1, '2026-02-' || 10 + i % 18"],
      ['draft_attachments', 'service_id, id_hash, attachment_id', "'card', 'x' || i, 'x' || i"],
      [
        'verifications',
        'service_id, id_hash, value_mac, code_mac, message, tries_left, expires_at',
        "'card', 'x' || i, '', '', '', 5, '2026-01-' || 10 + i % 20",
      ],
      [
        'citizen_sessions',
        'id_hash, service_id, provider, subject_mac, provider_session_mac, level, created_at, seen_at, expires_at',
        "'x' || i, 'card', 'national', 'x' || i, 'x' || i, '', '', '', '2026-01-' || 10 + i % 20",
      ],
      ['idempotency_keys', 'service_id, key_hash, body_mac, started_at, answer', "'card', 'x' || i, '', '', ''"],
      ['audit_events', 'sequence, time, actor, action, object, previous, digest', "i + 1000, '', '', '', '', '', ''"],
      [
        'outbox',
        'id, kind, destination, service_id, payload, attempts, created_at, due_at',
        "'x' || i, '', 'https://' || i % 50, 'card', '', 0, '', '2026-01-' || 10 + i % 20",
      ],
    ])
      await client.query(`INSERT INTO ${table} (agency_id, ${columns}) SELECT 'city', ${values} FROM ${many}`)
    await client.end()
  }

  /** Steps that read a growing table, but not by at least two columns of an index. */
  async function slow({ text, values }: Statement): Promise<Plan[]> {
    const client = new pg.Client({ connectionString: database.adminUrl })
    await client.connect()
    try {
      const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${text}`, values)
      const all = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(all)]
      return all(rows[0]['QUERY PLAN'][0].Plan)
        .filter((plan) => growing.some((table) => table === plan['Relation Name']) && /Scan/.test(plan['Node Type']))
        .filter((plan) => !/agency_id = .* AND /.test(plan['Index Cond'] ?? plan['Recheck Cond'] ?? ''))
    } finally {
      await client.end()
    }
  }

  it('use an index beyond the agency, each of them', async () => {
    for (const table of growing) expect(statements.some(({ text }) => text.includes(table))).toBe(true)
    for (const statement of statements) expect({ text: statement.text, slow: await slow(statement) }).toEqual({ text: statement.text, slow: [] })
  })

  it('would be noticed if they did not', async () => {
    expect(await slow({ text: "SELECT * FROM submissions WHERE status = 'received'", values: [] })).toHaveLength(1)
    expect(await slow({ text: "SELECT * FROM idempotency_keys WHERE agency_id = 'city' AND key_hash IN ('k', 'l')", values: [] })).toHaveLength(1)
    expect(await slow({ text: "SELECT * FROM submissions WHERE agency_id = 'city' AND reference_hash = 'r'", values: [] })).toEqual([])
  })

  /** Of a service that was opened today the planner knows nothing, whatever it knows of the others: it takes what it has to be little. */
  describe('of a service that the planner does not know yet', () => {
    const tables = ['idempotency_keys', 'audit_events'] as const
    /** Rows that were read of each table meanwhile. */
    async function rowsRead(work: (young: TestDatabase) => Promise<void>): Promise<Record<string, number>> {
      const young = await newDatabase(cluster)
      const store = young.open({ connections: 1 })
      await prepareHotQueries(store)
      await store.close()
      for (const table of tables) await ask(young.adminUrl, `ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
      await fill(young.adminUrl)
      // A session gives its counts when it ends, a moment after it is closed here.
      const counted = async (what: string) => {
        const names = `relname IN (${tables.map((table) => `'${table}'`).join()})`
        const rows = await ask<{ name: string; n: string }>(young.adminUrl, `SELECT relname AS name, ${what} AS n FROM pg_stat_user_tables WHERE ${names}`)
        return Object.fromEntries(rows.map(({ name, n }) => [name, Number(n)]))
      }
      const read = 'coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0)'
      await expect.poll(() => counted('n_tup_ins')).toEqual({ idempotency_keys: 5000, audit_events: 5002 })
      const before = await counted(read)
      await work(young)
      await ask(young.adminUrl, "INSERT INTO audit_events VALUES ('city', 99999, '', '', '', '', NULL, '', '')")
      await expect.poll(async () => (await counted('n_tup_ins')).audit_events).toBeGreaterThan(5002)
      const after = await counted(read)
      return Object.fromEntries(tables.map((table) => [table, (after[table] ?? 0) - (before[table] ?? 0)]))
    }

    it('read what they look for', async () => {
      const read = await rowsRead(async (young) => {
        const store = young.open({ connections: 1 })
        const city = store.agency((await store.findAgency('city'))!)
        const claim = (keyHash: string) => city.claimKey({ service: 'card', keyHash, bodyMac: '', at }, '')
        const states = await Promise.all(['x1', 'x2', 'x2', 'new', ...Array.from({ length: 40 }, (_, i) => `new ${i}`)].map(claim))
        expect(states.slice(0, 4).map(({ state }) => state)).toEqual(['done', 'done', 'done', 'claimed'])
        const content = new Uint8Array([1])
        const sent = { id: 'n1', service: 'card', version: 1, language: 'en', receivedAt: at, referenceHash: 'n1', status: 'received', stage: null }
        const submission = { ...sent, sealing: null, answers: content, outcome: content }
        const conclude = () => ({ receipt: content, answer: content })
        await city.record({ submission, attachments: [], deed: { actor: 'citizen', at }, keyHash: 'new', outbox: [], conclude })
        expect((await city.auditEvents(1000, 10)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10 }, (_, i) => 1001 + i))
        await store.close()
      })
      expect(Math.max(...Object.values(read))).toBeLessThan(200)
    })

    it('would be noticed to read all of it, asked in another way', async () => {
      const read = await rowsRead(async (young) => {
        await ask(young.adminUrl, "SELECT * FROM idempotency_keys WHERE agency_id = 'city' AND service_id = 'card' AND key_hash IN ('x1', 'x2', 'x3', 'x4')")
        await ask(young.adminUrl, "SELECT * FROM audit_events WHERE agency_id = 'city' AND sequence > 1000 ORDER BY sequence LIMIT 10")
      })
      expect(read.idempotency_keys).toBeGreaterThan(4000)
      expect(read.audit_events).toBeGreaterThan(4000)
    })
  })
})
