import { expect, it } from 'vitest'
import { compound, yearOnYear } from './growth.ts'
import { endingWith, monthsBetween, partsOf, shiftMonths, spanOf, yearsFrom } from './period.ts'

it('is a share of what it grew from', () => {
  expect(yearOnYear(54, 86)).toBeCloseTo(0.5926, 4)
  expect(yearOnYear(100, 50)).toBe(-0.5)
  expect(yearOnYear(100, 0)).toBe(-1)
  expect([yearOnYear(0, 5), yearOnYear(null, 5), yearOnYear(5, null)]).toEqual([null, null, null])
})

it('is spread evenly over several years', () => {
  expect(compound(100, 400, 2)).toBeCloseTo(1)
  expect(compound(100, 50, 1)).toBe(-0.5)
  // From 8 to 90 million in two years: 1,025 % in all, and 235 % a year.
  expect(compound(8, 90, 2)).toBeCloseTo(2.354, 3)
  expect([compound(0, 5, 1), compound(5, null, 1), compound(5, 5, 0)]).toEqual([null, null, null])
})

it('counts in months, quarters and years', () => {
  expect(shiftMonths('2026-01', -1)).toBe('2025-12')
  expect(shiftMonths('2025-11', 14)).toBe('2027-01')
  expect(monthsBetween('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  expect(monthsBetween('2026-02', '2026-01')).toEqual([])
  expect(endingWith('2026-02')).toEqual(['2026-02'])
  expect(endingWith('2026-06')).toEqual(['2026-06', '2026-Q2'])
  expect(endingWith('2026-12')).toEqual(['2026-12', '2026-Q4', '2026'])
  expect(partsOf('2026-Q4')).toEqual(['2026-10', '2026-11', '2026-12'])
  expect(partsOf('2026')).toEqual(['2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4'])
  expect(spanOf('2026-Q2')).toEqual({ first: '2026-04', last: '2026-06' })
  expect([yearsFrom('2026-Q2', -1), yearsFrom('2026-02', -1), yearsFrom('2026', 2)]).toEqual(['2025-Q2', '2025-02', '2028'])
})
