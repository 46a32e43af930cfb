/**
 * Changes that are ready at the same time are committed together: one wait for the disk for many. The database has one
 * process and one connection, so a group is a plain transaction, and each change in it has a savepoint of its own.
 */
import type { DatabaseSync } from 'node:sqlite'
import { commitsTogether } from '../../telemetry/telemetry.ts'
import { type Checkpoints, noCheckpoints } from './checkpoints.ts'

export interface Commits {
  /**
   * Runs the change in the next group and gives its result when that is on disk. `light`: nothing is promised on it, so a
   * group of such changes alone need not wait for the disk; the next group that does takes them along. @throws what `work`
   * threw, which undoes this change alone; or why the group could not be committed, which undoes them all
   */
  add<Result>(work: () => Result, light?: boolean): Promise<Result>
  /** Commits what waits. To be called before the connection is closed. */
  flush(): void
  /** How many groups have been begun: what was read while it is the same cannot have changed since. */
  readonly groups: number
}

interface Member {
  work(): unknown
  light: boolean
  resolve(result: unknown): void
  reject(error: unknown): void
}

/** `most`: changes in a group. More would save little, and whoever only reads would wait for it. */
export function groupCommits(client: DatabaseSync, checkpoints: Checkpoints = noCheckpoints, most = 128): Commits {
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

  const flush = () => {
    const group = waiting.splice(0, most)
    if (group.length === 0) return
    groups++
    const light = group.every((member) => member.light)
    try {
      // The disk has failed to keep a copy: what it would say of the next commit is worth nothing.
      if (checkpoints.failure) throw checkpoints.failure
      if (light) client.exec('PRAGMA synchronous = NORMAL')
      const ends = run(group)
      commitsTogether.publish(group.length)
      for (const end of ends) end()
      checkpoints.look()
    } catch (error) {
      for (const { reject } of group) reject(error)
    } finally {
      if (light) client.exec('PRAGMA synchronous = FULL')
    }
  }

  const turn = () => {
    flush()
    due = waiting.length > 0
    if (due) setImmediate(turn)
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
      while (waiting.length > 0) flush()
    },
    get groups() {
      return groups
    },
  }
}
