/**
 * What is counted. A count is a number for a day, never a row about somebody: nothing here can hold who it was.
 *
 * What an agency is accountable for (`facts`) follows from its audit log alone: `countsOf` is applied to each event as it is
 * written, in the same transaction, and again when the numbers are rebuilt. What people looked at (`views`) is counted in
 * memory and written now and then (tally.ts): it may be lost, and nothing is built on it.
 */
import type { AuditEvent } from '@guichet/schemas'

/** In the order in which they are shown. */
export const facts = ['sent', 'handed_in', 'finished', 'returned', 'in_term', 'late', 'signed_in', 'exchanged'] as const
export const views = ['opened', 'started', 'looked_up'] as const
export type Measure = (typeof facts)[number] | (typeof views)[number]

/**
 * Where somebody came from: a page of this server, another website that embeds the service, a program, or a helper who
 * filled in for them.
 */
export const channels = ['web', 'embedded', 'program', 'assisted'] as const
export type Channel = (typeof channels)[number]

export interface Count {
  /** Empty: of the agency as a whole. */
  service: string
  /** ISO date: in the time zone of the service, or UTC for the agency as a whole. */
  day: string
  measure: Measure
  /** Empty where the measure has none. */
  channel: string
  language: string
  count: number
}

/** What an audit event of a submission says, besides digests, so that it can be counted without opening anything. */
export interface CountedDetails {
  service: string
  day: string
  channel?: Channel
  language?: string
  /** Documents are to be handed in at a desk: the visit was not avoided. */
  toDesk?: boolean
  /** The case was decided with this. */
  finished?: boolean
  /** It went back to the applicant. */
  returned?: boolean
  /** Only of a case that has a term: whether it was decided within it. */
  inTerm?: boolean
}

const one = (measure: Measure, service: string, day: string, channel = '', language = ''): Count => ({ service, day, measure, channel, language, count: 1 })

/** What an event adds to. Pure: the same event always counts the same. */
export function countsOf({ action, time, details = {} }: Pick<AuditEvent, 'action' | 'time' | 'details'>): Count[] {
  if (action === 'user.signed-in') return [one('signed_in', '', time.slice(0, 10), 'staff')]
  if (action === 'citizen.signed-in') return [one('signed_in', '', time.slice(0, 10), 'citizen')]
  if (action === 'delivery.done') return [one('exchanged', '', time.slice(0, 10))]
  const { service, day, channel, language, toDesk, finished, returned, inTerm } = details as Partial<CountedDetails>
  if (!action.startsWith('submission.') || typeof service !== 'string' || typeof day !== 'string') return []
  const counts: Count[] = []
  if (action === 'submission.received') {
    counts.push(one('sent', service, day, channel, language))
    if (toDesk && channel !== 'assisted') counts.push(one('handed_in', service, day))
  }
  if (finished) counts.push(one('finished', service, day))
  if (finished && inTerm !== undefined) counts.push(one(inTerm ? 'in_term' : 'late', service, day))
  if (returned) counts.push(one('returned', service, day))
  return counts
}

const nameOf = ({ service, day, measure, channel, language }: Count) => [day, service, measure, channel, language].join('\n')

/** One count for each counter, always in the same order: two transactions that add to the same counters do not wait for each other crosswise. */
export function sumUp(counts: Iterable<Count>): Count[] {
  const sums = new Map<string, Count>()
  for (const count of counts) {
    const name = nameOf(count)
    const held = sums.get(name)
    if (held) held.count += count.count
    else sums.set(name, { ...count })
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count)
}
