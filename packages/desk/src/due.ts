/** Until when a case is to be done, in words. Pure. */
import { isWorkingDay } from '@guichet/core/working-days'
import type { Locale } from '@guichet/schemas'

export type Calendar = Pick<Locale, 'timeZone' | 'calendar' | 'weekend' | 'holidays'>

export interface Due {
  /** Key of the message, and what goes into it. */
  key: 'due.none' | 'due.today' | 'due.in' | 'due.hours' | 'due.overdueToday' | 'due.overdue'
  count: number
  tone: 'quiet' | 'soon' | 'late'
}

const dayMs = 86_400_000
/** Nobody counts further than this by days. */
const furthest = 400

/** ISO date at a moment in a time zone. */
export const dayIn = (moment: Date, timeZone: string) => new Intl.DateTimeFormat('en-CA', { timeZone, calendar: 'iso8601' }).format(moment)

/** Working days after `from` up to `to`, which is included. ISO dates. */
export function workingDaysBetween(from: string, to: string, locale: Pick<Locale, 'weekend' | 'holidays'>): number {
  let count = 0
  const end = Date.parse(to)
  for (let day = Date.parse(from) + dayMs, steps = 0; day <= end && steps < furthest; day += dayMs, steps++)
    if (isWorkingDay(new Date(day).toISOString().slice(0, 10), locale)) count++
  return count
}

/** @param dueAt The last moment of the term; null: there is none. */
export function dueOf(dueAt: string | null, now: Date, calendar: Calendar): Due {
  if (dueAt === null) return { key: 'due.none', count: 0, tone: 'quiet' }
  const due = new Date(dueAt)
  const [today, last] = [dayIn(now, calendar.timeZone), dayIn(due, calendar.timeZone)]
  if (due < now) {
    const count = workingDaysBetween(last, today, calendar)
    return { key: count === 0 ? 'due.overdueToday' : 'due.overdue', count, tone: 'late' }
  }
  if (last === today) {
    const hours = Math.ceil((due.getTime() - now.getTime()) / 3600_000)
    // The end of a day says nothing by its hour; a term in hours does.
    return dayIn(new Date(due.getTime() + 1), calendar.timeZone) === last
      ? { key: 'due.hours', count: hours, tone: 'soon' }
      : { key: 'due.today', count: 0, tone: 'soon' }
  }
  const count = workingDaysBetween(today, last, calendar)
  return { key: 'due.in', count, tone: count <= 2 ? 'soon' : 'quiet' }
}
