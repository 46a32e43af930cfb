/** An agency's audit log: each event holds the digest of the one before, so that none can be changed or taken out unseen. */
import type { AuditEvent } from '@guichet/schemas'
import { canonical, hexDigest } from '../digest.ts'

export type AuditAction = AuditEvent['action']

const start = '0'.repeat(64)

/** The event that follows `last` (null: the first). */
export function nextEvent(
  last: Pick<AuditEvent, 'sequence' | 'digest'> | null,
  what: Pick<AuditEvent, 'agency' | 'time' | 'actor' | 'action' | 'object' | 'details'>,
): AuditEvent {
  const { details, ...rest } = what
  const event = { ...rest, ...(details ? { details } : {}), sequence: (last?.sequence ?? 0) + 1, previous: last?.digest ?? start }
  return { ...event, digest: digest(event) }
}

const digest = (event: Omit<AuditEvent, 'digest'>) => hexDigest(canonical(event))

/** Takes the events of one agency in order, from the first, and knows where they broke. */
export interface ChainCheck {
  add(event: AuditEvent): void
  /** The sequence of the first event that does not fit, or null if all did. */
  readonly brokenAt: number | null
  /** The last event; null: there was none. */
  readonly head: Pick<AuditEvent, 'sequence' | 'digest'> | null
}

/** `after`: begins behind that event, which is taken at its word. */
export function checkChain(after: Pick<AuditEvent, 'sequence' | 'digest'> | null = null): ChainCheck {
  let head = after
  let brokenAt: number | null = null
  return {
    add(event) {
      const { digest: said, ...rest } = event
      if (event.sequence !== (head?.sequence ?? 0) + 1 || event.previous !== (head?.digest ?? start) || said !== digest(rest)) brokenAt ??= event.sequence
      head = event
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
