/** How often a delivery is tried before it is given up. */
export const tries = 12
const first = 5_000
const longest = 24 * 3600_000

/**
 * Milliseconds from a failed try (1 is the first) to the next: 5 s, 20 s, 80 s, 5 min ... up to a day, some five days in all.
 * A quarter more or less at random, so that what failed together is not tried again together.
 */
export const pauseAfter = (attempt: number, random: number): number => Math.min(longest, Math.round(first * 4 ** (attempt - 1) * (0.75 + random / 2)))

/** Nothing is put off for longer than this, whatever chance says. */
export const longestWait = 2 * longest

/** What the other side asked for, within reason. */
export const pauseUntil = (after: Date, now: Date): number => Math.min(longest, Math.max(0, after.getTime() - now.getTime()))
