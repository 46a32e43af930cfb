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

/** The sequence of the first event that does not fit, or null if the whole chain holds. */
export function findBreak(events: readonly AuditEvent[]): number | null {
  let last: AuditEvent | null = null
  for (const event of events) {
    const { digest: said, ...rest } = event
    if (event.sequence !== (last?.sequence ?? 0) + 1 || event.previous !== (last?.digest ?? start) || said !== digest(rest)) return event.sequence
    last = event
  }
  return null
}
