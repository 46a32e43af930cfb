import { describe, expect, it } from 'vitest'
import { newSketch, peopleIn, standardError, withPeople } from './sketch.ts'

const keyOf = (seed: number) => Uint8Array.from({ length: 32 }, (_, i) => (seed * 31 + i * 7) % 256)
const people = (n: number) => Array.from({ length: n }, (_, i) => `person ${i}`)

describe('a sketch of people', () => {
  it.each([0, 1, 2, 10])('counts %i exactly', (n) => {
    const { registers } = newSketch()
    expect(peopleIn(withPeople(keyOf(1), registers, people(n)))).toBe(n)
  })

  it.each([1000, 8000])('is within its bound at %i, over 20 keys', (n) => {
    const everyone = people(n)
    const errors = Array.from({ length: 20 }, (_, seed) => peopleIn(withPeople(keyOf(seed), new Uint8Array(4096), everyone)) / n - 1)
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length
    // The keys are fixed, so this is arithmetic and not luck. It would fail with half of the registers (2.3 %).
    expect(deviation).toBeLessThan(1.25 * standardError)
    expect(Math.abs(bias)).toBeLessThan(standardError / 2)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(4 * standardError)
  })

  it('counts nobody twice, in whatever portions they come', () => {
    const key = keyOf(3)
    const once = withPeople(key, new Uint8Array(4096), people(500))
    expect(withPeople(key, once, people(500))).toEqual(once)
    expect(withPeople(key, withPeople(key, new Uint8Array(4096), people(200)), people(500).reverse())).toEqual(once)
  })

  it('says nothing of who it was without its key', () => {
    const registers = withPeople(keyOf(1), new Uint8Array(4096), people(20))
    const seemsIn = (key: Uint8Array, person: string) => withPeople(key, registers, [person]).every((rank, i) => rank === registers[i])
    // The control: with the key one can ask.
    expect(people(20).every((person) => seemsIn(keyOf(1), person))).toBe(true)
    expect(people(20).filter((person) => seemsIn(keyOf(2), person))).toEqual([])
  })
})
