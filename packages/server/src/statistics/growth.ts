/**
 * Growth, by formulas that are said in words beside the number. Two periods of the same length are compared, never half a
 * year with a whole one. What was suppressed has no growth, and neither has what grew from nothing.
 */

/** Year on year: (now - then) / then, the same period a year before. */
export const yearOnYear = (then: number | null, now: number | null): number | null => (then && now !== null ? (now - then) / then : null)

/** Compound, a year: (last / first) ^ (1 / years) - 1. */
export const compound = (first: number | null, last: number | null, years: number): number | null =>
  first && last !== null && years > 0 ? (last / first) ** (1 / years) - 1 : null
