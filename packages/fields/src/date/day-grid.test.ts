import { describe, expect, test } from 'vitest'
import type { CalendarName } from './calendar.ts'
import { daysOn, intoWeek, limitsOf, monthsOn, nearest, weekStart, weeksOf } from './day-grid.ts'

const msOfDay = 864e5
const names = (language: string, calendar: CalendarName, options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat(`${language}-u-nu-latn`, { calendar, timeZone: 'UTC', ...options })
  return (iso: string) => format.format(new Date(iso))
}

describe.each([
  // 1399, 1403 and 1408 are leap years, the last of which comes after five years.
  ['persian', '2019-03-21', '2030-03-20', 6, 'Sat'],
  ['gregory', '2019-01-01', '2029-12-31', 1, 'Mon'],
] as const)('months of the %s calendar against Intl', (calendar, from, to, start, startName) => {
  const [monthOf, dayOf, weekdayOf] = [
    names('en', calendar, { year: 'numeric', month: 'long' }),
    names('en', calendar, { day: 'numeric' }),
    names('en', calendar, { weekday: 'short' }),
  ]
  /** By Intl alone, day after day. */
  const months = new Map<string, string[]>()
  for (let time = Date.parse(from); time <= Date.parse(to); time += msOfDay) {
    const iso = new Date(time).toISOString().slice(0, 10)
    months.set(monthOf(iso), [...(months.get(monthOf(iso)) ?? []), iso])
  }

  test('each has its days, and each day stands under its weekday', () => {
    expect(months.size).toBe(132)
    const heads = Array.from({ length: 7 }, (_, i) => weekdayOf(daysOn('2024-05-05', i - intoWeek('2024-05-05', start))))
    expect(heads[0]).toBe(startName)
    for (const [name, days] of months)
      for (const asked of [days[0], days.at(-1)] as string[]) {
        const weeks = weeksOf(asked, calendar, start)
        expect(weeks.map((week) => week.length)).toEqual([7, 7, 7, 7, 7, 7])
        const shown = weeks.flat().filter((iso) => iso !== null)
        expect(shown, name).toEqual(days)
        expect(
          shown.map((iso) => Number(dayOf(iso))),
          name,
        ).toEqual(days.map((_, i) => i + 1))
        for (const week of weeks) for (const [i, iso] of week.entries()) if (iso) expect(weekdayOf(iso), iso).toBe(heads[i])
      }
  })

  test('a month on and back is the next one and the one before, a year the same one', () => {
    const all = [...months.values()]
    for (const [i, days] of all.entries())
      for (const at of [0, 14, days.length - 1]) {
        const meant = (other: string[] | undefined) => other?.[Math.min(at, other.length - 1)]
        const day = days[at] as string
        if (i + 1 < all.length) expect(monthsOn(day, 1, calendar), day).toBe(meant(all[i + 1]))
        if (i > 0) expect(monthsOn(day, -1, calendar), day).toBe(meant(all[i - 1]))
        if (i + 12 < all.length) expect(monthsOn(day, 12, calendar), day).toBe(meant(all[i + 12]))
        if (i >= 12) expect(monthsOn(day, -12, calendar), day).toBe(meant(all[i - 12]))
      }
  })
})

test('limits: today, a moment, none; and the nearest day within', () => {
  expect(limitsOf({ min: 'today', max: '2026-03-01T12:00' }, '2026-01-05')).toEqual({ min: '2026-01-05', max: '2026-03-01' })
  const limits = limitsOf({ min: '2026-01-05', max: '2026-03-01' }, '2026-01-05')
  expect(['2020-01-01', '2026-02-02', '2030-01-01'].map((iso) => nearest(iso, limits))).toEqual(['2026-01-05', '2026-02-02', '2026-03-01'])
  // Limits that leave nothing, or lie where no year has four digits of its own.
  expect(nearest('2026-01-01', { min: '9999-01-01', max: '2026-01-01' })).toBe('2320-12-31')
})

test('nobody leaves what can be read from the boxes', () => {
  const { min, max } = limitsOf({}, '2026-01-05')
  expect([daysOn(min, -7), daysOn(max, 7)]).toEqual([min, max])
  for (const calendar of ['persian', 'gregory'] as const) expect([monthsOn(min, -12, calendar), monthsOn(max, 12, calendar)]).toEqual([min, max])
})

test('a week begins on Saturday where the Persian calendar is kept, in any language', () => {
  for (const language of ['fa', 'en', 'el']) expect(weekStart(language, 'persian')).toBe(6)
  expect([0, 1]).toContain(weekStart('en', 'gregory'))
})
