import { expect, test } from 'vitest'
import { dueOf, workingDaysBetween } from './due.ts'

// Friday and Saturday are free, and so is Monday the 12th.
const calendar = { timeZone: 'Asia/Tehran', calendar: 'persian' as const, weekend: [5, 6] as never, holidays: ['2026-01-12'] }
const at = (iso: string) => new Date(iso)

test('terms are told in working days of the service’s own calendar', () => {
  expect(workingDaysBetween('2026-01-08', '2026-01-14', calendar)).toBe(3)
  const now = at('2026-01-08T08:00:00Z')
  for (const [dueAt, expected] of [
    [null, { key: 'due.none', count: 0, tone: 'quiet' }],
    ['2026-01-14T20:29:59.999Z', { key: 'due.in', count: 3, tone: 'quiet' }],
    ['2026-01-11T20:29:59.999Z', { key: 'due.in', count: 1, tone: 'soon' }],
    ['2026-01-08T20:29:59.999Z', { key: 'due.today', count: 0, tone: 'soon' }],
    // A term in hours ends at its hour.
    ['2026-01-08T12:10:00.000Z', { key: 'due.hours', count: 5, tone: 'soon' }],
    ['2026-01-08T07:00:00.000Z', { key: 'due.overdueToday', count: 0, tone: 'late' }],
    ['2026-01-06T20:29:59.999Z', { key: 'due.overdue', count: 2, tone: 'late' }],
  ] as const)
    expect(dueOf(dueAt, now, calendar), String(dueAt)).toEqual(expected)
})

test('the day is that of the office, not of the browser', () => {
  // In Tehran it is the 9th already.
  expect(dueOf('2026-01-08T20:29:59.999Z', at('2026-01-08T21:00:00Z'), calendar).tone).toBe('late')
  expect(dueOf('2026-01-08T20:29:59.999Z', at('2026-01-08T19:00:00Z'), calendar).key).toBe('due.today')
})

test('a week without working days, and a term of a century, end the counting', () => {
  expect(workingDaysBetween('2026-01-01', '2126-01-01', { weekend: [1, 2, 3, 4, 5, 6, 7] as never })).toBe(0)
  expect(workingDaysBetween('2026-01-01', '2126-01-01', {})).toBeLessThan(400)
})
