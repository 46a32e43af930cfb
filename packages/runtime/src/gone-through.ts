/** The steps that somebody has gone through, by Continue: they belong to one way through a service, as its files do. */
import type { Step } from './journey.ts'

const gone = new WeakMap<object, Set<Step>>()

/** `files`: those of the visit. */
export function goneThrough(files: ReadonlyMap<string, unknown>): Set<Step> {
  let steps = gone.get(files)
  if (!steps) gone.set(files, (steps = new Set()))
  return steps
}
