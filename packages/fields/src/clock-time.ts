import { asciiDigits } from '@guichet/core/text'

/** A time of the 24-hour clock as HH:MM: 9:30, 09.30, 0930, 9. Null if it is none. */
export function readTime(typed: string): string | null {
  const [, hour = '', minute = '00'] = /^(\d{1,2})(?:[:.h]?([0-5]\d)(?::[0-5]\d)?)?$/.exec(asciiDigits(typed).trim()) ?? []
  return hour === '' || Number(hour) > 23 ? null : `${hour.padStart(2, '0')}:${minute}`
}

/** Minutes since midnight of HH:MM. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
