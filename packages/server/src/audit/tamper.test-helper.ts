/** What somebody could do to a log who has the database: each kind of change, made from random numbers. */
import { DatabaseSync } from 'node:sqlite'
import type { AuditEvent } from '@guichet/schemas'
import type { Keys } from '../keys/key-folder.ts'
import type { AgencyStore } from '../store/store.ts'
import { headOf, signCheckpoint } from './audit-log.ts'
import { entryOf, nextEvent } from './chain.ts'
import { grow, leafHash, rootOf } from './tree.ts'

export const kinds = ['flip', 'delete', 'swap', 'insert', 'truncate', 're-sign'] as const

/** One bit of a text; never into what is no character. */
const flipped = (text: string, at: number, bit: number) => {
  const place = at % text.length
  return text.slice(0, place) + String.fromCharCode(text.charCodeAt(place) ^ (1 << (bit % 7))) + text.slice(place + 1)
}

/** Null: that would change nothing. `linked`: the chain was made anew over the change. */
export function tamper(events: AuditEvent[], kind: (typeof kinds)[number], a: number, b: number): { events: AuditEvent[]; linked: boolean } | null {
  const i = a % events.length
  const event = events[i] as AuditEvent
  if (kind === 'flip') {
    const fields = ['time', 'actor', 'action', 'object', 'previous', 'digest'] as const
    const field = fields[b % fields.length] as (typeof fields)[number]
    Object.assign(event, { [field]: flipped(event[field], Math.floor(b / 6), Math.floor(b / 97)) })
  } else if (kind === 'delete') events.splice(i, 1)
  else if (kind === 'swap') {
    const j = b % events.length
    if (i === j) return null
    ;[events[i], events[j]] = [events[j] as AuditEvent, event]
  } else if (kind === 'insert') events.splice(b % (events.length + 1), 0, { ...event })
  else if (kind === 'truncate') events.splice(i)
  else {
    event.actor = `user:${b}`
    for (let k = i; k < events.length; k++) {
      const { sequence: _sequence, previous: _previous, digest: _digest, ...what } = events[k] as AuditEvent
      events[k] = nextEvent(events[k - 1] ?? null, what)
    }
    return { events, linked: true }
  }
  return { events, linked: false }
}

/**
 * The store of an agency, with those events in it. With `keys`: as somebody leaves it who has stolen them, who makes the
 * tree anew and signs it.
 */
export async function holding(agency: AgencyStore, events: readonly AuditEvent[], keys: Keys | null): Promise<AgencyStore> {
  const auditEvents: AgencyStore['auditEvents'] = async (after, limit) => events.slice(after, after + limit)
  if (!keys) return { ...agency, auditEvents }
  const tiles = new Map<string, Uint8Array>()
  const read: AgencyStore['logTiles'] = async (places) => places.map(({ level, number }) => tiles.get(`${level}/${number}`) ?? null)
  const changed = await grow(
    0,
    events.map((event) => leafHash(entryOf(event))),
    read,
  )
  for (const { level, number, hashes } of changed) tiles.set(`${level}/${number}`, hashes)
  const [before] = await agency.checkpoints(1)
  const { origin } = await headOf(keys, before!)
  const signed = await signCheckpoint(keys, { origin, size: events.length, root: await rootOf(events.length, read) }, new Date(before!.signedAt))
  return { ...agency, auditEvents, logTiles: read, logSize: async () => events.length, checkpoints: async () => [signed] }
}

/** As somebody leaves a SQLite file who has it, and no key: an event changed, and the chain made anew over it. */
export function rewriteHistory(path: string, sequence: number, actor: string): void {
  const raw = new DatabaseSync(path)
  try {
    const rows = raw.prepare('SELECT * FROM audit_events ORDER BY sequence').all() as unknown as (Omit<AuditEvent, 'agency' | 'details'> & {
      agency_id: string
      details: string | null
    })[]
    let last: AuditEvent | null = null
    for (const { agency_id: agency, time, action, object, details, ...row } of rows) {
      const event: AuditEvent = nextEvent(last, {
        agency,
        time,
        action,
        object,
        actor: row.sequence === sequence ? actor : row.actor,
        ...(details === null ? {} : { details: JSON.parse(details) }),
      })
      raw
        .prepare('UPDATE audit_events SET actor = ?, previous = ?, digest = ? WHERE agency_id = ? AND sequence = ?')
        .run(event.actor, event.previous, event.digest, agency, event.sequence)
      last = event
    }
  } finally {
    raw.close()
  }
}
