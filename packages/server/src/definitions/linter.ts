/**
 * Finds what is wrong with a definition, in a worker with a limit of time and memory: no definition, whatever it is made
 * of, stops the server for others. One at a time; the worker is started with the first and goes when nobody asks.
 */
import { Worker } from 'node:worker_threads'
import type { LintFinding } from '@guichet/core/lint/finding'
import { createSlots } from '../files/slots.ts'
import { Refused } from '../problem.ts'

export interface Asked {
  id: number
  definition: unknown
}
/** `heavy`: it ran out of stack. The first message, of id 0, says that the worker is there. */
export type Told = { id: number; findings: LintFinding[] } | { id: number; failed: string }

export interface LinterLimits {
  /** Milliseconds of processor for one definition. */
  cpu: number
  /** Milliseconds by the clock, however busy the machine is. */
  wall: number
  /** Megabytes that the worker's objects may take. */
  memory: number
}
export const linterLimits: LinterLimits = { cpu: 500, wall: 10_000, memory: 96 }

/** Milliseconds after which a worker that nobody asks is ended. */
const idle = 30_000
const look = 100

interface Running {
  worker: Worker
  ready: Promise<void>
  /** Resolves to what is told, or to null when the worker is gone. */
  next(): Promise<Told | null>
}

export type Lint = (definition: unknown) => Promise<LintFinding[]>

/** @param script what runs in the worker; tests hand in others */
export function createLinter(limits: LinterLimits = linterLimits, script = new URL('./lint-worker.ts', import.meta.url)): Lint {
  const slots = createSlots(1)
  let running: Running | null = null
  let asked = 0
  let leave: NodeJS.Timeout | undefined

  const end = async () => {
    const ending = running
    running = null
    await ending?.worker.terminate()
  }

  /** Processor time of the worker so far, in milliseconds; null: it cannot say. */
  const cpuOf = async ({ worker }: Running): Promise<number | null> => {
    try {
      const { user, system } = await worker.cpuUsage()
      return (user + system) / 1000
    } catch {
      return null
    }
  }

  return async (definition) => {
    const giveBack = await slots.take()
    clearTimeout(leave)
    try {
      running ??= start(limits, script)
      const mine = running
      await mine.ready
      const cpuBefore = await cpuOf(mine)
      const began = performance.now()
      const id = ++asked
      const told = mine.next()
      mine.worker.postMessage({ id, definition } satisfies Asked)
      for (;;) {
        const turn = Promise.withResolvers<'look'>()
        const timer = setTimeout(() => turn.resolve('look'), look)
        const answer = await Promise.race([told, turn.promise])
        clearTimeout(timer)
        if (answer !== 'look') {
          if (answer === null || answer.id !== id || ('failed' in answer && answer.failed === 'heavy')) throw heavy()
          if ('failed' in answer) throw new Error(`lint failed: ${answer.failed}`)
          return answer.findings
        }
        // What the machine did for others in the meantime is not the definition's fault.
        const cpu = await Promise.race([told.then(() => null), cpuOf(mine)])
        if (performance.now() - began > limits.wall || (cpu !== null && cpuBefore !== null && cpu - cpuBefore > limits.cpu)) throw heavy()
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

const heavy = () => new Refused(422, 'definition-too-heavy')

function start({ memory }: LinterLimits, script: URL): Running {
  const worker = new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }, stdout: false })
  // A server that is told to stop does not wait for it.
  worker.unref()
  let waiting: ((told: Told | null) => void) | null = null
  const pass = (told: Told | null) => {
    const take = waiting
    waiting = null
    take?.(told)
  }
  worker.on('message', pass)
  // Out of memory, among others. Whoever waits is told by `exit`.
  worker.on('error', () => {})
  worker.on('exit', () => pass(null))
  const next = () => new Promise<Told | null>((resolve) => (waiting = resolve))
  return { worker, next, ready: next().then(() => {}) }
}
