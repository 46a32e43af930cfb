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

/** When it is this local time (`2026-01-05T23:59:59`) in the zone. Of an hour that comes twice the first; of one that is left out, as long after its start. */
export function instantOf(local: string, timeZone: string): Date {
  const wanted = Date.parse(`${local}Z`)
  const ahead = (at: number) => Date.parse(`${localMoment(new Date(at), timeZone)}Z`) - at
  // What clocks say changes by hours at most, so that a day before and after has both.
  const found = [ahead(wanted - 86_400_000), ahead(wanted + 86_400_000)].map((by) => wanted - by).sort((a, b) => a - b)
  return new Date(found.find((at) => localMoment(new Date(at), timeZone) === local) ?? (found[1] as number))
}

/** The last millisecond of a day (ISO date) in the time zone, whatever its clocks do that night. */
export function endOfDay(iso: string, timeZone: string): Date {
  const midnight = Date.parse(`${iso}T00:00:00Z`) + 86_400_000
  /** How far the clocks there are ahead of UTC at that moment. */
  const ahead = (at: number) => Date.parse(`${localMoment(new Date(at), timeZone)}Z`) - at
  const guess = midnight - ahead(midnight)
  const better = midnight - ahead(guess)
  // Where a night has no midnight, one of the two is an hour off.
  const last = [better, guess].find((at) => localDate(new Date(at - 1), timeZone) === iso && localDate(new Date(at), timeZone) > iso) ?? better
  return new Date(last - 1)
}
