/** The audit log of an agency in memory, and nothing else of a store: for what is decided about a log. */
import type { AuditEvent } from '@guichet/schemas'
import { vi } from 'vitest'
import type { Log } from '../log.ts'
import type { LogTile, SealedNote, StoredCheckpoint } from '../store/audit-log.ts'
import type { AgencyId, AgencyStore, Store } from '../store/store.ts'
import { nextEvent } from './chain.ts'

export const city = 'city' as AgencyId
export const time = '2026-01-05T08:00:00.000Z'

export function logInMemory() {
  const events: AuditEvent[] = []
  const tiles = new Map<string, Uint8Array>()
  const signed: StoredCheckpoint[] = []
  const notes = new Map<number, SealedNote>()
  const agency = {
    id: city,
    audit: vi.fn<(action: AuditEvent['action'], object: string, deed: { actor: string; at: string; details?: AuditEvent['details'] }) => Promise<void>>(
      async (action, object, { actor, at, details }) => {
        events.push(nextEvent(events.at(-1) ?? null, { agency: city, time: at, actor, action, object, ...(details ? { details } : {}) }))
      },
    ),
    auditEvents: vi.fn(async (after: number, limit: number) => {
      if (limit < 0) throw new Error('a limit below 0 means "all" to some databases')
      return events.filter(({ sequence }) => sequence > after).slice(0, limit)
    }),
    auditHead: vi.fn(async () => (events.length === 0 ? null : { sequence: events.length, digest: events.at(-1)?.digest ?? '' })),
    auditNotes: vi.fn(async (sequences: readonly number[]) => new Map([...notes].filter(([sequence]) => sequences.includes(sequence)))),
    findAuditEvents: vi.fn<AgencyStore['findAuditEvents']>(async () => ({ events: [], reached: 1 })),
    logSize: vi.fn(async () => {
      const numbers = [...tiles.keys()].filter((key) => key.startsWith('0/')).map((key) => Number(key.slice(2)))
      const last = Math.max(...numbers)
      return numbers.length === 0 ? 0 : last * 256 + (tiles.get(`0/${last}`)?.length ?? 0) / 32
    }),
    logTiles: vi.fn(async (places: readonly Pick<LogTile, 'level' | 'number'>[]) => places.map(({ level, number }) => tiles.get(`${level}/${number}`) ?? null)),
    extendLog: vi.fn<AgencyStore['extendLog']>(async (growth) => {
      if ((await agency.logSize()) !== growth.from) return false
      for (const { level, number, hashes } of growth.tiles) tiles.set(`${level}/${number}`, Uint8Array.from(hashes))
      if (growth.checkpoint) signed.unshift(growth.checkpoint)
      return true
    }),
    checkpoints: vi.fn(async (limit: number) => signed.slice(0, limit)),
    cosignCheckpoint: vi.fn(async (size: number, before: string, after: string) => {
      const found = signed.find((each) => each.size === size && each.note === before)
      if (found) signed[signed.indexOf(found)] = { ...found, note: after }
      return found !== undefined
    }),
  }
  return {
    events,
    tiles,
    signed,
    notes,
    agency,
    /** As what takes the whole store of an agency gets it. */
    whole: agency as unknown as AgencyStore,
    store: { agency: () => agency } as unknown as Store,
    async add(count: number, action: AuditEvent['action'] = 'submission.read') {
      for (let i = 0; i < count; i++) await agency.audit(action, `submission:s${i}`, { actor: 'user:u1', at: time })
    },
  }
}
export type LogInMemory = ReturnType<typeof logInMemory>

/** What was said of which level. */
export function heard() {
  const said = { warn: vi.fn(), error: vi.fn() }
  return { ...said, log: said as unknown as Log }
}
