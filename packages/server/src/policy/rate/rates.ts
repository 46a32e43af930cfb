/** How often something may be done: token buckets by name, counted in this process or across all replicas. */
import type { AgencyId } from '../../store/store.ts'
import { type Buckets, createBuckets } from './buckets.ts'

/** `size` at first, refilled evenly over `period` milliseconds. */
export interface Limit {
  size: number
  period: number
}

export interface Rates {
  /**
   * Takes one from the bucket of that name; gives 0, or the milliseconds until there is one. `scope`: the agency whose
   * limit it is; null: the server's. @throws if it cannot be told, which is no permission
   */
  take(scope: AgencyId | null, name: string, limit: Limit, now: number): Promise<number>
  /** Forgets buckets that are full again. */
  purge(agencies: readonly AgencyId[], now: number): Promise<void>
}

/** One limit of the server's, by client. */
export interface Limited {
  take(client: string, now: number): Promise<number>
}
export const limited = (rates: Rates, what: string, limit: Limit): Limited => ({ take: (client, now) => rates.take(null, `${what}/${client}`, limit, now) })

/** For one process. A restart forgets them; so does a flood of names, the longest unused first. */
export function memoryRates(): Rates {
  const byLimit = new Map<string, Buckets>()
  return {
    async take(scope, name, { size, period }, now) {
      const limit = `${size}/${period}`
      const buckets = byLimit.get(limit) ?? createBuckets(size, period)
      byLimit.set(limit, buckets)
      return buckets.take(`${scope ?? ''}/${name}`, now)
    },
    async purge() {},
  }
}
