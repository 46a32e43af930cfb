/**
 * When a term ends. Days are counted as Regulation (EEC, Euratom) No 1182/71, Article 3, counts them: the day on which it
 * begins is not one of them, and it runs until the end of the last one. Which days are working days, the service's locale
 * says; a term in plain days ends on the day it ends, working day or not.
 */
import type { Locale, Term } from '@guichet/schemas'

const dayMs = 86_400_000
/** A century. A longer term is no promise, and would only be counted in vain. */
const longest = 36_525

const msOf = (iso: string) => Date.parse(`${iso}T00:00:00Z`)
const isoOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Whether offices work on that day (ISO date). */
export function isWorkingDay(iso: string, { weekend = [6, 7], holidays = [] }: Pick<Locale, 'weekend' | 'holidays'>): boolean {
  // ISO 8601: Monday is 1, Sunday is 7.
  const weekday = new Date(msOf(iso)).getUTCDay() || 7
  return !weekend.includes(weekday as never) && !holidays.includes(iso)
}

/**
 * The last day (ISO date) of a term that begins on the day `from`; null if it is no term of days, longer than a century, or
 * counted in working days where there are none in a week.
 */
export function termEnd({ value, unit }: Pick<Term, 'value' | 'unit'>, from: string, locale: Pick<Locale, 'weekend' | 'holidays'>): string | null {
  if (unit === 'hours' || value > longest) return null
  const start = msOf(from)
  if (Number.isNaN(start)) return null
  if (unit === 'days') return isoOf(start + value * dayMs)
  if (new Set(locale.weekend).size === 7) return null
  let day = start
  for (let left = value; left > 0; ) {
    day += dayMs
    if (isWorkingDay(isoOf(day), locale)) left--
  }
  return isoOf(day)
}
