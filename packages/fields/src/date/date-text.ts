import type { FieldContext, Finding, Json } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import { type CalendarName, type Day, dayOf, isoDate, monthLength } from './calendar.ts'

/** What was typed for a day, part by part, in the digits it was typed in. */
export interface TypedDay {
  year: string
  month: string
  day: string
}

export const calendarOf = (settings: { calendar?: CalendarName }, context: Pick<FieldContext, 'locale'>): CalendarName =>
  settings.calendar ?? context.locale.calendar

/** No one alive and no paper in force is older; and below, Persian and Gregorian years would overlap. */
const firstYear = 1700
const isoDay = /^(\d{4})-\d\d-\d\d$/
const isStored = (text: string) => Number(isoDay.exec(text)?.[1] ?? 0) >= firstYear

/**
 * The parts of a typed date: year, month, day with / - . or blanks between; or day, month, year if the last has four
 * digits. Null if it is nothing like it. Parts may be empty: the input boxes write "1403//" while they are filled in.
 */
export function splitDay(typed: string): TypedDay | null {
  const text = asciiDigits(typed)
    .trim()
    .replace(/[.\s]+$/, '')
  const parts = /[/\-.]/.test(text) ? text.split(/\s*[/\-.]\s*/) : text.split(/\s+/)
  if (parts.length !== 3 || parts.some((part) => !/^\d*$/.test(part))) return null
  const [first = '', month = '', last = ''] = parts
  return last.length === 4 && first.length < 3 ? { year: last, month, day: first } : { year: first, month, day: last }
}

/** The parts to draw in input boxes for what was typed or stored; typed text is only cut at its slashes. */
export function boxesOf(input: Json, calendar: CalendarName, language: string): TypedDay {
  if (typeof input !== 'string') return { year: '', month: '', day: '' }
  const stored = isStored(input) ? dayOf(input, calendar) : null
  if (stored) {
    const digits = new Intl.NumberFormat(language, { useGrouping: false })
    return { year: digits.format(stored.year), month: digits.format(stored.month), day: digits.format(stored.day) }
  }
  const [year = '', month = '', ...day] = input.split('/')
  return { year, month, day: day.join('/') }
}

export const typedDay = ({ year, month, day }: TypedDay): string => (year + month + day === '' ? '' : `${year}/${month}/${day}`)

const finding = (code: string, params?: Finding['params']) => ({ finding: params ? { code, params } : { code } })

/** Reads a day that was typed in a calendar, or is stored. */
export function parseDay(input: Json, calendar: CalendarName): { value: string | null } | { finding: Finding } {
  if (input === null) return { value: null }
  if (typeof input !== 'string') return finding('format')
  const parts = splitDay(input)
  if (!parts) return /^[\s/\-.]*$/.test(input) ? { value: null } : finding('format')
  const { year, month, day } = parts
  if (year + month + day === '') return { value: null }
  if (year === '' || month === '' || day === '') return finding(year === '' ? 'yearMissing' : month === '' ? 'monthMissing' : 'dayMissing')
  const read: Day = { year: Number(year), month: Number(month), day: Number(day) }
  // In a field of the Persian calendar a year such as 1980 is Gregorian: nobody means the year 1980 of the Persian one.
  const meant = calendar === 'persian' && read.year < firstYear ? 'persian' : 'gregory'
  const [from, example] = meant === 'persian' ? [firstYear - 600, 1359] : [firstYear, calendar === 'persian' ? 1359 : 1980]
  if (year.length !== 4 || read.year < from) return finding('year', { example: { number: example, useGrouping: false } })
  if (read.month < 1 || read.month > 12) return finding('month')
  const iso = isoDate(read, meant)
  return iso ? { value: iso } : finding('day', { count: monthLength(read.year, read.month, meant) })
}

/** A limit as a sentence's place. */
export const limitParams = (date: string, calendar: CalendarName): Finding['params'] => ({ date: { date, calendar } })
