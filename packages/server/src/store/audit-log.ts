/** What the store keeps of an agency's audit log beside its events: the hash tree over them, and what was said about it. */
import type { AuditEvent } from '@guichet/schemas'
import type { Sealing } from '../keys/seal-box.ts'

export interface AuditFilter {
  action?: string
  actor?: string
  object?: string
  /** RFC 3339, both included. The order of the log is the sequence's, not the time's. */
  from?: string
  to?: string
}

/** A tile of the tree (c2sp.org/tlog-tiles): up to 256 hashes of 32 bytes; of level 0 those of events. */
export interface LogTile {
  level: number
  number: number
  hashes: Uint8Array
}

export interface StoredCheckpoint {
  /** The hour in which it was signed, `2026-01-05T08`: of each hour the last one is kept. */
  period: string
  /** Number of events that it covers. */
  size: number
  /** The signed note, with the witnesses' lines that came since. */
  note: string
  signedAt: string
}

/** Words that go with an event, and are too near to a person for the log itself: it holds their commitment. */
export interface SealedNote {
  sealing: Sealing | null
  content: Uint8Array
}

export interface AuditLogQueries {
  /** Events after that number, in order. */
  auditEvents(after: number, limit: number): Promise<AuditEvent[]>
  /** The last event's number and digest; null: there is none. */
  auditHead(): Promise<Pick<AuditEvent, 'sequence' | 'digest'> | null>
  /**
   * Newest first, of those before number `before`. Of an object all there are; else no more than `span` events are looked
   * at: `reached` is the number of the last one that was, and 1 when there is nothing further.
   */
  findAuditEvents(filter: AuditFilter, before: number, limit: number, span: number): Promise<{ events: AuditEvent[]; reached: number }>
  /** By the number of their events. */
  auditNotes(sequences: readonly number[]): Promise<Map<number, SealedNote>>

  /** The sealed receipt of a submission. */
  receipt(submission: string): Promise<Uint8Array | null>

  /** Number of events in the tree. */
  logSize(): Promise<number>
  /** In the order asked for; null where there is none. */
  logTiles(places: readonly Pick<LogTile, 'level' | 'number'>[]): Promise<(Uint8Array | null)[]>
  /**
   * Puts tiles in place, and the checkpoint over the tree that they make, if it has grown to `size` from exactly `from`
   * events; false, and nothing is changed, if somebody else was faster.
   */
  extendLog(growth: { from: number; tiles: readonly LogTile[]; checkpoint: StoredCheckpoint | null }): Promise<boolean>
  /** Throws the tree away, with its checkpoints if asked to: it is made anew from the events. */
  forgetTree(checkpoints: boolean): Promise<void>
  /** Newest first. */
  checkpoints(limit: number): Promise<StoredCheckpoint[]>
  /** Puts a note with more signatures in the place of the one that is there; false if that is another by now. */
  cosignCheckpoint(size: number, before: string, after: string): Promise<boolean>
}
