/** What others did at the same time is met by running the whole transaction again, and by nothing less. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'
import type { AgencyId } from '../store.ts'
import { openPool } from './database.ts'
import { agencies } from './tables.ts'

const at = '2026-01-05T08:00:00.000Z'
const city = 'city' as AgencyId

describe.skipIf(!postgresIsThere())('a transaction that the database refuses', () => {
  let cluster: Cluster
  let database: TestDatabase
  beforeAll(async () => {
    cluster = await startCluster()
    database = await newDatabase(cluster)
    const store = database.open()
    await store.ensureAgency('city', 'City', at)
    await store.close()
  }, 60_000)
  afterAll(() => cluster?.stop())

  /** Runs a transaction of two writes whose second one fails `times` times. Gives how often it was run, and how it ended. */
  async function refusing(code: string, times: number) {
    const pool = openPool(database.url, 1, Promise.resolve())
    let runs = 0
    const outcome = await pool
      .within(city, async (tx) => {
        runs++
        await tx.update(agencies).set({ title: `run ${runs}` })
        if (runs <= times) throw Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code })
        return 'done'
      })
      .catch((error) => error)
    const [row] = await pool.directory((tx) => tx.select({ title: agencies.title }).from(agencies))
    await pool.close()
    return { runs, outcome, title: row?.title }
  }

  it.each(['40001', '40P01'])('with %s is run again from its start until it succeeds', async (code) => {
    expect(await refusing(code, 3)).toEqual({ runs: 4, outcome: 'done', title: 'run 4' })
  })

  it('again and again is given up, with nothing of it kept', async () => {
    const before = await refusing('40001', 0)
    const { runs, outcome, title } = await refusing('40001', 1000)
    expect([runs, outcome.code, title]).toEqual([10, '40001', before.title])
  })

  it('for a reason of its own is not run again', async () => {
    const before = await refusing('40001', 0)
    const { runs, outcome, title } = await refusing('23514', 1)
    expect([runs, outcome.code, title]).toEqual([1, '23514', before.title])
  })
})
