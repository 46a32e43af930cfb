/** Finds what is wrong with a definition, in a worker: no definition, whatever it is made of, stops the server for others. */
import type { LintFinding } from '@guichet/core/lint/finding'
import { createLimitedWorker, Overrun, type WorkerLimits } from '../limited-worker.ts'
import { Refused } from '../problem.ts'

export const linterLimits: WorkerLimits = { cpu: 500, wall: 10_000, memory: 96 }

/** `of`: the agency whose definition it is; one that asks for much waits for the others in between, and not they for it. */
export type Lint = (definition: unknown, of?: string) => Promise<LintFinding[]>

/** @param script what runs in the worker; tests hand in others */
export function createLinter(limits: WorkerLimits = linterLimits, script = new URL('./lint-worker.ts', import.meta.url)): Lint {
  const ask = createLimitedWorker<unknown, LintFinding[]>(script, limits)
  return async (definition, of = '') => {
    try {
      return await ask(definition, of)
    } catch (error) {
      throw error instanceof Overrun ? new Refused(422, 'definition-too-heavy') : error
    }
  }
}
