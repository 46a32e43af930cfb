/**
 * Work behind the road gives way to requests. An answer takes some four turns of the event loop (what came in, the group's commit,
 * the disk, what goes out), and a piece of other work in each of them is waited for four times over.
 */
import { setImmediate, setTimeout } from 'node:timers/promises'

export interface GivingWay {
  /** Whether a piece has taken its time: then `rest` is to be awaited before the next one. */
  readonly due: boolean
  rest(): Promise<void>
}

/** Times in milliseconds. */
export interface Loop {
  now(): number
  /** Everybody else has their turn. */
  turn(): Promise<unknown>
  pause(time: number): Promise<unknown>
}

const eventLoop: Loop = { now: () => performance.now(), turn: () => setImmediate(), pause: (time) => setTimeout(time) }

export const leastPiece = 0.5
export const pauseBetween = 4
/** A loop that took longer to come back had somebody else's work. */
export const othersWorked = 0.2
/** Of the time since the last piece: a server that is never idle has to keep up with its own log, too. */
export const share = 1 / 8

/** While nobody else wants the thread the work goes on. Else it takes half a millisecond every four, or an eighth of what passes. */
export function givingWay({ now, turn, pause }: Loop = eventLoop): GivingWay {
  let began = now()
  let piece = leastPiece
  return {
    get due() {
      return now() - began >= piece
    },
    async rest() {
      const ended = now()
      await turn()
      if (now() - ended > othersWorked) await pause(pauseBetween)
      began = now()
      piece = Math.max(leastPiece, (began - ended) * share)
    },
  }
}
