import fc from 'fast-check'
import { expect, test } from 'vitest'
import { caseAt, inboxAt, type ListFilter, queues, readPlace } from './place.ts'

const name = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
const filters: fc.Arbitrary<ListFilter> = fc
  .record(
    {
      queue: fc.constantFrom(...queues),
      service: name,
      stage: name,
      status: name,
      due: fc.constantFrom('overdue' as const, 'soon' as const),
      after: fc.string({ minLength: 1, maxLength: 40 }),
    },
    { requiredKeys: ['queue'] },
  )
  .map(({ stage, due, ...filter }) => ({
    ...filter,
    ...(filter.service && stage ? { stage } : {}),
    ...(due && filter.queue !== 'all' ? { due } : {}),
  }))

test('an address says what was put into it', () => {
  fc.assert(
    fc.property(filters, fc.stringMatching(/^[\w-]{1,60}$/), (filter, id) => {
      expect(readPlace(inboxAt(filter))).toEqual({ screen: 'inbox', filter })
      expect(readPlace(caseAt(id, filter))).toEqual({ screen: 'case', id, filter })
    }),
  )
})

test('whatever somebody types into it, it is a place', () => {
  for (const [hash, place] of [
    ['', { screen: 'inbox', filter: { queue: 'open' } }],
    ['#/?queue=nothing&due=never&stage=alone', { screen: 'inbox', filter: { queue: 'open' } }],
    ['#/?queue=all&due=soon', { screen: 'inbox', filter: { queue: 'all' } }],
    ['#/cases/../../x', { screen: 'inbox', filter: { queue: 'open' } }],
    ['#/cases/01k?queue=mine', { screen: 'case', id: '01k', filter: { queue: 'mine' } }],
    ['#/audit?actor=user%3A1', { screen: 'audit', query: 'actor=user%3A1' }],
  ] as const)
    expect(readPlace(hash)).toEqual(place)
  fc.assert(fc.property(fc.string(), (hash) => void expect(['inbox', 'case', 'audit']).toContain(readPlace(hash).screen)))
})
