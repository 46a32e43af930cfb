import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWorkingDay, termEnd } from './working-days.ts'

const europe = { holidays: ['2026-01-06', '2026-01-12'] }
const working = (value: number) => ({ value, unit: 'workingDays' }) as const

describe('working days', () => {
  it.each([
    ['2026-01-05', true],
    ['2026-01-06', false],
    ['2026-01-10', false],
    ['2026-01-11', false],
    ['2026-01-12', false],
  ])('%s is one: %s', (day, expected) => expect(isWorkingDay(day, europe)).toBe(expected))

  it('are those of the place: Saturday is one where Friday alone is free', () => {
    expect(['2026-01-09', '2026-01-10'].map((day) => isWorkingDay(day, { weekend: [5] }))).toEqual([false, true])
  })
})

describe('a term', () => {
  it.each([
    // Monday 5 January 2026, with a holiday on the Tuesday and on the Monday after.
    [working(0), '2026-01-05', '2026-01-05'],
    [working(1), '2026-01-05', '2026-01-07'],
    [working(3), '2026-01-05', '2026-01-09'],
    [working(4), '2026-01-05', '2026-01-13'],
    // It begins on a Saturday: Sunday and the holiday are passed over.
    [working(1), '2026-01-10', '2026-01-13'],
    [{ value: 14, unit: 'days' } as const, '2026-02-20', '2026-03-06'],
    [{ value: 1, unit: 'days' } as const, '2026-01-09', '2026-01-10'],
    // A leap day.
    [{ value: 1, unit: 'days' } as const, '2028-02-28', '2028-02-29'],
  ])('%j from %s ends on %s', (term, from, end) => expect(termEnd(term, from, europe)).toBe(end))

  it('has no last day in hours, where no day is a working day, or beyond a century', () => {
    expect(termEnd({ value: 3, unit: 'hours' }, '2026-01-05', {})).toBeNull()
    expect(termEnd(working(1), '2026-01-05', { weekend: [1, 2, 3, 4, 5, 6, 7] })).toBeNull()
    expect(termEnd(working(1_000_000_000), '2026-01-05', {})).toBeNull()
    expect(termEnd(working(1), 'no date', {})).toBeNull()
  })

  it('of n working days has n of them after its first day, and ends on the last', () => {
    const day = fc.date({ min: new Date('2000-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
    const weekend = fc.uniqueArray(fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const, 5 as const, 6 as const, 7 as const), { maxLength: 6 })
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 60 }), weekend, fc.array(day, { maxLength: 5 }), (from, value, free, holidays) => {
        const locale = { weekend: free, holidays: [...holidays, '2026-05-01'] }
        const end = termEnd(working(value), from, locale) as string
        let counted = 0
        for (let at = Date.parse(from) + 86_400_000; at <= Date.parse(end); at += 86_400_000)
          if (isWorkingDay(new Date(at).toISOString().slice(0, 10), locale)) counted++
        expect(counted).toBe(value)
        expect(isWorkingDay(end, locale)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
