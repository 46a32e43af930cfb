import { describe, expect, it } from 'vitest'
import { postgresIsThere } from '../../testing/postgres.ts'
import { killPostgres } from '../../testing/postgres-kill.ts'

// A small part of faults/postgres-kill.ts, which has the control as well.
describe.skipIf(!postgresIsThere() || process.env.TEST_DATABASE_URL !== undefined)('PostgreSQL killed under load', () => {
  it('loses nothing acknowledged, doubles nothing, and the server goes on by itself', async () => {
    const result = await killPostgres({ rounds: 3, clients: 20, durable: true })
    expect(result).toMatchObject({ rounds: 3, lost: 0, duplicates: 0, chainBreak: null })
    expect(result.acknowledged).toBeGreaterThan(3)
    expect(result.slowestReturnMs).toBeLessThan(5000)
  }, 60_000)
})
