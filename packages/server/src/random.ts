/** Random bytes from the system's generator. */
import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(4096)
let used = pool.length

/**
 * `count` bytes, at most 1024, that nobody else gets. They are drawn some thousand at a time, because a dozen costs the
 * system as much, and wiped where they were drawn to.
 */
export function randomBytes(count: number): Buffer {
  if (count > 1024) throw new RangeError('too many random bytes at once')
  if (used + count > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + count))
  pool.fill(0, used, used + count)
  used += count
  return bytes
}
