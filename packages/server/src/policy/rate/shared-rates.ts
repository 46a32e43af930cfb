/**
 * Counted across replicas, with as few questions to the database as a limit of ten per cent's exactness allows: the first
 * hundredth of a bucket is given out without asking, and reported with the next question. So a citizen who sends one
 * form waits for nothing, and whoever sends many is counted by all replicas together. What has not been reported when a
 * replica dies is forgotten: at most that hundredth. With up to ten replicas the limit holds within ten per cent.
 *
 * A refusal is remembered for as long as it is sure to last: a flood reaches the database no more often than the limit.
 * If the database cannot be asked nobody is let through; it could not take what they send either.
 */
import { createHmac } from 'node:crypto'
import type { AgencyId, RateCounters } from '../../store/store.ts'
import { type Passing, passingByName } from './passing.ts'
import type { Rates } from './rates.ts'

interface Held extends Passing {
  /** Given out here, and not reported yet. */
  unreported: number
  /** When that was last counted. */
  at: number
  /** Until then the answer is known to be no. */
  refusedUntil: number
  /** A question under way: others wait for it. */
  asking: Promise<void> | null
}

const most = 100_000
const withoutAsking = 100

export function sharedRates(counters: RateCounters, pepper: Uint8Array): Rates {
  const held = passingByName<Held>(most)
  // Who has the database cannot tell the names, nor follow one from day to day.
  let day = ''
  let key: Buffer = Buffer.alloc(0)
  const hashOf = (name: string, now: number) => {
    const today = new Date(now).toISOString().slice(0, 10)
    if (today !== day) {
      day = today
      key = createHmac('sha256', pepper).update(`guichet rates|${today}`).digest()
    }
    return createHmac('sha256', key).update(name).digest('base64url')
  }
  return {
    async take(scope, name, { size, period }, now) {
      const place = held.use(`${scope ?? ''}/${name}`, now, () => ({ unreported: 0, at: now, refusedUntil: 0, asking: null, until: now }))
      while (place.asking) await place.asking
      // A clock set back must not lock out for longer than a period.
      const wait = Math.min(place.refusedUntil - now, period)
      if (wait > 0) return wait
      const perToken = period / size
      place.unreported = Math.max(0, place.unreported - Math.max(0, now - place.at) / perToken)
      place.at = now
      if (place.unreported + 1 <= Math.floor(size / withoutAsking)) {
        place.unreported++
        place.until = now + place.unreported * perToken
        return 0
      }
      const tokens = Math.ceil(place.unreported) + 1
      const asked = counters.take(scope, hashOf(name, now), { cost: Math.floor(tokens * perToken * 1000), period: period * 1000, now: now * 1000 })
      place.asking = asked.then(
        () => {},
        () => {},
      )
      place.until = Number.POSITIVE_INFINITY
      try {
        const missing = Math.ceil((await asked) / 1000)
        if (missing > 0) place.refusedUntil = now + missing
        else place.unreported = 0
        return missing
      } finally {
        place.asking = null
        place.until = Math.max(place.refusedUntil, now + place.unreported * perToken)
      }
    },
    async purge(agencies, now) {
      for (const scope of [null, ...agencies] as (AgencyId | null)[]) await counters.purge(scope, now * 1000)
    },
  }
}
