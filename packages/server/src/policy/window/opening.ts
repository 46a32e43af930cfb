import type { OpeningWindow } from '@guichet/schemas'

export interface Opening {
  state: 'open' | 'not-yet' | 'closed'
  opens?: string
  closes?: string
}

/** A date alone means the whole day; a minute means all of it. */
const begin = (moment: string) => (moment.length === 10 ? `${moment}T00:00:00` : `${moment}:00`)
export const endOf = (moment: string) => (moment.length === 10 ? `${moment}T23:59:59` : `${moment}:59`)

/** Adds minutes to a local time without a zone: the clock on the wall, as an author means it. */
const later = (local: string, minutes: number) => new Date(Date.parse(`${local}Z`) + minutes * 60_000).toISOString().slice(0, 19)

/** Whether a service takes submissions at this local time. Late ones are taken until `lateUntil`. */
export function openingAt(window: OpeningWindow | undefined, localNow: string, graceMinutes = 0): Opening {
  const { opens, closes, lateUntil } = window ?? {}
  const last = lateUntil ?? closes
  const state = opens && localNow < begin(opens) ? 'not-yet' : last && localNow > later(endOf(last), graceMinutes) ? 'closed' : 'open'
  return { state, ...(opens ? { opens } : {}), ...(last ? { closes: last } : {}) }
}
