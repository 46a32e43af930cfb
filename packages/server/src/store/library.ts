/** What an agency keeps beside its services: shared blocks, templates, and the bases that services were made from. */
import type { Deed } from './store.ts'

/** `base`: known by its content's digest, so that it has one version only. */
export type KeptKind = 'base' | 'block' | 'template'

export interface NewKept {
  kind: KeptKind
  id: string
  /** Counts up by one. */
  version: number
  /** In one or more languages. */
  title: Readonly<Record<string, string>>
  content: unknown
  digest: string
}

export interface KeptRecord extends NewKept {
  savedBy: string
  savedAt: string
}

export type KeptSummary = Omit<KeptRecord, 'content'>

export interface LibraryQueries {
  /**
   * Adds a version, immutable from then on. @throws Conflict 'stale' when it does not follow the newest; 'full' when the agency
   * has `most` versions of that kind
   */
  keep(kept: NewKept, most: number, by: Deed): Promise<void>
  /** The newest version of each, by id. */
  library(kind: KeptKind): Promise<KeptSummary[]>
  kept(kind: KeptKind, id: string, version: number): Promise<KeptRecord | null>
  /** Removes all versions. False if there is none. */
  forgetKept(kind: KeptKind, id: string, by: Deed): Promise<boolean>
}
