/** Token buckets by name, in memory. */
export interface Buckets {
  /** Takes one token; gives 0, or the milliseconds until there is one. */
  take(name: string, now: number): number
}

const most = 100_000

/** `size` tokens at first, refilled evenly over `period` milliseconds. */
export function createBuckets(size: number, period: number): Buckets {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const perToken = period / size
  return {
    take(name, now) {
      const held = buckets.get(name)
      // A clock set back must not refill, nor lock out for longer than a period.
      const tokens = held ? Math.min(size, held.tokens + Math.max(0, now - held.at) / perToken) : size
      buckets.delete(name)
      // The least recently used name goes first, so that a flood of names cannot fill the memory.
      if (buckets.size >= most) buckets.delete(buckets.keys().next().value as string)
      buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now })
      return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * perToken)
    },
  }
}
