import type { FieldType, Finding, Json } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { MonthField } from '../../generated/settings.ts'
import { type CalendarName, isoDate } from '../date/calendar.ts'
import { calendarOf } from '../date/date-text.ts'
import { exampleYear, readYear, thisMonth } from '../date/year-text.ts'

/** A typed month cut into its year and its number; the input boxes write "1404-" while they are filled in. */
export function splitMonth(typed: string): { year: string; month: string } | null {
  const [first, second, more] = typed.trim().split(/\s*[-/.]\s*|\s+/)
  if (first === undefined || second === undefined || more !== undefined) return null
  return asciiDigits(second).length === 4 && asciiDigits(first).length < 3 ? { year: second, month: first } : { year: first, month: second }
}

export const typedMonth = (year: string, month: string): string => (year + month === '' ? '' : `${year}-${month}`)

const finding = (code: string, params?: Finding['params']) => ({ finding: params ? { code, params } : { code } })
const isMonth = (value: Json): value is string => typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value)

/** Any day of it, which tells Intl the month. */
function dayIn(value: string, calendar: CalendarName): string {
  return isoDate({ year: Number(value.slice(0, 4)), month: Number(value.slice(5)), day: 1 }, calendar) ?? ''
}

/** Month and year in words. CLDR adds an era to Persian years, and turns their order round. */
export function showMonth(value: string, calendar: CalendarName, language: string): string {
  const day = dayIn(value, calendar)
  if (!day) return value
  const written = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { calendar, timeZone: 'UTC', ...options }).format(new Date(day))
  if (calendar === 'gregory') return written({ month: 'long', year: 'numeric' })
  return `${written({ month: 'long' })} ${new Intl.NumberFormat(language, { useGrouping: false }).format(Number(value.slice(0, 4)))}`
}

const limit = (value: string): Finding['params'] => ({
  year: { number: Number(value.slice(0, 4)), useGrouping: false },
  month: { number: Number(value.slice(5)), minimumIntegerDigits: 2 },
})

export const month: FieldType<MonthField> = {
  name: 'month',
  kind: () => 'month',
  parse(input, settings, context) {
    const calendar = calendarOf(settings, context)
    if (input === null) return { value: null }
    if (typeof input !== 'string') return finding('format')
    const parts = splitMonth(input)
    if (!parts) return /^[\s/\-.]*$/.test(input) ? { value: null } : finding('format')
    if (parts.year + parts.month === '') return { value: null }
    if (parts.year === '' || parts.month === '') return finding(parts.year === '' ? 'yearMissing' : 'monthMissing')
    const number = asciiDigits(parts.month)
    if (!/^(0?[1-9]|1[0-2])$/.test(number)) return finding('month')
    const year = readYear(parts.year, calendar)
    return year === null ? finding('year', exampleYear(calendar)) : { value: `${year}-${number.padStart(2, '0')}` }
  },
  check(value, settings, context) {
    if (!isMonth(value)) return { code: 'format' }
    const { min, max } = settings
    const calendar = calendarOf(settings, context)
    const now = thisMonth(context.today, calendar)
    if (min && value < (min === 'today' ? now : min)) return min === 'today' ? { code: 'past' } : { code: 'tooEarly', params: limit(min) }
    if (max && value > (max === 'today' ? now : max)) return max === 'today' ? { code: 'future' } : { code: 'tooLate', params: limit(max) }
    return null
  },
  show: (value, settings, context) => (isMonth(value) ? showMonth(value, calendarOf(settings, context), context.language) : ''),
  schema: () => ({ type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }),
}
