/** What is kept so long and no longer, over rows in memory; over a whole server it is in erasure.test.ts. */
import { expect, it } from 'vitest'
import { keepRetention } from './retention.ts'
import type { Retention } from './terms.ts'

/** Agencies with services, and how many cases of each are past their term. */
function made(agencies: Record<string, Record<string, number>>, { held = 0, lived = '2026-03-31T08:00:00.000Z' } = {}) {
  const told: unknown[] = []
  const agency = (id: string) => ({
    id,
    approvals: async () => [],
    shreds: async () => {
      told.push(`${id}: shred`)
      return []
    },
    published: async () => Object.keys(agencies[id] ?? {}).map((service) => ({ service })),
    async casesPast(service: string, basis: string, before: string, after: string, limit: number) {
      told.push(`${id}: ${service} ${basis} before ${before} after "${after}"`)
      const ids = Array.from({ length: agencies[id]?.[service] ?? 0 }, (_, i) => `case ${String(i).padStart(4, '0')}`)
      return ids
        .filter((one) => one > after)
        .slice(0, limit)
        .map((one) => ({ id: one, service, bucket: null }))
    },
    attachmentsOf: async () => [],
    async eraseCases(certificate: object, cases: { submission: string }[], approval: string | null, by: object) {
      told.push({ ...certificate, id: 'new', cases: cases.length, last: cases.at(-1)?.submission, approval, by })
      return cases.length - held
    },
  })
  const live = { find: async (id: string, service: string) => (service === 'gone' ? null : { name: `${id}/${service}` }) }
  const adapters = {
    store: { agencies: async () => Object.keys(agencies).map((id) => ({ id })), agency },
    lived: { before: async () => lived },
    clock: { now: () => new Date('2026-04-01T08:00:00.000Z') },
    live,
  }
  return { told, adapters, run: (of: (live: { name: string }) => Retention | null) => keepRetention(adapters as never, {} as never, of as never) }
}
it('a term is what the policy says', async () => {
  const { told, adapters } = made({ city: { card: 1 } })
  const terms = { after: 'closed', months: 1 }
  const find = async () => ({ policy: { terms: ({ name }: { name: string }) => (name === 'retention' ? terms : {}) } })
  expect(await keepRetention({ ...adapters, live: { find } } as never, {} as never)).toBe(1)
  expect(told[1]).toBe('city: card closed before 2026-02-28T08:00:00.000Z after ""')
})

const months: Retention = { after: 'received', months: 1 }
const erased = (service: string, cases: number, last: string) => ({
  ...{
    id: 'new',
    kind: 'retention',
    at: '2026-04-01T08:00:00.000Z',
    details: { service, policy: { after: 'received', months: 1 } },
    cases,
    last,
    approval: null,
  },
  by: { actor: 'system', at: '2026-04-01T08:00:00.000Z' },
})

it('cases go by their service’s own term, in every agency, counted in lived time and not by the clock', async () => {
  const { told, run } = made({ city: { card: 2, permit: 1, gone: 1 }, town: { card: 1 } })
  expect(await run(({ name }) => (name === 'city/permit' ? null : { after: name === 'town/card' ? 'closed' : 'received', months: 1 }))).toBe(3)
  expect(told).toEqual([
    'city: shred',
    'city: card received before 2026-02-28T08:00:00.000Z after ""',
    erased('card', 2, 'case 0001'),
    'city: shred',
    'town: shred',
    'town: card closed before 2026-02-28T08:00:00.000Z after ""',
    { ...erased('card', 1, 'case 0000'), details: { service: 'card', policy: { after: 'closed', months: 1 } } },
    'town: shred',
  ])
})

it('many go two hundred at a time, none is left, and keys are destroyed at the end', async () => {
  const { told, run } = made({ city: { card: 401 } })
  expect(await run(() => months)).toBe(401)
  const asked = (after: string) => `city: card received before 2026-02-28T08:00:00.000Z after "${after}"`
  expect(told).toEqual([
    ...['city: shred', asked(''), erased('card', 200, 'case 0199'), asked('case 0199'), erased('card', 200, 'case 0399')],
    ...[asked('case 0399'), erased('card', 1, 'case 0400'), 'city: shred'],
  ])
})

it('a last portion that is full is followed by an empty one, of which there is no certificate', async () => {
  const { told, run } = made({ city: { card: 200 } })
  expect(await run(() => months)).toBe(200)
  expect(told.filter((each) => typeof each === 'object')).toHaveLength(1)
  expect(told.at(-2)).toContain('after "case 0199"')
})

it('what was held meanwhile is not counted, and no key is looked at where nothing went', async () => {
  const { told, run } = made({ city: { card: 1 } }, { held: 1 })
  expect(await run(() => months)).toBe(0)
  expect(told.filter((each) => each === 'city: shred')).toHaveLength(1)
})
