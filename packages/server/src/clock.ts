/** Time is handed in, so that tests decide what today is. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** Making a formatter costs a hundred times what using it does; there are some 400 time zones. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA-u-ca-gregory-nu-latn', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  return format
}

/** The last answer of each zone: many are asked for in the same second. */
const last = new Map<string, { second: number; moment: string }>()

/** `2026-01-05T23:59:07` in the time zone: comparable as text with the definition's moments. */
export function localMoment(now: Date, timeZone: string): string {
  const second = Math.floor(now.getTime() / 1000)
  const known = last.get(timeZone)
  if (known?.second === second) return known.moment
  const parts = formatOf(timeZone).formatToParts(now)
  const part = (type: string) => parts.find((item) => item.type === type)?.value ?? ''
  const moment = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}`
  last.set(timeZone, { second, moment })
  return moment
}

/** ISO date in the time zone. */
export const localDate = (now: Date, timeZone: string) => localMoment(now, timeZone).slice(0, 10)
