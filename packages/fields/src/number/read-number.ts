import { readDecimal } from '../decimal.ts'

/** Any number a computer holds without rounding whole ones. */
export const largest = Number.MAX_SAFE_INTEGER

/** Takes a number, or what was typed. */
export function readNumber(input: unknown, places: number): number | null {
  const plain = typeof input === 'string' ? readDecimal(input, places) : null
  const value = typeof input === 'number' ? input : plain === null ? Number.NaN : Number(plain)
  // Adding 0 makes -0 plain 0.
  return Math.abs(value) <= largest ? value + 0 : null
}
