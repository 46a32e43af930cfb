/** An agency's audit log: each event holds the digest of the one before, so that none can be changed or taken out unseen. */
import type { AuditEvent } from '@guichet/schemas'
import { canonical, digestOf, hexDigest } from '../digest.ts'

export type AuditAction = AuditEvent['action']

const start = '0'.repeat(64)

type Head = Pick<AuditEvent, 'sequence' | 'digest'>
type Happened = Pick<AuditEvent, 'agency' | 'time' | 'actor' | 'action' | 'object' | 'details'>

/** The event that follows `last` (null: the first), and the text of its leaf. */
export function nextLink(last: Head | null, { details, ...rest }: Happened): { event: AuditEvent; entry: string } {
  const event = { ...rest, ...(details ? { details } : {}), sequence: (last?.sequence ?? 0) + 1, previous: last?.digest ?? start }
  const entry = canonical(event)
  return { event: { ...event, digest: hexDigest(entry) }, entry }
}

export const nextEvent = (last: Head | null, what: Happened): AuditEvent => nextLink(last, what).event

/** What is hashed of an event, by the chain as by the tree: all but its digest. */
export const entryOf = ({ digest: _digest, ...event }: AuditEvent): string => canonical(event)

/** The leaf of an entry in the hash tree (RFC 6962: a zero byte before it), as receipts write it. */
export const leafOf = (entry: string): string => digestOf(`\0${entry}`)

/** Takes the events of one agency in order, from the first, and knows where they broke. */
export interface ChainCheck {
  /** Gives the event's entry. */
  add(event: AuditEvent): string
  /** The sequence of the first event that does not fit, or null if all did. */
  readonly brokenAt: number | null
  /** The last event; null: there was none. */
  readonly head: Head | null
}

/** `after`: begins behind that event, which is taken at its word. */
export function checkChain(after: Head | null = null): ChainCheck {
  let head = after
  let brokenAt: number | null = null
  return {
    add(event) {
      const entry = entryOf(event)
      if (event.sequence !== (head?.sequence ?? 0) + 1 || event.previous !== (head?.digest ?? start) || event.digest !== hexDigest(entry))
        brokenAt ??= event.sequence
      head = event
      return entry
    },
    get brokenAt() {
      return brokenAt
    },
    get head() {
      return head && { sequence: head.sequence, digest: head.digest }
    },
  }
}

/** The sequence of the first event that does not fit, or null if the whole chain holds. */
export function findBreak(events: readonly AuditEvent[]): number | null {
  const chain = checkChain()
  for (const event of events) chain.add(event)
  return chain.brokenAt
}
