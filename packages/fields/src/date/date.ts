import type { FieldType } from '@guichet/core'
import type { DateField } from '../../generated/settings.ts'
import { calendarOf, limitParams, parseDay } from './date-text.ts'
import { showDay } from './show-day.ts'

export const date: FieldType<DateField> = {
  name: 'date',
  kind: () => 'date',
  parse: (input, settings, context) => parseDay(input, calendarOf(settings, context)),
  check(value, settings, context) {
    const { min, max } = settings
    const { today } = context
    const calendar = calendarOf(settings, context)
    if (typeof value !== 'string') return { code: 'format' }
    if (min && value < (min === 'today' ? today : min)) return min === 'today' ? { code: 'past' } : { code: 'tooEarly', params: limitParams(min, calendar) }
    if (max && value > (max === 'today' ? today : max)) return max === 'today' ? { code: 'future' } : { code: 'tooLate', params: limitParams(max, calendar) }
    return null
  },
  show: (value, settings, context) => (typeof value === 'string' ? showDay(value, calendarOf(settings, context), context.language) : ''),
  schema: () => ({ type: 'string', format: 'date' }),
}
