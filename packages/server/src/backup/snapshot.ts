/**
 * A database as it is at one moment, for whoever copies or checks it: nothing is migrated, made or changed. Tables are
 * walked in the order of their keys, a portion at a time, so that it costs no more memory for many rows than for few.
 */
import type { AuditEvent } from '@guichet/schemas'
import { checkChain } from '../audit/chain.ts'
import type { LogReader } from '../audit/check-log.ts'
import { newId } from '../codes.ts'
import type { Sealing } from '../keys/seal-box.ts'

export type Row = Readonly<Record<string, unknown>>

export interface Snapshot {
  readonly store: 'sqlite' | 'postgres'
  /** Names of the migrations that have run, in order. */
  migrations(): Promise<string[]>
  /** Tables that belong to agencies, by name. */
  tables(): Promise<string[]>
  agencies(): Promise<string[]>
  count(table: string, agency: string): Promise<number>
  /** Rows of an agency in the order of `key`, from behind `after` (null: the first), at most `limit`. */
  page(agency: string, table: string, columns: readonly string[], key: string, after: string | number | null, limit: number): Promise<Row[]>
  /** What the database itself finds broken; `deep` also looks at what takes long. */
  faults(deep: boolean): Promise<string[]>
  close(): Promise<void>
}

export interface AuditHead {
  agency: string
  sequence: number
  digest: string
}

export interface FileOfRow {
  agency: string
  id: string
}

const atOnce = 2000

async function* walk(snapshot: Snapshot, agency: string, table: string, columns: readonly string[], key: string, after: string | number | null = null) {
  for (let from = after; ; ) {
    const rows = await snapshot.page(agency, table, columns, key, from, atOnce)
    yield* rows
    if (rows.length < atOnce) return
    from = rows.at(-1)?.[key] as string | number
  }
}

/** Rows of each table, of all agencies. */
export async function countRows(snapshot: Snapshot): Promise<Record<string, number>> {
  const agencies = await snapshot.agencies()
  const counted: Record<string, number> = {}
  for (const table of await snapshot.tables()) {
    counted[table] = 0
    for (const agency of agencies) counted[table] += await snapshot.count(table, agency)
  }
  return counted
}

/** Every attachment that has a row, submitted or not. */
export async function* filesOf(snapshot: Snapshot): AsyncGenerator<FileOfRow> {
  for (const agency of await snapshot.agencies())
    for await (const { id } of walk(snapshot, agency, 'attachments', ['id'], 'id')) yield { agency, id: String(id) }
}

const auditColumns = ['sequence', 'time', 'actor', 'action', 'object', 'details', 'previous', 'digest'] as const

const eventOf = (agency: string, row: Row): AuditEvent =>
  ({
    agency,
    sequence: Number(row.sequence),
    time: row.time,
    actor: row.actor,
    action: row.action,
    object: row.object,
    ...(row.details === null ? {} : { details: JSON.parse(String(row.details)) }),
    previous: row.previous,
    digest: row.digest,
  }) as AuditEvent

export interface AuditCheck extends AuditHead {
  /** The first event that does not fit; null: all do. */
  brokenAt: number | null
  /** When the last event was, RFC 3339; null: there is none. */
  lastAt: string | null
}

/**
 * Each agency's chain of audit events, checked from its first event, or of its last `last` ones only.
 * `progress` is told how many events have been looked at.
 */
export async function checkAudit(snapshot: Snapshot, last = Number.POSITIVE_INFINITY, progress: (events: number) => void = () => {}): Promise<AuditCheck[]> {
  const found: AuditCheck[] = []
  let looked = 0
  for (const agency of await snapshot.agencies()) {
    // Sequences have no gaps, so their number is the last one's.
    const count = last === Number.POSITIVE_INFINITY ? 0 : await snapshot.count('audit_events', agency)
    const from = Math.max(0, count - last)
    const [before] = from > 0 ? await snapshot.page(agency, 'audit_events', ['sequence', 'digest'], 'sequence', from - 1, 1) : []
    const chain = checkChain(before ? { sequence: Number(before.sequence), digest: String(before.digest) } : null)
    let lastAt: string | null = null
    for await (const row of walk(snapshot, agency, 'audit_events', auditColumns, 'sequence', from)) {
      chain.add(eventOf(agency, row))
      lastAt = String(row.time)
      if (++looked % atOnce === 0) progress(looked)
    }
    found.push({ agency, sequence: chain.head?.sequence ?? 0, digest: chain.head?.digest ?? '', brokenAt: chain.brokenAt, lastAt })
  }
  return found
}

