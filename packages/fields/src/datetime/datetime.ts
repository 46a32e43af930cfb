import type { FieldType, Finding, Json } from '@guichet/core'
import type { DatetimeField } from '../../generated/settings.ts'
import { readTime } from '../clock-time.ts'
import { calendarOf, limitParams, parseDay } from '../date/date-text.ts'
import { showDay } from '../date/show-day.ts'

/** A typed moment cut into its day and its time: at the T that the input boxes put there, or before a time at the end. */
export function splitMoment(typed: string): { day: string; time: string } {
  const at = typed.lastIndexOf('T')
  if (at >= 0) return { day: typed.slice(0, at), time: typed.slice(at + 1) }
  const [, day = typed, time = ''] = /^(.*\S)\s+(\S{1,2}[:٫]\S{1,5})$/su.exec(typed.trim()) ?? []
  return { day, time }
}

export const typedMoment = (day: string, time: string): string => (day + time === '' ? '' : `${day}T${time}`)

/** The least and the last moment that a limit means. */
const startOf = (limit: string) => (limit.length === 10 ? `${limit}T00:00` : limit)
const endOf = (limit: string) => (limit.length === 10 ? `${limit}T23:59` : limit)

/** A limit as a sentence's place, with its time if it has one. */
const momentParams = (limit: string, calendar: 'gregory' | 'persian'): Finding['params'] =>
  limit.length === 10 ? limitParams(limit, calendar) : { date: { date: limit, calendar, dateStyle: 'long', timeStyle: 'short' } }

export const datetime: FieldType<DatetimeField> = {
  name: 'datetime',
  kind: () => 'text',
  parse(input: Json, settings, context) {
    if (input === null) return { value: null }
    if (typeof input !== 'string') return { finding: { code: 'format' } }
    const { day, time } = splitMoment(input)
    const parsed = parseDay(day, calendarOf(settings, context))
    if ('finding' in parsed) return parsed
    if (parsed.value === null) return time.trim() === '' ? { value: null } : { finding: { code: 'dayMissing' } }
    if (time.trim() === '') return { finding: { code: 'timeMissing' } }
    const clock = readTime(time)
    return clock === null ? { finding: { code: 'time' } } : { value: `${parsed.value}T${clock}` }
  },
  check(value, settings, context) {
    const calendar = calendarOf(settings, context)
    const { min, max } = settings
    const { today } = context
    if (typeof value !== 'string') return { code: 'format' }
    if (min && value < startOf(min === 'today' ? today : min))
      return min === 'today' ? { code: 'past' } : { code: 'tooEarly', params: momentParams(min, calendar) }
    if (max && value > endOf(max === 'today' ? today : max))
      return max === 'today' ? { code: 'future' } : { code: 'tooLate', params: momentParams(max, calendar) }
    return null
  },
  show(value, settings, context) {
    if (typeof value !== 'string') return ''
    const [day = '', time = ''] = value.split('T')
    const calendar = calendarOf(settings, context)
    const { language } = context
    const moment = new Date(`${value}Z`)
    if (Number.isNaN(moment.getTime()) || time.length !== 5) return showDay(day, calendar, language)
    const written = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(language, { calendar, hourCycle: 'h23', timeZone: 'UTC', ...options }).format(moment)
    // CLDR's full Persian date puts the year first, as nobody writes it.
    if (calendar === 'persian' && language.startsWith('fa')) return `${written({ weekday: 'long' })} ${written({ dateStyle: 'long', timeStyle: 'short' })}`
    return written({ dateStyle: 'full', timeStyle: 'short' })
  },
  samples: ({ min, max }, { today }) =>
    [startOf(!min || min === 'today' ? today : min), endOf(!max || max === 'today' ? today : max)].flatMap((moment) => [
      `${moment.slice(0, 10)}T10:00`,
      moment,
    ]),
  schema: () => ({ type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d$' }),
}
