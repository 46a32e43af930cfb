/** What is made of each thing that was kept of a submission. With submissions that a server took: simulate.test.ts. */
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { describe, expect, it } from 'vitest'
import type { AgencyStore, VersionRecord } from '../store/store.ts'
import card from '../testing/library-card.json' with { type: 'json' }
import { simulate } from './simulate.ts'

interface Event {
  action?: string
  object?: string
  time?: string
  details?: Record<string, unknown>
}
const foreign = 'https://other.example'
const received = (details: Record<string, unknown>, more: Event = {}) => ({ details: { service: 'library-card', ...details }, ...more })

const run = async (events: readonly Event[], policy: Policy, { last = 100, change = {}, files = [] as object[] } = {}) => {
  const rows = events.map((event, i) => ({
    action: 'submission.received',
    object: `submission:s${i + 1}`,
    time: '2026-01-05T08:00:00.000Z',
    sequence: i + 1,
    ...event,
  }))
  const asked: unknown[] = []
  const agency = {
    id: 'city',
    auditHead: async () => ({ sequence: rows.length, digest: '' }),
    async auditEvents(after: number, limit: number) {
      asked.push([after, limit])
      return rows.filter(({ sequence }) => sequence > after).slice(0, limit)
    },
    attachmentsOf: async (submission: string) => (submission === 's1' ? files : []),
  } as unknown as AgencyStore
  const definition = { ...card, ...change } as unknown as ServiceDefinition
  const found = await simulate(agency, { service: 'library-card', version: 1, definition, policy: {} } as unknown as VersionRecord, policy, last)
  return { ...found, asked, codes: found.refused.map(({ submission, rule, code }) => [submission, rule, code]) }
}

describe('of what was kept', () => {
  it('the page decides: one that was named, our own, none of a program; and one that was not kept is not judged', async () => {
    const { codes, looked, refused } = await run(
      [
        received({ channel: 'embedded', origin: foreign }),
        received({ channel: 'embedded' }),
        received({ channel: 'assisted' }),
        received({ channel: 'api' }),
        received({ channel: 'web', origin: foreign }),
        received({ channel: 'embedded', origin: 5 }),
      ],
      {},
    )
    expect([looked, codes]).toEqual([6, [['s1', 'origins', 'origin']]])
    expect(refused[0]?.receivedAt).toBe('2026-01-05T08:00:00.000Z')
  })

  it('the size decides, where it was kept', async () => {
    const policy = { rules: { size: { maxBytes: 1024 } } } as Policy
    const events = [1024, 1025, undefined, '1025'].map((bytes) => received({ channel: 'web', bytes }))
    expect((await run(events, policy)).codes).toEqual([['s2', 'size', 'too-large']])
  })

  it('the time decides, where the service is', async () => {
    const change = { window: { closes: '2026-01-05' } }
    const events = ['21:59:59', '22:00:00'].map((time) => received({ channel: 'web' }, { time: `2026-01-05T${time}.000Z` }))
    expect((await run(events, {}, { change })).codes).toEqual([['s2', 'window', 'closed']])
  })

  it.each<[string, object, string | null]>([
    ['of a type that is taken', { target: 'student_id', type: 'application/pdf', size: 50_000 }, null],
    ['larger than the definition allows', { target: 'student_id', type: 'application/pdf', size: 50_001 }, 'file-too-large'],
    ['of a type that the definition does not take', { target: 'student_id', type: 'image/jpeg', size: 1 }, 'file-refused'],
    ['of a type that nobody knows', { target: 'student_id', type: 'application/x-own', size: 1 }, 'file-refused'],
    ['of a place that is no more', { target: 'gone', type: 'image/jpeg', size: 1 }, null],
  ])('a file decides: %s', async (_, file, code) => {
    expect((await run([received({ channel: 'web' })], {}, { files: [file] })).codes).toEqual(code === null ? [] : [['s1', 'uploads', code]])
  })

  it('how many there were decides, of those that would have been taken', async () => {
    const events = [received({ channel: 'embedded', origin: foreign }), ...Array.from({ length: 4 }, () => received({ channel: 'web' }))]
    const days = events.map((event, i) => ({ ...event, time: `2026-01-0${i < 4 ? 5 : 6}T08:00:00.000Z` }))
    expect((await run(days, { rules: { capacity: { total: 3 } } } as Policy)).codes).toEqual([
      ['s1', 'origins', 'origin'],
      ['s5', 'capacity', 'full'],
    ])
    expect((await run(days, { rules: { capacity: { perDay: 2 } } } as Policy)).codes).toEqual([
      ['s1', 'origins', 'origin'],
      ['s4', 'capacity', 'full-today'],
    ])
  })

  it('only what this service received counts, the last of it', async () => {
    const others = [{ action: 'case.opened', details: { service: 'library-card' } }, received({ service: 'other' }), {}]
    const { looked, codes, asked } = await run([...others, ...[1, 2, 3].map(() => received({ channel: 'embedded', origin: foreign }))], {}, { last: 2 })
    expect([looked, codes.map(([submission]) => submission)]).toEqual([2, ['s5', 's6']])
    expect(asked).toEqual([[0, 500]])
  })

  it('is read in stretches', async () => {
    const many = Array.from({ length: 500 }, () => received({ channel: 'web' }))
    const { looked, asked } = await run([...many, received({ channel: 'web' })], {}, { last: 1000 })
    expect(looked).toBe(501)
    expect(asked).toEqual([
      [0, 500],
      [500, 500],
    ])
  })

  it('nothing can be said to rules about what was not kept, and they are named', async () => {
    const policy = { rules: { rate: { submissionsPerHour: 1 }, 'sign-in': { demand: 'required' }, origins: { allow: [foreign] } } } as Policy
    const { codes, untested } = await run([received({ channel: 'embedded', origin: foreign })], policy)
    expect(codes).toEqual([])
    expect(untested).toEqual(['rate', 'sign-in', 'honeypot', 'proof-of-work', 'one-per-person'])
  })
})
