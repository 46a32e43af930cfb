/**
 * Copies what has been committed from SQLite's log into the database, and lets the log begin again. On the connection that
 * writes, as SQLite does it by itself, 16 MB take a tenth of a second in which nobody is answered. So a thread copies while
 * others write, and the connection that writes copies only the little that came in meanwhile: a log begins again when all of
 * it has been copied, which a thread that runs beside a busy writer alone never reaches.
 */
import { once } from 'node:events'
import type { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { isDiskFailure } from '../../disk-failure.ts'
import type { Told } from './checkpoint-thread.ts'

/** In pages of 4 KB. */
export interface Sizes {
  /** So much that was not copied yet is given to the thread. */
  copyAt: number
  /** A log that has grown so long begins again, once no more than `rest` is left to be copied. */
  restartAt: number
  rest: number
  /** The thread does not keep up, or is not there: the connection that writes copies all of it. */
  most: number
}

/**
 * A beginning costs the connection that writes 4 to 10 ms, so it is rare: at 16 MB it came with every 250 submissions. The log stays
 * within the 64 MB that SQLite leaves it on disk (journal_size_limit).
 */
export const usualSizes: Sizes = { copyAt: 1_000, restartAt: 15_000, rest: 250, most: 32_000 }

export interface Checkpoints {
  /** What the disk did to a copy, or to the database. The log still holds all of it, but a disk that fails is not trusted with more. */
  readonly failure: Error | null
  /** Why nothing is copied at the moment, as on a full disk. What is committed stays in the log, which grows until it can be copied. */
  readonly stuck: Error | null
  /**
   * To be called after a commit, outside of any transaction. `quiet`: nobody writes at the moment. True: it wants to be called when
   * that is so.
   */
  look(quiet?: boolean): boolean
  /** Ends the thread. To be called before the connection that writes is closed: the last one to close takes the log away. */
  close(): Promise<void>
}

/** For a database in memory, which has no log. */
export const noCheckpoints: Checkpoints = { failure: null, stuck: null, look: () => false, close: async () => {} }

/** Told once when copying begins to fail, and once (null) when it works again. */
export type TellStuck = (error: Error | null) => void

interface Options {
  sizes?: Sizes
  tell?: TellStuck
  /** The thread's script. */
  script?: URL
}

const usualScript = new URL('./checkpoint-thread.ts', import.meta.url)

export function startCheckpoints(client: DatabaseSync, path: string, { sizes = usualSizes, tell = () => {}, script = usualScript }: Options = {}): Checkpoints {
  client.exec('PRAGMA wal_autocheckpoint = 0')
  const state = client.prepare('PRAGMA wal_checkpoint(NOOP)')
  const copy = client.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  let thread: Worker | null = null
  let ended: Promise<unknown> = Promise.resolve()
  /** Also for ever after it fell over. */
  let copying = false
  let failure: Error | null = null
  let stuck: Error | null = null

  /** Anything but a disk that fails is tried again after the next commit: nothing is lost, the log only grows. */
  const note = (error: Error | null) => {
    if (error && isDiskFailure(error)) failure ??= error
    if ((stuck === null) !== (error === null)) tell(error)
    stuck = error
  }
  const told = ({ failed }: Told) => {
    copying = false
    note(failed && Object.assign(new Error(failed.message), { errcode: failed.errcode }))
  }
  /** Made when there is first something to do: a server that has just started, or serves a village, needs none. */
  const start = (): Worker => {
    const made = new Worker(script, { workerData: { path } })
    made.unref()
    made.on('message', told)
    // It could not be started, or fell over: from now on the connection that writes copies, when the log is at its longest.
    made.on('error', (error) => {
      copying = true
      note(error as Error)
    })
    ended = once(made, 'exit').catch(() => {})
    return made
  }

  return {
    get failure() {
      return failure
    },
    get stuck() {
      return stuck
    },
    look(quiet = true) {
      try {
        const { log, checkpointed } = state.get() as { log: number; checkpointed: number }
        const left = log - checkpointed
        if (log >= sizes.most || (log >= sizes.restartAt && left <= sizes.rest && !copying)) {
          if (!quiet) return true
          copy.get()
          note(null)
          return false
        }
        if (copying || left < sizes.copyAt) return false
        copying = true
        thread ??= start()
        thread.postMessage('copy')
      } catch (error) {
        // The group is on disk and answered: what is wrong now is told by health, and to the next group.
        note(error as Error)
      }
      return false
    },
    async close() {
      thread?.ref()
      thread?.postMessage('end')
      await ended
    },
  }
}
