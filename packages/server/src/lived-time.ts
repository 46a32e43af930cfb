/**
 * The time up to which things may be judged old enough to be destroyed. A clock alone must not decide that: one that jumps
 * ten years would have everything deleted at the next purge. So two sources have to agree, the clock, and the time that the
 * server has really lived through: how far it had come when it was last looked at, which is kept in the database, and what
 * has passed since then by the counter that nobody can set. What is destroyed is judged by the earlier of the two.
 *
 * After a pause of the server lived time is behind the clock, and catches up at a bounded pace. Further behind than any
 * pause it stays, until somebody who has looked at the clock says that it is right (`guichet clock --believe`).
 */
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { AgencyId, AgencyStore } from './store/store.ts'

declare const lived: unique symbol
/** A time, as ISO text, before which things may be destroyed: only lived time gives one, so that a purge by the clock does not compile. */
export type Bygone = string & { readonly [lived]: true }

export interface LivedTime {
  /** `ms` before the time that the agency's server has lived up to. Looks at the clocks, and keeps what it finds. */
  before(agency: Pick<AgencyStore, 'id' | 'livedUntil' | 'setLivedUntil'>, ms?: number): Promise<Bygone>
  /** Milliseconds by which the clock was ahead (or, below 0, behind) at the last look, of the agency where it was most; 0: they agree. */
  apart(): number
}

/** Whole calendar months earlier: what has to be kept for 12 months and came on 29 February goes on 1 March. */
export function monthsBefore(time: Bygone, months: number): Bygone {
  const at = new Date(time)
  const earlier = new Date(at)
  earlier.setUTCMonth(at.getUTCMonth() - months, 1)
  const lastDay = new Date(Date.UTC(earlier.getUTCFullYear(), earlier.getUTCMonth() + 1, 0)).getUTCDate()
  earlier.setUTCDate(Math.min(at.getUTCDate(), lastDay))
  return earlier.toISOString() as Bygone
}

/** For each hour that it runs, lived time comes so many hours nearer to the clock. */
const pace = 3
const hour = 3600_000
/** No pause of a server is longer: the clock is wrong, or somebody has to say that it is not. */
const longestPause = 31 * 24 * hour
/** From here on it is said. */
const worthSaying = 24 * hour

/** `counter` gives milliseconds that only ever go forward, at the pace of time. */
export function createLivedTime({ clock, log }: { clock: Clock; log: Log }, counter: () => number = () => performance.now()): LivedTime {
  const looks = new Map<AgencyId, { time: number; at: number; apart: number; kept: string }>()

  return {
    async before(agency, ms = 0) {
      const found = await agency.livedUntil()
      const [now, at] = [clock.now().getTime(), counter()]
      const last = looks.get(agency.id)
      const passed = last ? at - last.at : 0
      const time = next(knownBy(found, last, passed), now, passed)
      const kept = new Date(time).toISOString()
      const apart = Math.abs(now - time) > worthSaying ? now - time : 0
      if (apart !== 0 && apart !== last?.apart)
        log.warn({ agency: agency.id, hours: Math.round(apart / hour) }, 'the clock has jumped: what is to be destroyed waits. See "guichet clock"')
      looks.set(agency.id, { time, at, apart, kept })
      await agency.setLivedUntil(kept)
      return new Date(Math.min(now, time) - ms).toISOString() as Bygone
    },
    apart: () => [...looks.values()].reduce((most, { apart }) => (Math.abs(apart) > Math.abs(most) ? apart : most), 0),
  }
}

/** Null: this is the first look of all, and there is nothing to compare with. */
function knownBy(found: string | null, last: { time: number; kept: string } | undefined, passed: number): number | null {
  if (!last) return found === null ? null : Date.parse(found)
  if (found === null) return last.time + passed
  // Another replica may have come further. Set back it is by an operator, or by a replica that follows its clock.
  return found < last.kept ? Date.parse(found) + passed : Math.max(Date.parse(found), last.time + passed)
}

function next(known: number | null, now: number, passed: number): number {
  if (known === null) return now
  if (Math.abs(now - known) > longestPause) return known
  return known > now ? now : Math.min(now, known + pace * passed)
}
