import type { FieldType } from '@guichet/core'
import type { TimeField } from '../../generated/settings.ts'
import { minutesOf, readTime } from '../clock-time.ts'

const isTime = (value: unknown): value is string => typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value)

/** A time as a sentence's two places, so that it is written in the reader's digits. */
const limit = (time: string) => ({
  hour: { number: Number(time.slice(0, 2)), minimumIntegerDigits: 2 },
  minute: { number: Number(time.slice(3)), minimumIntegerDigits: 2 },
})

export const time: FieldType<TimeField> = {
  name: 'time',
  kind: () => 'time',
  parse(input) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const value = typeof input === 'string' ? readTime(input) : null
    return value === null ? { finding: { code: 'invalid' } } : { value }
  },
  check(value, { min, max, step }) {
    if (!isTime(value)) return { code: 'invalid' }
    if (min && value < min) return { code: 'tooEarly', params: limit(min) }
    if (max && value > max) return { code: 'tooLate', params: limit(max) }
    return step && (minutesOf(value) - minutesOf(min ?? '00:00')) % step !== 0 ? { code: 'step', params: { count: step } } : null
  },
  show: (value, _, { language }) =>
    isTime(value)
      ? new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' }).format(minutesOf(value) * 6e4)
      : '',
  schema: () => ({ type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
}
