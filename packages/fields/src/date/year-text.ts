import { asciiDigits } from '@guichet/core/text'
import { type CalendarName, dayOf } from './calendar.ts'

/** As for days: no one alive is older, and the years of the two calendars stay apart. */
const years: Readonly<Record<CalendarName, readonly [first: number, last: number, example: number]>> = {
  gregory: [1700, 9999, 1980],
  persian: [1100, 1699, 1359],
}

export const firstYearOf = (calendar: CalendarName): number => years[calendar][0]
export const lastYearOf = (calendar: CalendarName): number => years[calendar][1]

/** A year of four digits in a calendar, or null. A year of the other calendar is none. */
export function readYear(typed: string, calendar: CalendarName, from = years[calendar][0]): number | null {
  const text = asciiDigits(typed).trim()
  const year = /^\d{4}$/.test(text) ? Number(text) : 0
  return year >= from && year <= years[calendar][1] ? year : null
}

/** A year to show the person how one is written, as a sentence's place. */
export const exampleYear = (calendar: CalendarName) => ({ example: { number: years[calendar][2], useGrouping: false } })

/** This year and month in a calendar, as a month is stored. */
export function thisMonth(today: string, calendar: CalendarName): string {
  const day = dayOf(today, calendar)
  return day ? `${day.year}-${String(day.month).padStart(2, '0')}` : ''
}
