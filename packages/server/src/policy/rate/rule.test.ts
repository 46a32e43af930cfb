import { describe, expect, it } from 'vitest'
import { evidence } from '../../testing/evidence.ts'
import { createBuckets } from './buckets.ts'
import { rate } from './rule.ts'

describe('rate', () => {
  it('counts by address, by service and by what is sent', () => {
    const ask = rate.settle({ submissionsPerHour: 2, uploadsPerHour: 1 }, 'strict')
    expect([ask(evidence()), ask(evidence())]).toEqual([null, null])
    expect(ask(evidence())).toMatchObject({ status: 429, headers: { 'Retry-After': '1800' } })
    for (const more of [{ client: '203.0.113.8' }, { service: 'other' }, { agency: 'town' }, { purpose: 'upload' as const }])
      expect(ask(evidence(more))).toBeNull()
    expect(ask(evidence({ purpose: 'upload' }))).toMatchObject({ status: 429 })
    expect(ask(evidence({ purpose: 'view' }))).toBeNull()
    expect(ask(evidence({ now: new Date('2026-01-05T08:30:00Z') }))).toBeNull()
  })

  it('denies where the address is not known', () => {
    expect(rate.settle(rate.presets.strict, 'strict')(evidence({ client: null }))).toMatchObject({ status: 403 })
  })
})

describe('buckets', () => {
  it('neither refill nor lock out when the clock is set back', () => {
    const buckets = createBuckets(1, 1000)
    expect(buckets.take('a', 10_000)).toBe(0)
    expect(buckets.take('a', 5000)).toBe(1000)
    expect(buckets.take('a', 6000)).toBe(0)
  })

  it('forget names when there are too many, the longest unused first', () => {
    const buckets = createBuckets(1, 3600_000)
    buckets.take('first', 0)
    for (let i = 0; i < 100_000; i++) buckets.take(`n${i}`, 0)
    expect(buckets.take('first', 0)).toBe(0)
    expect(buckets.take('n99999', 0)).toBeGreaterThan(0)
  })
})
