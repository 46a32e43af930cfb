/** What the queries of an agency are made of. */
import type { DatabaseSync } from 'node:sqlite'
import type { NodeSQLiteDatabase } from 'drizzle-orm/node-sqlite'
import type { AgencyId, SubmissionEntry } from '../store.ts'
import { type Chain, chainOf } from './chain.ts'
import type { Commits } from './commits.ts'
import type { Together } from './looks.ts'
import { type Order, type Recorded, type Recorder, recorderOf } from './recorder.ts'

export type Database = NodeSQLiteDatabase & { $client: DatabaseSync }

export interface Context extends Chain {
  agencyId: AgencyId
  db: Database
  /**
   * A change, committed together with others that are ready (commits.ts). Its statements are run one after the other and
   * by nobody else, so `work` may use `db` as its transaction. `light`: may be lost with the power.
   */
  change<T>(work: (tx: Database) => T, light?: 'light'): Promise<T>
  together: Together
  /** The answer of a query, asked once until something is committed: nobody else writes. `name`: what is asked. */
  remembered<T>(name: string, ask: () => T): T
  recorder: Recorder
  /** Writes a submission, on another thread if there is one for it. */
  record(entry: SubmissionEntry, claim: Order['claim']): Promise<Recorded>
}

export function contextOf(db: Database, { commits, together }: { commits: Commits; together: Together }, agencyId: AgencyId): Context {
  const chain = chainOf(db.$client, agencyId)
  const recorder = recorderOf(db.$client, agencyId, chain)
  const memory = new Map<string, unknown>()
  let rememberedAt = -1
  return {
    agencyId,
    ...chain,
    db,
    change: (work, light) => commits.add(() => work(db), light === 'light'),
    together,
    remembered<T>(name: string, ask: () => T): T {
      if (rememberedAt !== commits.groups) {
        rememberedAt = commits.groups
        memory.clear()
      }
      if (!memory.has(name)) memory.set(name, ask())
      return memory.get(name) as T
    },
    recorder,
    record: (entry, claim) => commits.record({ agency: agencyId, entry, claim }, () => recorder.record(entry, claim)),
  }
}
