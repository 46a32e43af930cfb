import { describe, expect, it } from 'vitest'
import { randomBytes } from './random.ts'

describe('random bytes', () => {
  it('are as many as asked for, and never the same twice', () => {
    const drawn = Array.from({ length: 2000 }, (_, i) => randomBytes(16 + (i % 17)))
    expect(drawn.map((bytes) => bytes.length)).toEqual(drawn.map((_, i) => 16 + (i % 17)))
    expect(new Set(drawn.map((bytes) => bytes.subarray(0, 16).toString('hex'))).size).toBe(2000)
  })

  it('belong to whoever drew them', () => {
    const first = randomBytes(16)
    const kept = first.toString('hex')
    randomBytes(16).fill(0)
    first.fill(1)
    expect(randomBytes(16).toString('hex')).not.toBe(kept)
    expect([...first]).toEqual(Array(16).fill(1))
  })

  it('take every value about as often', () => {
    const seen = new Uint32Array(256)
    for (let i = 0; i < 256; i++) for (const byte of randomBytes(1024)) seen[byte]!++
    // 1024 of each are expected, with a standard deviation of 32: ten of those never happen.
    expect(Math.min(...seen)).toBeGreaterThan(704)
    expect(Math.max(...seen)).toBeLessThan(1344)
  })

  it('are refused in amounts that are no secrets', () => {
    expect(() => randomBytes(1025)).toThrow(RangeError)
  })
})
