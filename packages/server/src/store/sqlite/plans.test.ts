import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, vi } from 'vitest'
import { askHotQueries, growing, prepareHotQueries } from '../hot-queries.test-helper.ts'
import { migrate } from './migrate.ts'
import { openSqliteStore } from './sqlite-store.ts'

/** Every statement that the store prepares while `work` runs. */
async function statementsOf(work: () => Promise<void>): Promise<string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  try {
    await work()
    return [...new Set(prepare.mock.calls.map(([text]) => text))].filter((text) => /^(select|insert|update|delete)/i.test(text))
  } finally {
    prepare.mockRestore()
  }
}

const database = new DatabaseSync(':memory:')
migrate(database, 'then')
const plan = (text: string) =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${text}`)
    .all()
    .map(({ detail }) => String(detail))
/** Steps of a plan that read a growing table, but not by at least two columns of an index. */
const slow = (text: string) =>
  plan(text)
    .filter((step) => growing.some((table) => new RegExp(`^(SCAN|SEARCH) ${table}\\b`).test(step)))
    .filter((step) => !/^SEARCH \w+ USING ((COVERING )?INDEX \w+ \(agency_id=\? AND |INTEGER PRIMARY KEY \(rowid=\?\))/.test(step))

describe('queries on tables that grow', () => {
  it('use an index beyond the agency, each of them', async () => {
    const statements = await statementsOf(async () => {
      const store = openSqliteStore(':memory:', () => new Date('2026-01-05T08:00:00Z'))
      await prepareHotQueries(store)
      await askHotQueries(store)
      await store.close()
    })
    for (const table of growing) expect(statements.some((text) => text.includes(table))).toBe(true)
    const found = Object.fromEntries(statements.map((text) => [text, slow(text)] as const).filter(([, steps]) => steps.length > 0))
    // The head of the audit chain is the last entry of its index.
    const head = 'SELECT sequence, digest FROM audit_events WHERE agency_id = ? ORDER BY sequence DESC LIMIT 1'
    expect(found).toEqual({ [head]: ['SEARCH audit_events USING INDEX sqlite_autoindex_audit_events_1 (agency_id=?)'] })
  })

  it('would be noticed if they did not', () => {
    expect(slow("SELECT * FROM submissions WHERE status = 'received'")).toEqual(['SCAN submissions'])
    expect(slow("SELECT * FROM idempotency_keys WHERE agency_id = 'city' AND key_hash = 'k'")).toHaveLength(1)
    expect(slow("SELECT * FROM receipts WHERE agency_id = 'city' AND submission_id = 's'")).toEqual([])
  })

  it('look at nothing that is younger than what they destroy', async () => {
    const asked = await statementsOf(async () => {
      const store = openSqliteStore(':memory:', () => new Date('2026-01-05T08:00:00Z'))
      await prepareHotQueries(store)
      const city = store.agency((await store.findAgency('city'))!)
      for (const basis of ['received', 'closed'] as const) await city.casesPast('card', basis, '2026-01-01T00:00:00.000Z' as never, '', 10)
      await city.receivedIn('2025-12', 'submission', '', 10)
      await store.close()
    })
    const steps = asked
      .filter((text) => /from "submissions"/.test(text))
      .map((text) =>
        plan(text)
          .find((step) => step.includes('submissions'))
          ?.replace(/ INDEX \w+/, ''),
      )
    expect(steps).toEqual([
      'SEARCH submissions USING (agency_id=? AND id>? AND id<?)',
      'SEARCH submissions USING (agency_id=? AND id>? AND id<?)',
      'SEARCH submissions USING (agency_id=? AND id>? AND id<?)',
    ])
  })

  it('forgets keys by their age', async () => {
    const [forget] = (
      await statementsOf(async () => {
        const store = openSqliteStore(':memory:', () => new Date('2026-01-05T08:00:00Z'))
        await prepareHotQueries(store)
        const bygone = '2026-01-01T00:00:00.000Z' as never
        await store.agency((await store.findAgency('city'))!).purge(bygone, bygone)
        await store.close()
      })
    ).filter((text) => /^delete from "?idempotency_keys/i.test(text))
    expect(forget).toBeDefined()
    expect(slow(forget!)).toEqual([])
  })
})
