/** The contract of a line of the battery: one class of attack, tried often, with its control. */
import type { Attack } from './attacks.ts'

/** How much there is time for: `quick` in `npm test`, `full` before a release. */
export type Extent = 'quick' | 'usual' | 'full'

export interface How {
  extent: Extent
  /** Of everything random: the same seed tries the same. */
  seed: number
  /** The count for this extent. */
  count(counts: Readonly<Record<Extent, number>>): number
}

export interface Tried {
  trials: number
  /** What was seen, in words and figures. */
  figure: string
  /** The figure was reached. */
  good: boolean
  /** It was reached but for its time. Apart, because a busy machine proves nothing about the server. */
  slow?: boolean
  /** The same attack where the defence is switched off, or the same look at something that is wrong: it must be noticed. */
  control: { what: string; noticed: boolean }
}

export interface Line {
  attack: Attack
  /** On the command line; the file in lines/ has the same name. */
  name: string
  /** What is tried, in a few words. */
  what: string
  /** The figure to reach, in words. */
  reach: string
  /** Whether it can run here; says so if not, and throws in CI. */
  possible?: (line: string) => boolean
  /** Left out of `--quick`: `npm test` has this shorter test of it. */
  shorter?: string
  run(how: How): Promise<Tried>
}
