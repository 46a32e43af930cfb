import { describe, expect, it } from 'vitest'
import type { AgencyId } from '../../store/store.ts'
import { evidence } from '../../testing/evidence.ts'
import { createBuckets } from './buckets.ts'
import { memoryRates } from './rates.ts'
import { rate } from './rule.ts'

describe('rate', () => {
  it('counts by address, by service and by what is sent', async () => {
    const ask = rate.settle({ submissionsPerHour: 2, uploadsPerHour: 1 }, 'standard', { rates: memoryRates() })
    expect([await ask(evidence()), await ask(evidence())]).toEqual([null, null])
    expect(await ask(evidence())).toEqual({ status: 429, code: 'rate', headers: { 'Retry-After': '1800' } })
    for (const more of [{ client: '203.0.113.8' }, { service: 'other' }, { agency: 'town' as AgencyId }, { purpose: 'upload' as const }])
      expect(await ask(evidence(more))).toBeNull()
    expect(await ask(evidence({ purpose: 'upload' }))).toMatchObject({ status: 429 })
    expect(await ask(evidence({ purpose: 'view', client: null }))).toBeNull()
    expect(await ask(evidence({ now: new Date('2026-01-05T08:30:00Z') }))).toBeNull()
  })

  it('goes on counting when a new version of the service is published', async () => {
    const means = { rates: memoryRates() }
    const [one, two] = [1, 2].map(() => rate.settle({ submissionsPerHour: 1, uploadsPerHour: 1 }, 'standard', means))
    expect(await one!(evidence())).toBeNull()
    expect(await two!(evidence())).toMatchObject({ status: 429 })
  })

  it('denies where the address is not known', async () => {
    expect(await rate.settle(rate.presets.standard, 'standard', { rates: memoryRates() })(evidence({ client: null }))).toEqual({ status: 403, code: 'rate' })
  })
})

describe('buckets', () => {
  it('neither refill nor lock out when the clock is set back', () => {
    const buckets = createBuckets(1, 1000)
    expect(buckets.take('a', 10_000)).toBe(0)
    expect(buckets.take('a', 5000)).toBe(1000)
    expect(buckets.take('a', 6000)).toBe(0)
  })

  it('refill evenly, and say how long it takes until there is one', () => {
    const buckets = createBuckets(4, 1024)
    for (let i = 0; i < 4; i++) expect(buckets.take('a', 0)).toBe(0)
    expect(buckets.take('a', 128)).toBe(128)
    expect(buckets.take('a', 192)).toBe(64)
    expect([buckets.take('a', 256), buckets.take('a', 256)]).toEqual([0, 256])
    // Never more than there were at first.
    expect(Array.from({ length: 5 }, () => buckets.take('a', 1e9))).toEqual([0, 0, 0, 0, 256])
  })

  it('forget names when there are too many, the longest unused first', () => {
    const buckets = createBuckets(1, 3600_000)
    buckets.take('first', 0)
    for (let i = 0; i < 250_000; i++) buckets.take(`n${i}`, 0)
    expect(buckets.take('first', 0)).toBe(0)
    expect(buckets.take('n249999', 0)).toBeGreaterThan(0)
  })
})
