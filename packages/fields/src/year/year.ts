import type { FieldType } from '@guichet/core'
import type { YearField } from '../../generated/settings.ts'
import { calendarOf } from '../date/date-text.ts'
import { exampleYear, firstYearOf, lastYearOf, readYear, thisMonth } from '../date/year-text.ts'

/** The least year that is one at all: older ones than usual where the author says so. */
const least = ({ min }: YearField, first: number) => (typeof min === 'number' ? Math.min(min, first) : first)
const said = (year: number) => ({ year: { number: year, useGrouping: false } })

export const year: FieldType<YearField> = {
  name: 'year',
  kind: () => 'number',
  parse(input, settings, context) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const calendar = calendarOf(settings, context)
    const typed = typeof input === 'number' ? String(input) : input
    const value = typeof typed === 'string' ? readYear(typed, calendar, least(settings, firstYearOf(calendar))) : null
    return value === null ? { finding: { code: 'invalid', params: exampleYear(calendar) } } : { value }
  },
  check(value, settings, context) {
    const { min, max } = settings
    const calendar = calendarOf(settings, context)
    const now = Number(thisMonth(context.today, calendar).slice(0, 4))
    if (typeof value !== 'number') return { code: 'invalid', params: exampleYear(calendar) }
    if (min !== undefined && value < (min === 'today' ? now : min)) return { code: 'tooEarly', params: said(min === 'today' ? now : min) }
    if (max !== undefined && value > (max === 'today' ? now : max)) return { code: 'tooLate', params: said(max === 'today' ? now : max) }
    return null
  },
  show: (value, _, { language }) => (typeof value === 'number' ? new Intl.NumberFormat(language, { useGrouping: false }).format(value) : ''),
  schema(settings, context) {
    const calendar = settings.calendar ?? context.locale.calendar
    return { type: 'integer', minimum: least(settings, firstYearOf(calendar)), maximum: lastYearOf(calendar) }
  },
}
