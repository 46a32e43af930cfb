/**
 * Changes that are ready at the same time are committed together: one wait for the disk for many. The database has one
 * process and one connection, so a group is a plain transaction, and each change in it has a savepoint of its own.
 */
import type { DatabaseSync } from 'node:sqlite'
import { commitsTogether } from '../../telemetry/telemetry.ts'
import { type Checkpoints, noCheckpoints } from './checkpoints.ts'
import type { LogSync } from './log-sync.ts'

export interface Commits {
  /**
   * Runs the change in the next group and gives its result when that is on disk. `light`: nothing is promised on it, so a
   * group of such changes alone need not wait for the disk; the next group that does takes them along. @throws what `work`
   * threw, which undoes this change alone; or why the group could not be committed, which undoes them all
   */
  add<Result>(work: () => Result, light?: boolean): Promise<Result>
  /** Commits what waits. To be called before the connection is closed. */
  flush(): void
  /** Ends when all that was committed so far is on disk; null: it is. Whoever shows what was read waits for it. */
  readonly settled: Promise<void> | null
  /** How many groups have been begun: what was read while it is the same cannot have changed since. */
  readonly groups: number
}

interface Member {
  work(): unknown
  light: boolean
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * `log`: syncs it, so that the thread does not wait for the disk; without one COMMIT does, as for a database in memory.
 * `most`: changes in a group. More would save little, and whoever only reads would wait for it.
 */
export function groupCommits(client: DatabaseSync, checkpoints: Checkpoints = noCheckpoints, log: LogSync | null = null, most = 128): Commits {
  const statement = (sql: string) => {
    const prepared = client.prepare(sql)
    return () => void prepared.run()
  }
  // The write lock is taken at the start: what was read still holds when it is written.
  const begin = statement('BEGIN IMMEDIATE')
  const commit = statement('COMMIT')
  const rollback = statement('ROLLBACK')
  const mark = statement('SAVEPOINT member')
  const keep = statement('RELEASE member')
  const undo = statement('ROLLBACK TO member')
  const waiting: Member[] = []
  let due = false
  let groups = 0
  let syncing: Promise<void> | null = null
  let failure: Error | null = null
  const level = (name: 'NORMAL' | 'FULL') => client.exec(`PRAGMA synchronous = ${name}`)

  /** Each member's end, to be told when the group is on disk. */
  const run = (group: readonly Member[]): (() => void)[] => {
    try {
      begin()
      const ends = group.map(({ work, resolve, reject }) => {
        mark()
        try {
          const result = work()
          keep()
          return () => resolve(result)
        } catch (error) {
          // On a full or failing disk SQLite undoes the whole transaction, so nobody's change is there any more.
          if (!client.isTransaction) throw error
          try {
            undo()
            keep()
          } catch {
            // Told is what went wrong first: it may be the disk's. The whole group is undone.
            throw error
          }
          return () => reject(error)
        }
      })
      commit()
      return ends
    } catch (error) {
      if (client.isTransaction) rollback()
      throw error
    }
  }

  /** Commits the next group and tells nobody yet. `waits`: COMMIT itself waits for the disk. */
  const write = (waits: boolean): { tell: (failed: unknown) => void; unsynced: boolean } | null => {
    const group = waiting.splice(0, most)
    if (group.length === 0) return null
    groups++
    const fail = (error: unknown) => {
      for (const { reject } of group) reject(error)
    }
    const light = group.every((member) => member.light)
    const unsynced = !light && !waits && log !== null
    try {
      // The disk has failed to keep a copy, or the log: what it would say of the next commit is worth nothing.
      if (checkpoints.failure ?? failure) throw checkpoints.failure ?? failure
      if (light || unsynced) level('NORMAL')
      const ends = run(group)
      commitsTogether.publish(group.length)
      return {
        unsynced,
        tell(failed) {
          if (failed) return fail(failed)
          for (const end of ends) end()
          checkpoints.look()
        },
      }
    } catch (error) {
      fail(error)
      return null
    } finally {
      if (light || unsynced) level('FULL')
    }
  }

  const next = () => {
    due = waiting.length > 0
    if (due) setImmediate(turn)
  }
  const turn = () => {
    const written = write(false)
    if (!written?.unsynced) {
      written?.tell(null)
      return next()
    }
    // Until the sync has come back nothing else is committed: what is ready meanwhile is the next group.
    const ended = (error: unknown) => {
      syncing = null
      if (error) failure ??= error as Error
      written.tell(error)
      next()
    }
    syncing = (log as LogSync).sync().then(() => ended(null), ended)
  }

  return {
    add: (work, light = false) =>
      new Promise((resolve, reject) => {
        waiting.push({ work, light, resolve: resolve as Member['resolve'], reject })
        if (due) return
        due = true
        // Runs when everything that had come in by now has been looked at: nobody waits for what may still come.
        setImmediate(turn)
      }),
    flush() {
      while (waiting.length > 0) write(true)?.tell(null)
    },
    get settled() {
      return syncing
    },
    get groups() {
      return groups
    },
  }
}
