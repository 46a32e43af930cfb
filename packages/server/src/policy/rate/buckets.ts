/** Token buckets by name, in memory. */
import { type Passing, passingByName } from './passing.ts'

export interface Buckets {
  /** Takes one token; gives 0, or the milliseconds until there is one. */
  take(name: string, now: number): number
}

/** `until`: full again, and so as good as new. */
interface Bucket extends Passing {
  tokens: number
  at: number
}

/** A flood of names cannot fill the memory: the longest unused are forgotten. */
const most = 100_000

/** `size` tokens at first, refilled evenly over `period` milliseconds. */
export function createBuckets(size: number, period: number): Buckets {
  const buckets = passingByName<Bucket>(most)
  const perToken = period / size
  return {
    take(name, now) {
      const bucket = buckets.use(name, now, () => ({ tokens: size, at: now, until: now }))
      // A clock set back must not refill, nor lock out for longer than a period.
      const tokens = Math.min(size, bucket.tokens + Math.max(0, now - bucket.at) / perToken)
      bucket.tokens = tokens >= 1 ? tokens - 1 : tokens
      bucket.at = now
      bucket.until = now + (size - bucket.tokens) * perToken
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * perToken)
    },
  }
}
