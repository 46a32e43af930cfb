/** What one process counts. With several, and a real database: shared-rates.test.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { AgencyId, RateCounters } from '../../store/store.ts'
import { limited, memoryRates } from './rates.ts'
import { sharedRates } from './shared-rates.ts'

const city = 'city' as AgencyId
const hour = 3600_000
const start = Date.parse('2026-01-05T08:00:00Z')
const pepper = new Uint8Array(32).fill(3)

describe('rates of one process', () => {
  it('keep agencies, names and limits apart', async () => {
    const rates = memoryRates()
    const limit = { size: 1, period: hour }
    const town = 'town' as AgencyId
    for (const [scope, name, by] of [
      [city, 'a', limit],
      [city, 'b', limit],
      [town, 'a', limit],
      [null, 'a', limit],
      [city, 'a', { size: 1, period: 2 * hour }],
    ] as const) {
      expect(await rates.take(scope, name, by, start)).toBe(0)
      expect(await rates.take(scope, name, by, start)).toBe(by.period)
    }
  })

  it('of the server’s own are by what is limited, and by client', async () => {
    const asked: unknown[] = []
    const rates = { ...memoryRates(), take: async (...args: unknown[]) => asked.push(args) }
    const limit = { size: 2, period: hour }
    expect(await limited(rates, 'sign-in', limit).take('203.0.113.7', start)).toBe(1)
    expect(asked).toEqual([[null, 'sign-in/203.0.113.7', limit, start]])
  })
})

/** Counts as the store does: the time at which all is given back, by scope and name; microseconds. */
function counting() {
  const until = new Map<string, number>()
  const asked: { scope: AgencyId | null; name: string; cost: number; period: number; now: number }[] = []
  const purged: unknown[] = []
  const counters: RateCounters = {
    async take(scope, name, { cost, period, now }) {
      asked.push({ scope, name, cost, period, now })
      const place = `${scope}/${name}`
      const next = Math.max(until.get(place) ?? 0, now) + cost
      const missing = Math.max(0, next - now - period)
      if (missing === 0) until.set(place, next)
      return missing
    },
    async purge(...args) {
      purged.push(args)
    },
  }
  return { counters, asked, purged }
}

