/** Days of the Gregorian and the Persian calendar, converted by Intl, which every browser and Node have: nothing to load. */
export type CalendarName = 'gregory' | 'persian'

export interface Day {
  year: number
  month: number
  day: number
}

const msOfDay = 864e5
let persianFormat: Intl.DateTimeFormat | undefined

/** Milliseconds of a Gregorian day at UTC midnight; the day before or after counts on into the next month. */
const utc = (year: number, month: number, day: number) => new Date(0).setUTCFullYear(year, month - 1, day)
const isoOf = (time: number) => new Date(time).toISOString().slice(0, 10)

function dayAt(time: number, calendar: CalendarName): Day {
  if (calendar === 'gregory') {
    const date = new Date(time)
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  }
  persianFormat ??= new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', { year: 'numeric', month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  const day = { year: 0, month: 0, day: 0 }
  for (const { type, value } of persianFormat.formatToParts(time)) if (type in day) day[type as keyof Day] = Number(value)
  return day
}

/** The day of an ISO date in a calendar; null if it is no real day. */
export function dayOf(iso: string, calendar: CalendarName): Day | null {
  const time = /^\d{4}-\d\d-\d\d$/.test(iso) ? Date.parse(iso) : Number.NaN
  return Number.isNaN(time) || isoOf(time) !== iso ? null : dayAt(time, calendar)
}

/** Where a day ought to be: exact for Gregorian days, and at most two days off for Persian ones. */
function estimate({ year, month, day }: Day, calendar: CalendarName): number {
  if (calendar === 'gregory') return utc(year, month, day)
  // Six months of 31 days, then months of 30; 1 Farvardin falls on 20 to 22 March.
  return utc(year + 621, 3, 21) + ((month - 1) * 30 + Math.min(month - 1, 6) + day - 1) * msOfDay
}

const same = (a: Day, b: Day) => a.year === b.year && a.month === b.month && a.day === b.day

/** The ISO date of a day; null if the calendar has no such day. */
export function isoDate(day: Day, calendar: CalendarName): string | null {
  const near = estimate(day, calendar)
  for (const off of [0, 1, -1, 2, -2]) {
    const time = near + off * msOfDay
    if (same(dayAt(time, calendar), day)) return isoOf(time)
  }
  return null
}

/** Days in a month. */
export function monthLength(year: number, month: number, calendar: CalendarName): number {
  for (const day of [31, 30, 29]) if (isoDate({ year, month, day }, calendar)) return day
  return 28
}
