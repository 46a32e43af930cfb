import { expect, it } from 'vitest'
import { type Passing, passingByName } from './passing.ts'

interface Known extends Passing {
  name: string
}
const make = (name: string, until: number) => () => ({ name, until })

it('keeps what it was given until it has passed, however many others are used meanwhile', () => {
  const known = passingByName<Known>(100_000)
  const mine = known.use('mine', 0, make('mine', 10_000))
  for (let i = 0; i < 9999; i++) known.use(`other ${i}`, i, make(`other ${i}`, i + 10))
  expect(known.use('mine', 9999, make('another', 0))).toBe(mine)
})

it('forgets what has passed, and is never much larger than what has not', () => {
  const known = passingByName<Known>(100_000)
  let largest = 0
  for (let i = 0; i < 50_000; i++) {
    known.use(`n${i}`, i, make(`n${i}`, i + 500))
    largest = Math.max(largest, known.size)
  }
  expect(largest).toBeLessThan(5000)
  expect(known.use('n0', 50_000, make('n0 anew', 0)).name).toBe('n0 anew')
})

it('drops the longest unused where none passes, and keeps not many more than twice as many as it may', () => {
  const known = passingByName<Known>(1500)
  const used = known.use('used', 0, make('used', 1e9))
  known.use('unused', 0, make('unused', 1e9))
  let largest = 0
  for (let i = 0; i < 20_000; i++) {
    known.use(`n${i}`, 0, make(`n${i}`, 1e9))
    if (i % 100 === 0) expect(known.use('used', 0, make('used anew', 0))).toBe(used)
    largest = Math.max(largest, known.size)
  }
  expect(largest).toBeLessThan(3010)
  expect(known.use('unused', 0, make('unused anew', 0)).name).toBe('unused anew')
  expect(known.use('n19999', 0, make('anew', 0)).name).toBe('n19999')
})
