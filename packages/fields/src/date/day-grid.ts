/** Months as a calendar shows them, and the ways from day to day. Days are ISO dates throughout. */
import { type CalendarName, type Day, dayOf, isoDate } from './calendar.ts'

/** Beyond, a day's boxes could not be read: years of the Persian calendar would be taken for Gregorian ones, or have fewer digits than four. */
const first = '1722-01-01'
const last = '2320-12-31'

export interface Limits {
  min: string
  max: string
}

/** What a field's limits come to on a day; a moment's day is its limit. */
export const limitsOf = ({ min = first, max = last }: { min?: string; max?: string }, today: string): Limits => ({
  min: (min === 'today' ? today : min).slice(0, 10),
  max: (max === 'today' ? today : max).slice(0, 10),
})

const within = (iso: string, { min, max }: Limits) => (iso < min ? min : iso > max ? max : iso)
/** The day, or the nearest one that may be chosen; where none may be, one that can be shown. */
export const nearest = (iso: string, limits: Limits) => within(within(iso, limits), { min: first, max: last })

const daysFrom = (iso: string, days: number) => new Date(Date.parse(iso) + days * 864e5).toISOString().slice(0, 10)
export const daysOn = (iso: string, days: number) => nearest(daysFrom(iso, days), { min: first, max: last })

/** The first day of a month, which may be counted on from another year. */
const opening = (year: number, month: number, calendar: CalendarName) =>
  isoDate({ year: year + Math.floor((month - 1) / 12), month: ((((month - 1) % 12) + 12) % 12) + 1, day: 1 }, calendar) as string

/** The days of a month, in order. */
function monthOf(year: number, month: number, calendar: CalendarName): string[] {
  const [from, next] = [opening(year, month, calendar), opening(year, month + 1, calendar)]
  return Array.from({ length: (Date.parse(next) - Date.parse(from)) / 864e5 }, (_, i) => daysFrom(from, i))
}

/** The same day some months on, or the last one of a month that is shorter. */
export function monthsOn(iso: string, months: number, calendar: CalendarName): string {
  const { year, month, day } = dayOf(iso, calendar) as Day
  const days = monthOf(year, month + months, calendar)
  return nearest(days[Math.min(day, days.length) - 1] as string, { min: first, max: last })
}

/** 0 is Sunday. */
const weekday = (iso: string) => new Date(iso).getUTCDay()

/** How many days its week had before a day, where weeks begin with `start`. */
export const intoWeek = (iso: string, start: number) => (weekday(iso) - start + 7) % 7

/** With which day a week begins; 0 is Sunday. Where the Persian calendar is kept it is Saturday, whatever language reads it. */
export function weekStart(language: string, calendar: CalendarName): number {
  if (calendar === 'persian') return 6
  const locale = new Intl.Locale(language) as Intl.Locale & { getWeekInfo?(): { firstDay: number }; weekInfo?: { firstDay: number } }
  // Not every browser knows; ISO 8601 begins with Monday.
  return ((locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1) % 7
}

/** Six weeks, so that none is taller than another; null where no day of the month is. */
export function weeksOf(iso: string, calendar: CalendarName, start: number): (string | null)[][] {
  const { year, month } = dayOf(iso, calendar) as Day
  const days = monthOf(year, month, calendar)
  const before = intoWeek(days[0] as string, start)
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, i) => days[week * 7 + i - before] ?? null))
}
