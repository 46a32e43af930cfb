import { isValidJalaaliDate, toGregorian, toJalaali } from 'jalaali-js'
import { describe, expect, test } from 'vitest'
import { dayOf, isoDate, monthLength } from './calendar.ts'

const msOfDay = 864e5
const pad = (value: number) => String(value).padStart(2, '0')

describe('the Persian calendar against jalaali-js', () => {
  /** jalaali-js makes 1502 the leap year, and Intl 1503: in between they are a day apart. */
  const apart = { from: '2124-03-20', days: 366 }

  test('names the same day from 1850 to 2149, but for one year', () => {
    const different: string[] = []
    for (let time = Date.UTC(1850, 0, 1); time < Date.UTC(2150, 0, 1); time += msOfDay) {
      const date = new Date(time)
      const iso = date.toISOString().slice(0, 10)
      const ours = dayOf(iso, 'persian')
      const { jy, jm, jd } = toJalaali(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
      if (ours?.year !== jy || ours.month !== jm || ours.day !== jd) different.push(iso)
    }
    expect(different[0]).toBe(apart.from)
    expect(different).toHaveLength(apart.days)
    expect(Date.parse(different.at(-1) as string) - Date.parse(apart.from)).toBe((apart.days - 1) * msOfDay)
  })

  test('finds the day again from its parts', () => {
    for (let year = 1228; year < 1500; year++)
      for (const month of [1, 6, 7, 11, 12])
        for (const day of [1, 29, 30, 31]) {
          if (!isValidJalaaliDate(year, month, day)) {
            expect(isoDate({ year, month, day }, 'persian'), `${year}/${month}/${day}`).toBeNull()
            continue
          }
          const { gy, gm, gd } = toGregorian(year, month, day)
          expect(isoDate({ year, month, day }, 'persian')).toBe(`${gy}-${pad(gm)}-${pad(gd)}`)
        }
  })
})

describe('both calendars', () => {
  test('every day leads back to itself, over the whole range that is taken', () => {
    for (const calendar of ['persian', 'gregory'] as const)
      for (let time = Date.UTC(1721, 2, 25); time < Date.UTC(2320, 0, 1); time += 97 * msOfDay) {
        const iso = new Date(time).toISOString().slice(0, 10)
        const day = dayOf(iso, calendar)
        expect(day && isoDate(day, calendar), iso).toBe(iso)
      }
  })

  test('leap years', () => {
    const leap = (year: number) => monthLength(year, 12, 'persian') === 30
    expect([1395, 1399, 1403, 1408, 1412].every(leap)).toBe(true)
    expect([1400, 1401, 1402, 1404, 1405].some(leap)).toBe(false)
    expect([1900, 2000, 2024, 2025].map((year) => monthLength(year, 2, 'gregory'))).toEqual([28, 29, 29, 28])
  })

  test('what is no day is none', () => {
    for (const day of [
      { year: 1403, month: 12, day: 31 },
      { year: 1404, month: 12, day: 30 },
      { year: 1404, month: 7, day: 31 },
      { year: 1404, month: 0, day: 1 },
      { year: 1404, month: 13, day: 1 },
      { year: 1404, month: 1, day: 0 },
    ])
      expect(isoDate(day, 'persian'), JSON.stringify(day)).toBeNull()
    expect(isoDate({ year: 2025, month: 2, day: 29 }, 'gregory')).toBeNull()
    expect(dayOf('2025-02-29', 'persian')).toBeNull()
    expect(dayOf('soon', 'persian')).toBeNull()
  })
})
