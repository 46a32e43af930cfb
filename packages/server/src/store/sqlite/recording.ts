/**
 * Where many send at once, submissions are written by a thread of their own: the transaction, with the signature that needs its place
 * in the log, is a third of what a submission costs, and the thread that answers has something else to do meanwhile. The two
 * take turns (commits.ts), so neither ever waits for the other's lock.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Conflict } from '../store.ts'
import { type DataOrder, type Packed, packOrders, type Told, unpackTold } from './packing.ts'
import type { Recorded } from './recorder.ts'

export interface Recording {
  /**
   * Whether so many at once are to be written by the thread. It is started when they are first so many, since a server that serves a
   * village needs none; until it is there, and after it has ended by itself, the answer is no.
   */
  takes(atOnce: number): boolean
  /**
   * Writes them in one group. Ends when it is on disk, with what became of each.
   * @throws why nobody knows: the thread is gone
   */
  write(orders: readonly DataOrder[]): Promise<readonly (() => Recorded)[]>
  /** To be called when nothing is being written. */
  close(): Promise<void>
}

/** @throws as if it had been done here */
function endOf(told: Told): Recorded {
  if ('recorded' in told) return told.recorded
  if ('conflict' in told) throw new Conflict(told.conflict)
  const { message, ...codes } = told.failed
  throw Object.assign(new Error(message), codes)
}

/** Fewer are written sooner without a trip to another thread. */
const usualAtOnce = 4

const usualScript = new URL('./recording-thread.ts', import.meta.url)

interface Options {
  /** From so many on. */
  manyAtOnce?: number
  script?: URL
  /** It has ended without having been asked to, and does not come back. */
  lost?(error: Error): void
}

export function recordingThread(path: string, { manyAtOnce = usualAtOnce, script = usualScript, lost = () => {} }: Options = {}): Recording {
  let worker: Worker | null = null
  let ready = false
  let ended: Promise<unknown> = Promise.resolve()
  /** In the order in which they are answered. */
  const asked: PromiseWithResolvers<Packed>[] = []
  let over = false
  const gone = (error: Error) => {
    ready = false
    for (const { reject } of asked.splice(0)) reject(error)
    // An error is followed by the thread's end.
    if (!over) lost(error)
    over = true
  }
  return {
    takes(atOnce) {
      if (atOnce < manyAtOnce) return false
      if (worker) return ready
      worker = new Worker(script, { workerData: { path } })
      worker.unref()
      worker.on('message', (message: 'ready' | Packed) => {
        if (message === 'ready') ready = true
        else asked.shift()?.resolve(message)
      })
      worker.on('error', (error) => gone(error as Error))
      worker.on('exit', () => gone(new Error('the thread that writes has ended')))
      ended = once(worker, 'exit').catch(() => {})
      return false
    },
    async write(orders) {
      const packed = packOrders(orders)
      worker?.postMessage(packed, [packed.bytes])
      const told = Promise.withResolvers<Packed>()
      asked.push(told)
      return unpackTold(await told.promise).map((one) => () => endOf(one))
    },
    async close() {
      ready = false
      over = true
      worker?.ref()
      worker?.postMessage('end')
      await ended
    },
  }
}
