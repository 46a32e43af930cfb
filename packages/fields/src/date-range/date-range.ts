import type { FieldType, Finding, Json } from '@guichet/core'
import type { DateRangeField } from '../../generated/settings.ts'
import { calendarOf, limitParams, parseDay } from '../date/date-text.ts'
import { showDay } from '../date/show-day.ts'

export type Side = 'from' | 'to'
const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
const own = (value: Json, side: Side): Json => (isObject(value) && Object.hasOwn(value, side) ? (value[side] ?? null) : null)

/** What was typed or stored for the two days. */
export const sidesOf = (input: Json): Readonly<Record<Side, Json>> => ({ from: own(input, 'from'), to: own(input, 'to') })

const refuse = (code: string): { finding: Finding } => ({ finding: { code } })
/** How many days there are, with the first and the last one. */
const daysOf = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 864e5) + 1

export const dateRange: FieldType<DateRangeField> = {
  name: 'date-range',
  kind: () => 'object',
  parts: () => ({ from: 'date', to: 'date' }),
  parse(input, settings, context) {
    if (input === null) return { value: null }
    if (!isObject(input)) return refuse('format')
    const calendar = calendarOf(settings, context)
    const typed = sidesOf(input)
    const from = parseDay(typed.from, calendar)
    const to = parseDay(typed.to, calendar)
    if ('finding' in from) return refuse('fromInvalid')
    if ('finding' in to) return refuse('toInvalid')
    if (from.value === null) return to.value === null ? { value: null } : refuse('fromMissing')
    return to.value === null ? refuse('toMissing') : { value: { from: from.value, to: to.value } }
  },
  check(value, settings, context) {
    const { from, to } = sidesOf(value)
    if (typeof from !== 'string' || typeof to !== 'string') return { code: 'format' }
    const { min, max, minDays, maxDays } = settings
    const { today } = context
    const calendar = calendarOf(settings, context)
    if (min && from < (min === 'today' ? today : min)) return min === 'today' ? { code: 'past' } : { code: 'tooEarly', params: limitParams(min, calendar) }
    if (from > to) return { code: 'order' }
    if (max && to > (max === 'today' ? today : max)) return max === 'today' ? { code: 'future' } : { code: 'tooLate', params: limitParams(max, calendar) }
    const days = daysOf(from, to)
    if (minDays !== undefined && days < minDays) return { code: 'tooShort', params: { count: minDays } }
    return maxDays !== undefined && days > maxDays ? { code: 'tooLong', params: { count: maxDays } } : null
  },
  show(value, settings, context) {
    const { from, to } = sidesOf(value)
    const calendar = calendarOf(settings, context)
    return [from, to].flatMap((day) => (typeof day === 'string' ? [showDay(day, calendar, context.language)] : [])).join(' – ')
  },
  samples({ min, max, minDays = 1 }, { today }) {
    const day = (iso: string, days: number) => new Date(Date.parse(iso) + days * 864e5).toISOString().slice(0, 10)
    const first = !min || min === 'today' ? today : min
    const last = !max || max === 'today' ? today : max
    return [
      { from: first, to: day(first, minDays - 1) },
      { from: day(last, 1 - minDays), to: last },
    ]
  },
  schema: () => ({
    type: 'object',
    required: ['from', 'to'],
    properties: { from: { type: 'string', format: 'date' }, to: { type: 'string', format: 'date' } },
    additionalProperties: false,
  }),
}
