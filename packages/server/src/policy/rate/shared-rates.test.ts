import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AgencyId, RateCounters, Store } from '../../store/store.ts'
import { ask, type Cluster, newDatabase, postgresIsThere, startCluster, type TestDatabase } from '../../testing/postgres.ts'
import { sharedRates } from './shared-rates.ts'

const city = 'city' as AgencyId
const hour = 3600_000
const start = Date.parse('2026-01-05T08:00:00Z')
const pepper = new Uint8Array(32).fill(3)

describe.skipIf(!postgresIsThere())('rates of several replicas', () => {
  let cluster: Cluster
  let database: TestDatabase
  let stores: Store[]
  /** Questions to the database. */
  let asked = 0
  const counted = ({ counters }: Store): RateCounters => ({
    take: (...args) => {
      asked++
      return (counters as RateCounters).take(...args)
    },
    purge: (...args) => (counters as RateCounters).purge(...args),
  })
  const replica = (i = 0) => sharedRates(counted(stores[i % stores.length] as Store), pepper)
  beforeAll(async () => {
    cluster = await startCluster()
    database = await newDatabase(cluster)
    stores = [database.open(), database.open()]
    await stores[0]?.check()
  }, 60_000)
  beforeEach(async () => {
    asked = 0
    await database.empty()
  })
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await cluster?.stop()
  })

  /** How many of `tries` are let through, each at another replica, several at once. */
  const through = async (replicas: ReturnType<typeof replica>[], size: number, tries: number, now = start) => {
    let passed = 0
    for (let i = 0; i < tries; i += 20) {
      const waits = Array.from({ length: Math.min(20, tries - i) }, (_, j) => replicas[(i + j) % replicas.length]!.take(city, 'a', { size, period: hour }, now))
      passed += (await Promise.all(waits)).filter((wait) => wait === 0).length
    }
    return passed
  }

  it.each([
    [2, 120],
    [10, 600],
    [2, 5],
    [3, 99],
  ])('hold within ten per cent: %i replicas, %i an hour', async (replicas, size) => {
    const passed = await through(
      Array.from({ length: replicas }, (_, i) => replica(i)),
      size,
      size * 2,
    )
    expect(passed).toBeGreaterThanOrEqual(size)
    expect(passed).toBeLessThanOrEqual(size * 1.1)
  })

  it('would not, if each counted for itself: the control', async () => {
    // Two databases for two replicas.
    const other = await newDatabase(cluster)
    const store = other.open()
    const passed = await through([replica(), sharedRates(store.counters as RateCounters, pepper)], 120, 240)
    expect(passed).toBeGreaterThan(120 * 1.1)
    await store.close()
  })

  it('refill evenly, for all', async () => {
    const [one, two] = [replica(0), replica(1)]
    await through([one, two], 60, 120)
    const limit = { size: 60, period: hour }
    expect(await one.take(city, 'a', limit, start)).toBe(60_000)
    expect(await two.take(city, 'a', limit, start + 59_000)).toBe(1000)
    expect(await two.take(city, 'a', limit, start + 60_000)).toBe(0)
    expect(await one.take(city, 'a', limit, start + 60_000)).toBe(60_000)
    // A clock set back locks nobody out for longer than a period, and gives nothing.
    expect(await replica().take(city, 'a', limit, start - 5 * hour)).toBeLessThanOrEqual(hour)
    expect(await through([replica(), replica(1)], 60, 120, start + 10 * hour)).toBe(60)
  })

  it('are not forgotten when a replica starts again', async () => {
    await through([replica(0), replica(1)], 120, 240)
    expect(await through([replica(0), replica(1)], 120, 240)).toBeLessThanOrEqual(2)
  })

  it('ask the database seldom: not for the first of a hundred, and not about what is refused for sure', async () => {
    const rates = replica()
    const limit = { size: 120, period: hour }
    for (let i = 0; i < 50; i++) expect(await rates.take(city, `citizen ${i}`, limit, start)).toBe(0)
    expect(asked).toBe(0)
    // The one that has not been reported.
    expect(await through([rates], 120, 1000)).toBeLessThanOrEqual(121)
    expect(asked).toBeLessThanOrEqual(61)
    const before = asked
    expect(await through([rates], 120, 100)).toBe(0)
    expect(asked).toBe(before)
  })

  it('keep agencies, names and the server’s own limits apart', async () => {
    const rates = replica()
    const limit = { size: 1, period: hour }
    for (const [scope, name] of [
      [city, 'a'],
      [city, 'b'],
      ['town' as AgencyId, 'a'],
      [null, 'a'],
    ] as const) {
      expect(await rates.take(scope, name, limit, start)).toBe(0)
      expect(await replica(1).take(scope, name, limit, start)).toBe(hour)
    }
  })

  it('let nobody through when the database cannot be asked', async () => {
    const broken = sharedRates({ take: () => Promise.reject(new Error('away')), purge: async () => {} }, pepper)
    await expect(broken.take(city, 'a', { size: 10, period: hour }, start)).rejects.toThrow('away')
    await expect(broken.take(city, 'a', { size: 10, period: hour }, start)).rejects.toThrow('away')
  })

  it('keep no address, but a digest that is another one every day, and forget what is full again', async () => {
    const rates = replica()
    const limit = { size: 10, period: hour }
    const rows = async () => (await ask<{ name: string }>(database.adminUrl, 'SELECT name_hash AS name FROM rate_counters ORDER BY 1')).map(({ name }) => name)
    await rates.take(city, 'submit/card/203.0.113.7', limit, start)
    await rates.take(city, 'submit/card/203.0.113.7', limit, start + 24 * hour)
    await rates.take(null, 'sign-in/203.0.113.7', limit, start)
    const names = await rows()
    expect(new Set(names).size).toBe(3)
    for (const name of names) expect(name).toMatch(/^[\w-]{43}$/)
    await rates.purge([city], start + hour)
    expect(await rows()).toHaveLength(1)
    await rates.purge([city], start + 25 * hour)
    expect(await rows()).toEqual([])
  })
})
