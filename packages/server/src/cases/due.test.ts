import type { ServiceDefinition, Stage, Term } from '@guichet/schemas'
import { expect, it } from 'vitest'
import { noTerm } from '../store/store.ts'
import { dueAt } from './due.ts'

const athens: Pick<ServiceDefinition, 'locale'> = {
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2, holidays: ['2026-01-06'] },
}
const due = (term: Term | undefined, entered: string, answers = {}) =>
  dueAt(athens, { id: 's', label: { en: 'S' }, ...(term ? { term } : {}) } as Stage, new Date(entered), answers)

it.each([
  ['working days pass over the weekend and holidays', { value: 5, unit: 'workingDays' }, '2026-01-05T08:00:00Z', {}, '2026-01-13T21:59:59.999Z'],
  // Half past ten in the evening UTC is the next day in Athens.
  ['the day is the one there', { value: 1, unit: 'days' }, '2026-01-05T22:30:00Z', {}, '2026-01-07T21:59:59.999Z'],
  ['hours are hours', { value: 1, unit: 'hours' }, '2026-01-05T22:30:00Z', {}, '2026-01-05T23:30:00.000Z'],
  ['from the date in a field', { value: 10, unit: 'days', after: 'end' }, '2026-01-05T08:00:00Z', { end: '2026-06-01' }, '2026-06-11T20:59:59.999Z'],
  [
    'hours from the beginning of that day',
    { value: 36, unit: 'hours', after: 'end' },
    '2026-01-05T08:00:00Z',
    { end: '2026-06-01' },
    '2026-06-02T09:00:00.000Z',
  ],
  ['from now where that field has no answer', { value: 1, unit: 'days', after: 'end' }, '2026-01-05T08:00:00Z', {}, '2026-01-06T21:59:59.999Z'],
  ['never', undefined, '2026-01-05T08:00:00Z', {}, noTerm],
  ['beyond the calendar', { value: 9_007_199_254_740_991, unit: 'hours' }, '2026-01-05T08:00:00Z', {}, noTerm],
] as const)('%s', (_, term, entered, answers, expected) => expect(due(term as Term | undefined, entered, answers)).toBe(expected))

it('is looked up again when the day is another one', () => {
  const stage = { id: 's', label: { en: 'S' }, term: { value: 1, unit: 'days' } } as Stage
  const at = (moment: string) => dueAt(athens, stage, new Date(moment), {})
  expect(['2026-01-05T21:59:59Z', '2026-01-05T21:59:00Z', '2026-01-05T22:00:00Z', '2026-01-05T21:50:00Z'].map(at)).toEqual([
    '2026-01-06T21:59:59.999Z',
    '2026-01-06T21:59:59.999Z',
    '2026-01-07T21:59:59.999Z',
    '2026-01-06T21:59:59.999Z',
  ])
  expect(dueAt(athens, null, new Date(), {})).toBe(noTerm)
})
