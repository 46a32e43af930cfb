import { DatabaseSync } from 'node:sqlite'
import { expect, it, vi } from 'vitest'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'

it('reads counters by their key, and no table that grows with submissions', async () => {
  const seen: { database: DatabaseSync; sql: string }[] = []
  const prepare = DatabaseSync.prototype.prepare
  const spy = vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, ...args) {
    seen.push({ database: this, sql: args[0] })
    return prepare.apply(this, args)
  })
  const store = openSqliteStore(':memory:', () => new Date('2026-01-05T08:00:00Z'))
  try {
    const agency = store.agency(await store.ensureAgency('city', 'City', '2026-01-05T08:00:00.000Z'))
    seen.length = 0
    await agency.monthly('2026-12')
    await agency.daily('2026-01-01', '2026-01-31')
    await agency.people('2026-12')
    const read = seen.filter(({ sql }) => /^select/i.test(sql))
    expect(read.length).toBeGreaterThanOrEqual(5)
    const steps = (database: DatabaseSync, sql: string) =>
      prepare
        .call(database, `EXPLAIN QUERY PLAN ${sql}`)
        .all(...Array.from({ length: sql.split('?').length - 1 }, () => 'x'))
        .map(({ detail }) => String(detail))
    for (const { database, sql } of read) {
      const plan = steps(database, sql)
      const tables = plan.filter((step) => /^(?:SCAN|SEARCH)/.test(step))
      expect(tables, sql).not.toEqual([])
      for (const step of tables) expect(step, sql).toMatch(/^SEARCH statistics(?:_people)? USING (?:PRIMARY KEY|INDEX \S+) \(agency_id=\?/)
    }
    // The control: a question without the key is a scan.
    const [any] = read
    expect(steps(any!.database, 'SELECT count(*) FROM statistics WHERE measure = ?').some((step) => step.startsWith('SCAN'))).toBe(true)
  } finally {
    spy.mockRestore()
    await store.close()
  }
})
