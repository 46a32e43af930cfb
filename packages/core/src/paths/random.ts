/** Numbers from 0 up to (not including) 1 that look random and are the same for the same seed (Mulberry32, T. Ettinger). */
export interface Random {
  (): number
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number
  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return Object.assign(next, { whole, of: <T>(list: readonly T[]): T => list[whole(0, list.length - 1)] as T })
}
