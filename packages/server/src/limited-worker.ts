/**
 * Asks a worker that has a limit of time and memory, so that no question, whatever it is made of, holds the server up or
 * brings it down. One question at a time, agencies in turn; the worker is started with the first and goes when nobody asks.
 */
import { type Transferable, Worker } from 'node:worker_threads'
import { createSlots } from './files/slots.ts'

export interface Asked<Question> {
  id: number
  question: Question
}
/** `heavy`: it ran out of stack. The first message, of id 0, says that the worker is there. */
export type Told<Answer> = { id: number; answer: Answer } | { id: number; failed: string }

export interface WorkerLimits {
  /** Milliseconds of processor for one question. */
  cpu: number
  /** Milliseconds by the clock, however busy the machine is. */
  wall: number
  /** Megabytes that the worker's objects may take. */
  memory: number
}

/** The question took more time, memory or stack than it may. */
export class Overrun extends Error {}

/** Milliseconds after which a worker that nobody asks is ended. */
const idle = 30_000
const look = 100

interface Running<Answer> {
  worker: Worker
  ready: Promise<void>
  /** Resolves to what is told, or to null when the worker is gone. */
  next(): Promise<Told<Answer> | null>
}

/** `of`: the agency on whose behalf it is asked. */
export type Ask<Question, Answer> = (question: Question, of: string, transfer?: readonly Transferable[]) => Promise<Answer>

/** @throws Overrun; Error if the worker failed */
export function createLimitedWorker<Question, Answer>(script: URL, limits: WorkerLimits): Ask<Question, Answer> {
  const slots = createSlots(1)
  let running: Running<Answer> | null = null
  let asked = 0
  let leave: NodeJS.Timeout | undefined

  const end = async () => {
    const ending = running
    running = null
    await ending?.worker.terminate()
  }

  /** Processor time of the worker so far, in milliseconds; null: it cannot say. */
  const cpuOf = async ({ worker }: Running<Answer>): Promise<number | null> => {
    try {
      const { user, system } = await worker.cpuUsage()
      return (user + system) / 1000
    } catch {
      return null
    }
  }

  return async (question, of, transfer = []) => {
    const giveBack = await slots.take(of)
    clearTimeout(leave)
    try {
      running ??= start<Answer>(limits, script)
      const mine = running
      await mine.ready
      // Not waited for: it says so while it takes the question.
      const before = cpuOf(mine)
      const began = performance.now()
      const id = ++asked
      const told = mine.next()
      mine.worker.postMessage({ id, question } satisfies Asked<Question>, [...transfer])
      for (;;) {
        const turn = Promise.withResolvers<'look'>()
        const timer = setTimeout(() => turn.resolve('look'), look)
        const answer = await Promise.race([told, turn.promise])
        clearTimeout(timer)
        if (answer !== 'look') {
          if (answer === null || answer.id !== id || ('failed' in answer && answer.failed === 'heavy')) throw new Overrun()
          if ('failed' in answer) throw new Error(`a worker failed: ${answer.failed}`)
          return answer.answer
        }
        // What the machine did for others in the meantime is not the question's fault.
        const [cpuBefore, cpu] = await Promise.race([told.then(() => [null, null]), Promise.all([before, cpuOf(mine)])])
        if (performance.now() - began > limits.wall || (cpu !== null && cpuBefore !== null && cpu - cpuBefore > limits.cpu)) throw new Overrun()
      }
    } catch (error) {
      await end()
      throw error
    } finally {
      leave = setTimeout(() => void end(), idle)
      leave.unref()
      giveBack()
    }
  }
}

function start<Answer>({ memory }: WorkerLimits, script: URL): Running<Answer> {
  const worker = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 } })
  // A server that is told to stop does not wait for it.
  worker.unref()
  let waiting: ((told: Told<Answer> | null) => void) | null = null
  const pass = (told: Told<Answer> | null) => {
    const take = waiting
    waiting = null
    take?.(told)
  }
  worker.on('message', pass)
  // Out of memory, among others. Whoever waits is told by `exit`.
  worker.on('error', () => {})
  worker.on('exit', () => pass(null))
  const next = () => new Promise<Told<Answer> | null>((resolve) => (waiting = resolve))
  return { worker, next, ready: next().then(() => {}) }
}

/** The worker's side: answers each question. */
export function answering<Question, Answer>(
  port: { on(event: 'message', take: (asked: Asked<Question>) => void): unknown; postMessage(told: Told<Answer | null>): void } | null,
  answer: (question: Question) => Answer | Promise<Answer>,
): void {
  port?.on('message', async ({ id, question }) => {
    try {
      port.postMessage({ id, answer: await answer(question) })
    } catch (error) {
      port.postMessage({ id, failed: error instanceof RangeError ? 'heavy' : String(error) })
    }
  })
  port?.postMessage({ id: 0, answer: null })
}
