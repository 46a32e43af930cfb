import { beforeEach, expect, it, vi } from 'vitest'
import { givingWay, leastPiece, othersWorked, pauseBetween, share } from './giving-way.ts'

let at: number
/** What everybody else takes of the next turn. */
let others: number
const pause = vi.fn(async (time: number) => void (at += time))
const loop = { now: () => at, turn: async () => void (at += others), pause }
beforeEach(() => {
  at = 1000
  others = 0
  pause.mockClear()
})

it('works a piece, and on at once where nobody else has work', async () => {
  const way = givingWay(loop)
  at += leastPiece / 2
  expect(way.due).toBe(false)
  at += leastPiece / 2
  expect(way.due).toBe(true)
  others = othersWorked / 2
  await way.rest()
  expect([way.due, pause.mock.calls]).toEqual([false, []])
  at += leastPiece
  expect(way.due).toBe(true)
})

it('leaves the thread to those who want it', async () => {
  const way = givingWay(loop)
  others = 1
  await way.rest()
  expect(pause.mock.calls).toEqual([[pauseBetween]])
  expect(way.due).toBe(false)
  // Of five milliseconds an eighth is more than the least.
  at += leastPiece
  expect(way.due).toBe(false)
  at += (1 + pauseBetween) * share - leastPiece
  expect(way.due).toBe(true)
})

it('keeps up where the loop takes long: of what passes it has its share', async () => {
  const way = givingWay(loop)
  others = 400
  await way.rest()
  at += 404 * share - 0.1
  expect(way.due).toBe(false)
  at += 0.1
  expect(way.due).toBe(true)
})

it('goes by the event loop of the process where none is handed in', async () => {
  const way = givingWay()
  let turned = false
  setImmediate(() => (turned = true))
  await way.rest()
  expect(turned).toBe(true)
})
