import { describe, expect, it } from 'vitest'
import type { Log } from '../log.ts'
import type { Quotas } from '../store/people.ts'
import type { AgencyStore } from '../store/store.ts'
import { refusalOf } from '../testing/refusal.ts'
import { watchQuotas } from './quotas.ts'

const at = (time: string) => new Date(`2026-01-05T${time}Z`)
const now = at('08:00:00')
const athens = 'Europe/Athens'
/** Lets what goes on beside the requests come to its end. */
const settle = () => new Promise(setImmediate)

function agencyWith(quotas: Quotas | undefined, usage = { services: 0, submissions: 0, storedBytes: 0 }) {
  const held = { quotas, usage, profiles: 0, days: [] as string[], summed: 0, broken: false }
  const agency = {
    id: 'city',
    async profile() {
      held.profiles++
      if (held.broken) throw new Error('away')
      return held.quotas === undefined ? null : { quotas: held.quotas }
    },
    async usage(day: string, files = true) {
      held.days.push(day)
      if (files) held.summed++
      return { ...held.usage }
    },
  } as unknown as AgencyStore
  return { agency, held }
}
const errors: unknown[] = []
const log = { error: (...args: unknown[]) => errors.push(args) } as unknown as Log

describe('submissions a day', () => {
  const tooMany = { status: 429, code: 'quota', headers: { 'Retry-After': '3600' } }
  const sends = (watch: ReturnType<typeof watchQuotas>, agency: AgencyStore, when = now) => refusalOf(() => watch.submission(agency, athens, when))

  it('are counted on from what the store has, and refused when they are used up', async () => {
    const { agency, held } = agencyWith({ submissionsPerDay: 5 }, { services: 0, submissions: 3, storedBytes: 0 })
    const watch = watchQuotas(log)
    expect([await sends(watch, agency), await sends(watch, agency), await sends(watch, agency)]).toEqual([null, null, tooMany])
    // Read once: the rest is counted in memory.
    expect([held.profiles, held.days]).toEqual([1, ['2026-01-05']])
    // Files are summed up for those alone who have a limit of them.
    expect(held.summed).toBe(0)
    const stored = agencyWith({ storedBytes: 9 })
    await watchQuotas(log).file(stored.agency, 1, now)
    expect(stored.held.summed).toBe(1)
  })

  it('begin again on the next day of the service', async () => {
    const { agency, held } = agencyWith({ submissionsPerDay: 1 })
    const watch = watchQuotas(log)
    expect([await sends(watch, agency, at('21:59:59')), await sends(watch, agency, at('21:59:59'))]).toEqual([null, tooMany])
    expect(await sends(watch, agency, at('22:00:00'))).toBeNull()
    expect(held.days).toEqual(['2026-01-05', '2026-01-06'])
  })

  it('are any number where nothing is said, of an agency that is not there too, and nothing is asked then', async () => {
    for (const quotas of [{}, undefined]) {
      const { agency, held } = agencyWith(quotas)
      const watch = watchQuotas(log)
      expect(await sends(watch, agency)).toBeNull()
      expect(watch.submission(agency, athens, now)).toBeUndefined()
      expect(await sends(watch, agency, at('22:30:00'))).toBeNull()
      expect(held.days).toEqual([])
    }
  })

  it('are read again after half a minute, beside the requests, so that a new limit and other replicas count', async () => {
    const { agency, held } = agencyWith({})
    const watch = watchQuotas(log)
    await sends(watch, agency)
    held.quotas = { submissionsPerDay: 0 }
    expect(await sends(watch, agency, at('08:00:29'))).toBeNull()
    await settle()
    expect([held.profiles, await sends(watch, agency, at('08:00:29'))]).toEqual([1, null])
    // The one that finds it old is not kept waiting.
    expect([await sends(watch, agency, at('08:00:30')), await sends(watch, agency, at('08:00:30'))]).toEqual([null, tooMany])
    expect(held.profiles).toBe(2)
  })

  it('are read once at a time', async () => {
    const { agency, held } = agencyWith({})
    const watch = watchQuotas(log)
    await sends(watch, agency)
    void watch.submission(agency, athens, at('08:01:00'))
    void watch.submission(agency, athens, at('08:01:00'))
    await settle()
    expect(held.profiles).toBe(2)
  })

  it('are as they were known when they cannot be read, and the log says so', async () => {
    const { agency, held } = agencyWith({ submissionsPerDay: 2 })
    const watch = watchQuotas(log)
    await sends(watch, agency)
    held.broken = true
    errors.length = 0
    expect(await sends(watch, agency, at('08:01:00'))).toBeNull()
    await settle()
    expect(errors).toEqual([[{ err: new Error('away') }, 'quotas could not be read']])
    expect(await sends(watch, agency, at('08:01:01'))).toEqual(tooMany)
    await settle()
    expect(errors).toHaveLength(2)
    // Of an agency of which nothing is known, nothing is taken.
    await expect(Promise.resolve(watchQuotas(log).submission(agency, athens, now))).rejects.toThrow('away')
  })
})

describe('bytes of files', () => {
  const full = { status: 507, code: 'quota' }
  const puts = (watch: ReturnType<typeof watchQuotas>, agency: AgencyStore, bytes: number, when = now) => refusalOf(() => watch.file(agency, bytes, when))

  it('are counted on from what the store has, up to the limit', async () => {
    const { agency, held } = agencyWith({ storedBytes: 100 }, { services: 0, submissions: 0, storedBytes: 50 })
    const watch = watchQuotas(log)
    expect([await puts(watch, agency, 51), await puts(watch, agency, 30), await puts(watch, agency, 21), await puts(watch, agency, 20)]).toEqual([
      full,
      null,
      full,
      null,
    ])
    expect([await puts(watch, agency, 1), held.days]).toEqual([full, ['2026-01-05']])
  })

  it('are any number where nothing is said', async () => {
    const { agency } = agencyWith({})
    expect(await puts(watchQuotas(log), agency, 1e15)).toBeNull()
  })

  it('are summed seldom, and by the day that the service has', async () => {
    const { agency, held } = agencyWith({ storedBytes: 100, submissionsPerDay: 9 })
    const watch = watchQuotas(log)
    await watch.submission(agency, athens, at('22:30:00'))
    expect(await puts(watch, agency, 100, at('22:30:00'))).toBeNull()
    expect(await puts(watch, agency, 1, at('22:39:59'))).toEqual(full)
    await settle()
    expect(held.days).toEqual(['2026-01-06'])
    expect(await puts(watch, agency, 1, at('22:40:00'))).toEqual(full)
    await settle()
    // Of the store's own count, in which those of this process are.
    expect([await puts(watch, agency, 1, at('22:40:01')), held.days]).toEqual([null, ['2026-01-06', '2026-01-06']])
  })
})

describe('services', () => {
  it.each<[Quotas | undefined, number, object | null]>([
    [{ services: 2 }, 1, null],
    [{ services: 2 }, 2, { status: 409, code: 'quota' }],
    [{}, 1000, null],
    [undefined, 1000, null],
  ])('by %j where there are %i: %j', async (quotas, services, expected) => {
    const { agency, held } = agencyWith(quotas, { services, submissions: 0, storedBytes: 0 })
    expect(await refusalOf(() => watchQuotas(log).service(agency, now))).toEqual(expected)
    expect(held.days).toEqual(quotas?.services === undefined ? [] : ['2026-01-05'])
  })
})
