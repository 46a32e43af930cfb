/** What is to become a version: because somebody else has to agree first, because its day has not come, or both. */
import type { Policy } from '@guichet/schemas'
import type { Deed, OutboxEntry, VersionInput } from './store.ts'

/**
 * `asked`: somebody else has to agree; `waiting`: it becomes a version when its time comes; `done`: it has. The others never
 * will: `refused` by who was asked, `withdrawn` by somebody who may publish, `outdated` because what it was made from has
 * changed, `failed` because it was found wrong when its time came.
 */
export type ReleaseState = 'asked' | 'waiting' | 'done' | 'refused' | 'withdrawn' | 'outdated' | 'failed'

export interface NewRelease {
  id: string
  service: string
  state: 'asked' | 'waiting'
  /** As it stood in the draft: what becomes the version is this, whatever the draft says by then. */
  definition: unknown
  policy: Policy
  /** Digest of both. */
  digest: string
  /** Codes of the warnings that it is published with. */
  acknowledged: readonly string[]
  /** The newest version then; 0: there was none. */
  base: number
  /** When it is to become a version. */
  dueAt: string
}

export interface ReleaseRecord extends Omit<NewRelease, 'state'> {
  state: ReleaseState
  requestedBy: string
  requestedAt: string
  decidedBy: string | null
  decidedAt: string | null
  /** The version that it became. */
  version: number | null
  /** Codes of the findings for which it failed. */
  reasons: readonly string[] | null
}

export type ReleaseSummary = Omit<ReleaseRecord, 'definition' | 'policy'>

export interface ReleaseQueries {
  /** Of the draft's revision. @throws Conflict 'stale' when the draft moved on; 'taken' when the service has one that is asked or waiting */
  requestRelease(release: NewRelease, revision: number, by: Deed): Promise<void>
  release(id: string): Promise<ReleaseRecord | null>
  /** Newest first. */
  releases(service: string, limit: number): Promise<ReleaseSummary[]>
  /** Decides about what is asked, never by who asked. @throws Conflict 'stale' */
  decideRelease(id: string, to: 'waiting' | 'refused', by: Deed): Promise<void>
  /** Ends one that is asked or waiting. @throws Conflict 'stale' when it is neither */
  endRelease(id: string, to: 'withdrawn' | 'outdated' | 'failed', reasons: readonly string[] | null, by: Deed): Promise<void>
  /** Ids of those whose time has come, oldest first. */
  dueReleases(now: string, limit: number): Promise<string[]>
  /**
   * Makes one that is waiting the next version: the version, its event and the outbox in one transaction, so that of all who
   * try only one does. Gives the number. @throws Conflict 'stale' when it is not waiting; 'taken' when a newer version was published since
   */
  carryOutRelease(id: string, version: VersionInput, by: Deed, outbox?: (version: number) => readonly OutboxEntry[]): Promise<number>
}