describe('rates of a replica', () => {
  let store: ReturnType<typeof counting>
  beforeEach(() => {
    store = counting()
  })
  const limit = { size: 200, period: hour }
  const perToken = hour / 200

  it('give the first hundredth out without asking, and report it with the next', async () => {
    const rates = sharedRates(store.counters, pepper)
    expect([await rates.take(city, 'a', limit, start), await rates.take(city, 'a', limit, start)]).toEqual([0, 0])
    expect(store.asked).toEqual([])
    expect(await rates.take(city, 'a', limit, start)).toBe(0)
    expect(store.asked).toMatchObject([{ scope: city, cost: 3 * perToken * 1000, period: hour * 1000, now: start * 1000 }])
    // What was reported is not reported again.
    for (let i = 0; i < 3; i++) expect(await rates.take(city, 'a', limit, start)).toBe(0)
    expect(store.asked.map(({ cost }) => cost)).toEqual([3 * perToken * 1000, 3 * perToken * 1000])
  })

  it('forget what was not reported as it is given back', async () => {
    const rates = sharedRates(store.counters, pepper)
    for (let i = 0; i < 2; i++) await rates.take(city, 'a', limit, start)
    // Half a token is back: of two one and a half are counted, and reported as two.
    expect(await rates.take(city, 'a', limit, start + perToken / 2)).toBe(0)
    expect(store.asked).toMatchObject([{ cost: 3 * perToken * 1000 }])
    for (let i = 0; i < 2; i++) await rates.take(city, 'a', limit, start + hour)
    for (let i = 0; i < 2; i++) await rates.take(city, 'a', limit, start + 2 * hour)
    // A clock set back gives nothing.
    expect(await rates.take(city, 'a', limit, start + hour)).toBe(0)
    expect(store.asked).toHaveLength(2)
  })

  it('remember a no for as long as it is sure to last, and no longer', async () => {
    const rates = sharedRates(store.counters, pepper)
    const one = { size: 1, period: hour }
    expect(await rates.take(city, 'a', one, start)).toBe(0)
    expect(await rates.take(city, 'a', one, start)).toBe(hour)
    expect(store.asked).toHaveLength(2)
    expect(await rates.take(city, 'a', one, start + hour - 1)).toBe(1)
    expect(store.asked).toHaveLength(2)
    // A clock set back locks nobody out for longer than a period.
    expect(await rates.take(city, 'a', one, start - 5 * hour)).toBe(hour)
    expect(await rates.take(city, 'a', one, start + hour)).toBe(0)
    expect(store.asked).toHaveLength(3)
  })

  it('round what is missing up to whole milliseconds', async () => {
    const rates = sharedRates({ ...store.counters, take: async () => 1001 }, pepper)
    expect(await rates.take(city, 'a', { size: 1, period: hour }, start)).toBe(2)
  })

  it('ask one question at a time about a name', async () => {
    const answers: ((missing: number) => void)[] = []
    const rates = sharedRates({ ...store.counters, take: () => new Promise((resolve) => answers.push(resolve)) }, pepper)
    const one = { size: 1, period: hour }
    const both = [rates.take(city, 'a', one, start), rates.take(city, 'a', one, start)]
    await new Promise(setImmediate)
    expect(answers).toHaveLength(1)
    answers[0]?.(hour * 1000)
    // The other waits, and has its answer by the first one's no.
    expect(await Promise.all(both)).toEqual([hour, hour])
    expect(answers).toHaveLength(1)
  })

  it('let nobody through when the database cannot be asked, and ask again for the next', async () => {
    let away = true
    const rates = sharedRates({ ...store.counters, take: async () => (away ? Promise.reject(new Error('away')) : 0) }, pepper)
    await expect(rates.take(city, 'a', { size: 1, period: hour }, start)).rejects.toThrow('away')
    away = false
    expect(await rates.take(city, 'a', { size: 1, period: hour }, start)).toBe(0)
  })

  it('name everybody by a digest that is another one by name, by day and by pepper', async () => {
    const rates = sharedRates(store.counters, pepper)
    const one = { size: 1, period: hour }
    await rates.take(city, 'a', one, start)
    await rates.take(city, 'b', one, start)
    await rates.take(city, 'a', one, start + 24 * hour)
    await sharedRates(store.counters, new Uint8Array(32)).take(city, 'a', one, start)
    await rates.take(null, 'a', one, start)
    await sharedRates(store.counters, pepper).take(city, 'a', one, start + hour)
    const names = store.asked.map(({ name }) => name)
    for (const name of names) expect(name).toMatch(/^[\w-]{43}$/)
    expect(new Set(names).size).toBe(4)
    // The server's own limit: another scope, not another digest.
    expect(names[4]).toBe(names[0])
    expect(names[5]).toBe(names[0])
    expect(store.asked.map(({ scope }) => scope)).toEqual([city, city, city, city, null, city])
  })

  it('forget the longest unused of too many names', async () => {
    const rates = sharedRates(store.counters, pepper)
    const one = { size: 100, period: hour }
    await rates.take(city, 'first', one, start)
    for (let i = 0; i < 250_000; i++) await rates.take(city, `n${i}`, one, start)
    expect(store.asked).toHaveLength(0)
    // Forgotten, so that what it was given is forgotten as well; one that is remembered has to be asked about.
    await rates.take(city, 'first', one, start)
    expect(store.asked).toHaveLength(0)
    await rates.take(city, 'n249999', one, start)
    expect(store.asked).toHaveLength(1)
  })

  it('forget of all agencies, and of the server itself, what is full again', async () => {
    await sharedRates(store.counters, pepper).purge([city], start)
    expect(store.purged).toEqual([
      [null, start * 1000],
      [city, start * 1000],
    ])
  })
})
