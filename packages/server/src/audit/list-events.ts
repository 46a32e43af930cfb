/** The audit log as auditors read it: newest first, a page at a time, with what was said beside the events. */
import type { AuditEvent } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import type { AuditFilter } from '../store/audit-log.ts'
import type { AgencyStore } from '../store/store.ts'
import { openAuditNote } from './note.ts'

/** An event, and the words that it holds a commitment to; null: their key was destroyed. */
export type AuditLine = AuditEvent & { note?: string | null }

export interface AuditPage {
  events: AuditLine[]
  /** To be given as `before` for what is further back; null: there is nothing. A page may be short, or empty, and not the last. */
  next: number | null
}

/** Most events that are looked at for a page. */
const span = 20_000
export const mostAtOnce = 200

export async function withNotes(adapters: Pick<Adapters, 'keys'>, agency: AgencyStore, events: readonly AuditEvent[]): Promise<AuditLine[]> {
  const committed = events.filter(({ details }) => details?.purpose !== undefined)
  const notes = await agency.auditNotes(committed.map(({ sequence }) => sequence))
  return events.map((event) => {
    const note = notes.get(event.sequence)
    return note ? { ...event, note: openAuditNote(adapters, agency.id, note, event.details?.purpose) } : event
  })
}

export async function listEvents(
  adapters: Pick<Adapters, 'keys'>,
  agency: AgencyStore,
  filter: AuditFilter,
  before: number | null,
  limit: number,
): Promise<AuditPage> {
  const from = before ?? (await startOf(agency, filter.to))
  const { events, reached } = await agency.findAuditEvents(filter, from, limit, span)
  return { events: await withNotes(adapters, agency, events), next: reached > 1 ? reached : null }
}

const hour = 3600_000

/**
 * Where to begin for what happened until `to`, or at the end. Events stand in the order in which they happened, but for clocks that were
 * wrong or apart: so an hour later is looked for, by halves.
 */
async function startOf(agency: AgencyStore, to: string | undefined): Promise<number> {
  const last = (await agency.auditHead())?.sequence ?? 0
  if (to === undefined) return last + 1
  const late = new Date(Date.parse(to) + hour).toISOString()
  let [low, high] = [0, last]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [event] = await agency.auditEvents(middle, 1)
    if (event && event.time <= late) low = middle + 1
    else high = middle
  }
  return low + 1
}