/** An agency's log as it stands in a snapshot; null in a database from before there was a tree. */
export async function logIn(snapshot: Snapshot, agency: string): Promise<LogReader | null> {
  if (!(await snapshot.tables()).includes('log_tiles')) return null
  // A tile is 8 kB for 256 events, and whoever checks them all holds as much of his own.
  let rows: Promise<{ level: number; number: number; hashes: Uint8Array }[]> | null = null
  const tiles = () => {
    rows ??= snapshot
      .count('log_tiles', agency)
      .then((count) => snapshot.page(agency, 'log_tiles', ['level', 'number', 'hashes'], 'level', null, count))
      .then((found) => found.map(({ level, number, hashes }) => ({ level: Number(level), number: Number(number), hashes: hashes as Uint8Array })))
    return rows
  }
  return {
    auditEvents: async (after, limit) =>
      (await snapshot.page(agency, 'audit_events', auditColumns, 'sequence', after, limit)).map((row) => eventOf(agency, row)),
    logSize: async () =>
      (await tiles()).reduce((most, { level, number, hashes }) => (level === 0 ? Math.max(most, number * 256 + hashes.length / 32) : most), 0),
    async logTiles(places) {
      const found = new Map((await tiles()).map(({ level, number, hashes }) => [`${level}/${number}`, hashes]))
      return places.map(({ level, number }) => found.get(`${level}/${number}`) ?? null)
    },
    async checkpoints(limit) {
      const kept = await snapshot.page(
        agency,
        'log_checkpoints',
        ['period', 'size', 'note', 'signed_at'],
        'period',
        null,
        await snapshot.count('log_checkpoints', agency),
      )
      return kept
        .map((row) => ({ period: String(row.period), size: Number(row.size), note: String(row.note), signedAt: String(row.signed_at) }))
        .reverse()
        .slice(0, limit)
    },
  }
}

export interface SealedSample {
  agency: string
  /** Month of the key, `2026-01`. */
  bucket: string
  sealing: Sealing
  /** What the box is bound to. */
  owner: string
}

/**
 * Of each agency and month of keys one sealed row, to be tried with its key. A submission's id begins with its time, so that
 * one look-up a month finds them; `deep` looks at every submission and attachment.
 */
export async function* sealedSamples(snapshot: Snapshot, deep: boolean): AsyncGenerator<SealedSample> {
  for (const agency of await snapshot.agencies()) {
    const seen = new Set<string>()
    const sample = (row: Row, owner: string): SealedSample[] => {
      const sealing = row.sealing === null ? null : (JSON.parse(String(row.sealing)) as Sealing)
      if (!sealing || seen.has(sealing.bucket)) return []
      seen.add(sealing.bucket)
      return [{ agency, bucket: sealing.bucket, sealing, owner }]
    }
    const columns = ['id', 'service_id', 'sealing', 'received_at']
    const ownerOf = (row: Row) => `${agency}|${row.service_id}|${row.id}`
    if (deep) {
      for await (const row of walk(snapshot, agency, 'submissions', columns, 'id')) yield* sample(row, ownerOf(row))
      for await (const row of walk(snapshot, agency, 'attachments', columns, 'id')) yield* sample(row, `${agency}|${row.service_id}|attachment ${row.id}`)
      continue
    }
    for (let after: string | null = null; ; ) {
      const [row] = await snapshot.page(agency, 'submissions', columns, 'id', after, 1)
      if (!row) break
      yield* sample(row, ownerOf(row))
      const at = new Date(String(row.received_at))
      const nextMonth = newId(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))).slice(0, 10)
      // A clock that was set back must not make this go round in circles.
      after = [nextMonth, String(row.id)].sort().at(-1) as string
    }
  }
}
