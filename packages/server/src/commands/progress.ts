import type { Streams } from './command.ts'

export interface Progress {
  /** `done` of `total` (in whatever unit) is done, and `what` is being worked on. */
  show(done: number, total: number, what: string): void
  /** Takes the bar away. */
  end(): void
}

const barWidth = 30
/** A terminal need not be written to more often. */
const redrawMs = 100
/** In a log, a line now and then shows that it goes on. */
const lineMs = 3000

/** A bar on a terminal; else a line every few seconds, the first at once. `now` in milliseconds. */
export function progressOn(err: Streams['err'], now: () => number = () => performance.now()): Progress {
  let shownAt = Number.NEGATIVE_INFINITY
  let last = ''
  let drawn = false
  return {
    show(done, total, what) {
      const part = total <= 0 ? 1 : Math.min(1, done / total)
      const at = now()
      const percent = `${Math.floor(part * 100)} %`
      if (err.isTTY) {
        if (at - shownAt < redrawMs && what === last) return
        const line = `[${'#'.repeat(Math.round(part * barWidth)).padEnd(barWidth, '.')}] ${percent} ${what}`
        err.write(`\r\x1b[K${line.slice(0, (err.columns ?? 80) - 1)}`)
        drawn = true
      } else {
        if (at - shownAt < lineMs) return
        err.write(`${percent} ${what}\n`)
      }
      shownAt = at
      last = what
    },
    end() {
      if (drawn) err.write('\r\x1b[K')
      drawn = false
    },
  }
}
