/** What every store must hold about its counters. Run by store-suite.ts. */
import { expect, it } from 'vitest'
import { type Count, countsOf, type Measure, sumUp } from '../statistics/count.ts'
import type { AgencyStore, SubmissionEntry } from './store.ts'

const count = (day: string, measure: Measure, n: number, more: Partial<Count> = {}): Count => ({
  service: 'card',
  day,
  measure,
  channel: '',
  language: '',
  count: n,
  ...more,
})

/** `record` claims a key and records an entry with these details of its audit event. */
export function statisticsSuite(
  agencies: () => { city: AgencyStore; town: AgencyStore },
  record: (agency: AgencyStore, id: string, details: NonNullable<SubmissionEntry['deed']['details']>) => Promise<void>,
) {
  const sent = (day: string, more: object = {}) => ({ service: 'card', day, channel: 'web', language: 'en', ...more })

  it('counts a submission in the transaction that records it', async () => {
    const { city, town } = agencies()
    await Promise.all([
      record(city, 'c1', sent('2026-01-05')),
      record(city, 'c2', sent('2026-01-05')),
      record(city, 'c3', sent('2026-01-05', { channel: 'embedded', language: 'el', toDesk: true })),
      record(city, 'c4', sent('2026-01-06', { finished: true, inTerm: false })),
    ])
    const expected = [
      count('2026-01-05', 'handed_in', 1),
      count('2026-01-05', 'sent', 1, { channel: 'embedded', language: 'el' }),
      count('2026-01-05', 'sent', 2, { channel: 'web', language: 'en' }),
      count('2026-01-06', 'finished', 1),
      count('2026-01-06', 'late', 1),
      count('2026-01-06', 'sent', 1, { channel: 'web', language: 'en' }),
    ]
    expect(await city.daily('2026-01-01', '2026-01-31')).toEqual(expected)
    expect(await town.daily('2026-01-01', '2026-01-31')).toEqual([])
    // The control: what is undone is not counted.
    await expect(record(city, 'c1', sent('2026-01-07'))).rejects.toThrow()
    expect(await city.daily('2026-01-01', '2026-01-31')).toEqual(expected)
  })

  it('gives months from days, the same before and after they are folded', async () => {
    const { city, town } = agencies()
    const added = [
      count('2025-12-31', 'opened', 1, { channel: 'web', language: 'en' }),
      count('2026-01-01', 'opened', 3, { channel: 'web', language: 'en' }),
      count('2026-01-31', 'opened', 4, { channel: 'web', language: 'en' }),
      count('2026-01-31', 'looked_up', 1),
      count('2026-02-01', 'opened', 5, { channel: 'web', language: 'en' }),
    ]
    await city.count(added)
    await city.count([])
    await town.count([count('2026-01-10', 'opened', 9)])
    const before = await city.monthly('2026-02')
    expect(before.map(({ month, measure, count: n }) => [month, measure, n])).toEqual([
      ['2025-12', 'opened', 1],
      ['2026-01', 'looked_up', 1],
      ['2026-01', 'opened', 7],
      ['2026-02', 'opened', 5],
    ])
    expect(await city.monthly('2026-01')).toEqual(before.slice(0, 3))
    await city.foldMonths('2026-01')
    await city.foldMonths('2026-01')
    expect(await city.monthly('2026-02')).toEqual(before)
    // Late, but before the next fold: it takes the last month again.
    await city.count([count('2026-01-31', 'opened', 1, { channel: 'web', language: 'en' })])
    await city.foldMonths('2026-02')
    expect((await city.monthly('2026-02')).map(({ count: n }) => n)).toEqual([1, 1, 8, 5])
  })

  it('puts facts that were counted anew in the place of the old ones, and leaves views alone', async () => {
    const { city } = agencies()
    for (const id of ['r1', 'r2', 'r3']) await record(city, id, sent('2026-01-05'))
    await city.count([count('2026-01-05', 'sent', 99, { channel: 'web', language: 'en' }), count('2026-01-05', 'opened', 7)])
    await city.foldMonths('2026-01')
    const events = await city.auditEvents(0, 1000)
    const half = events.slice(0, -1)
    await city.replaceFacts(sumUp(half.flatMap(countsOf)), half.at(-1)?.sequence ?? 0)
    expect(await city.daily('2026-01-01', '2026-01-31')).toEqual([
      count('2026-01-05', 'opened', 7),
      count('2026-01-05', 'sent', 3, { channel: 'web', language: 'en' }),
    ])
    expect((await city.monthly('2026-01')).map(({ measure, count: n }) => [measure, n])).toEqual([
      ['opened', 7],
      ['sent', 3],
    ])
  })

  it('keeps a sketch of people for each month, and forgets its key', async () => {
    const { city, town } = agencies()
    const fresh = { key: Uint8Array.of(1, 2), registers: Uint8Array.of(0, 0) }
    const seen: (Uint8Array | null)[] = []
    const put = (at: number) => (key: Uint8Array | null, registers: Uint8Array) => {
      seen.push(key && Uint8Array.from(key))
      return Uint8Array.from(registers, (value, i) => (i === at ? value + 1 : value))
    }
    await city.sketchPeople('2026-01', 'staff', fresh, put(0))
    await city.sketchPeople('2026-01', 'staff', { ...fresh, key: Uint8Array.of(9) }, put(1))
    await city.sketchPeople('2026-02', 'staff', fresh, put(1))
    expect(seen).toEqual([fresh.key, fresh.key, fresh.key])
    await city.forgetPeople('2026-02')
    await city.sketchPeople('2026-01', 'staff', fresh, put(1))
    await city.sketchPeople('2026-02', 'staff', fresh, put(1))
    expect(seen.slice(3)).toEqual([null, fresh.key])
    const plain = (await city.people('2026-02')).map(({ month, registers }) => [month, ...registers])
    expect(plain).toEqual([
      ['2026-01', 1, 2],
      ['2026-02', 0, 2],
    ])
    expect(await town.people('2026-12')).toEqual([])
  })
}
