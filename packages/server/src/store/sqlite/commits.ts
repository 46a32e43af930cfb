/**
 * Changes that are ready at the same time are committed together: one wait for the disk for many. The database has one
 * process and one connection, so a group is a plain transaction, and each change in it has a savepoint of its own.
 */
import type { DatabaseSync } from 'node:sqlite'
import { isDiskFailure } from '../../disk-failure.ts'
import { commitsTogether } from '../../telemetry/telemetry.ts'
import { type Checkpoints, noCheckpoints } from './checkpoints.ts'
import type { LogSync } from './log-sync.ts'
import { type DataOrder, isData } from './packing.ts'
import type { Order, Recorded } from './recorder.ts'
import type { Recording } from './recording.ts'

export interface Commits {
  /**
   * Runs the change in the next group and gives its result when that is on disk. `light`: nothing is promised on it, so a
   * group of such changes alone need not wait for the disk; the next group that does takes them along. @throws what `work`
   * threw, which undoes this change alone; or why the group could not be committed, which undoes them all
   */
  add<Result>(work: () => Result, light?: boolean): Promise<Result>
  /** Runs `work` as `add` does, or hands the order to the thread that writes, if many send. */
  record(order: Order, work: () => Recorded): Promise<Recorded>
  /** Commits what waits. To be called before the connection is closed. */
  flush(): Promise<void>
  /** Ends when all that was committed so far is on disk; null: it is. Whoever shows what was read waits for it. */
  readonly settled: Promise<void> | null
  /** How many groups have been begun: what was read while it is the same cannot have changed since. */
  readonly groups: number
}

/** Submissions in a group that the thread writes: the next ones are made ready meanwhile. Smaller groups write more pages and sync more often. */
const mostHanded = 32
/** Groups that the thread has: the one that it writes, and the next. */
const mostAtThread = 2

interface Member {
  work(): unknown
  light: boolean
  /** What the thread that writes could do instead. */
  order: DataOrder | null
  resolve(result: unknown): void
  reject(error: unknown): void
}

interface Options {
  checkpoints?: Checkpoints
  /** Syncs the log, so that this thread does not wait for the disk; without it COMMIT does, as for a database in memory. */
  log?: LogSync | null
  /** The thread that writes submissions. */
  recording?: Recording | null
  /** Changes in a group. More would save little, and whoever only reads would wait for it. */
  most?: number
}

export function groupCommits(client: DatabaseSync, { checkpoints = noCheckpoints, log = null, recording = null, most = 128 }: Options = {}): Commits {
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
  /** Whether the last group went to the thread that writes. */
  let lastHanded = false
  /** Groups that the thread has, and the end of the last one. */
  let atThread = 0
  let handing: Promise<void> | null = null
  /** The log is to begin again, for which nobody may write: nothing is handed ahead. */
  let pause = false
  /** A turn will come: it waits in the event loop, or for what is under way. */
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
      // A store that was closed is asked how it is, too.
      if ((light || unsynced) && client.isOpen) level('FULL')
    }
  }

  const next = () => {
    due = waiting.length > 0
    if (due) setImmediate(turn)
  }
  /** Lets the thread write a group. Nothing is seen of it before it is on disk. */
  const hand = (thread: Recording, group: readonly Member[]) => {
    groups++
    commitsTogether.publish(group.length)
    /** What became of each; of the next group nothing is known yet. */
    const tell = (ends: readonly (() => unknown)[]) => {
      const told = ends.map((end, i) => {
        try {
          const result = end()
          return () => group[i]?.resolve(result)
        } catch (error) {
          if (isDiskFailure(error)) failure ??= error as Error
          return () => group[i]?.reject(error)
        }
      })
      ended()
      // What a disk says after it has failed once is worth nothing, whichever thread it told.
      for (const [i, { reject }] of group.entries()) failure ? reject(failure) : told[i]?.()
    }
    const ended = () => {
      atThread--
      groups++
      pause = checkpoints.look(atThread === 0)
      // Before anybody is told, which takes a while: the thread has nothing to do meanwhile.
      handAhead()
      if (atThread > 0) return
      handing = null
      next()
    }
    const failed = checkpoints.failure ?? failure
    const written = failed ? Promise.reject(failed) : thread.write(group.map(({ order }) => order as DataOrder))
    atThread++
    handing = written.then(tell, (error) => {
      ended()
      for (const { reject } of group) reject(error)
    })
  }
  /** A whole group of submissions does not wait for its turn, unless something else waits for its own: the thread goes on with it as soon as it can. */
  const handAhead = () => {
    if (!recording || syncing || pause || waiting.length < mostHanded || atThread === mostAtThread) return
    if (!waiting.every(({ order }) => order !== null) || !recording.takes(waiting.length)) return
    lastHanded = true
    while (atThread < mostAtThread && waiting.length >= mostHanded) hand(recording, waiting.splice(0, mostHanded))
  }
  /** Submissions for the thread that writes, in turn with everything else that waits; null: they are few, or it is not there. */
  const forThread = (): readonly Member[] | null => {
    const recorded = waiting.filter(({ order }) => order !== null)
    if (!recording?.takes(recorded.length) || (lastHanded && recorded.length < waiting.length)) return null
    const group = new Set(recorded.slice(0, mostHanded))
    waiting.splice(0, waiting.length, ...waiting.filter((member) => !group.has(member)))
    return [...group]
  }
  const turn = () => {
    // The next turn comes when the thread has written what it has.
    if (atThread > 0) return
    const group = forThread()
    lastHanded = group !== null
    if (recording && group) return hand(recording, group)
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

  const put = <Result>(member: Pick<Member, 'work' | 'light' | 'order'>) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ ...member, resolve: resolve as Member['resolve'], reject })
      handAhead()
      if (due) return
      due = true
      // Runs when everything that had come in by now has been looked at: nobody waits for what may still come.
      setImmediate(turn)
    })
  return {
    add: (work, light = false) => put({ work, light, order: null }),
    // A function cannot be handed to a thread.
    record: (order, work) => put({ work, light: false, order: isData(order) ? order : null }),
    async flush() {
      while (handing) await handing
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
