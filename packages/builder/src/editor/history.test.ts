import { expect, test } from 'vitest'
import { History } from './history.ts'

const words = (key: string) => ({ key, params: {} })

test('typing in one box is one step; another box, a pause or an undo begins a new one', () => {
  let now = 0
  const history = new History('a', words('start'), '', { now: () => now, mergeWithin: 1000 })
  for (const value of ['ab', 'abc']) history.push(value, words('edit'), '', 'title')
  history.push('abcd', words('edit'), '', 'summary')
  now = 5000
  history.push('abcde', words('edit'), '', 'summary')
  expect(history.list).toEqual({ words: ['start', 'edit', 'edit', 'edit'].map(words), at: 3 })
  history.undo()
  history.undo()
  expect(history.value).toBe('abc')
  history.push('abX', words('edit'), '', 'title')
  expect(history.list.words).toHaveLength(3)
  expect(history.canRedo).toBe(false)
  history.undo()
  expect(history.value).toBe('abc')
})

test('keeps the newest steps when there are too many', () => {
  const history = new History(0, words('start'), '', { limit: 3 })
  for (let i = 1; i <= 10; i++) history.push(i, words('edit'), '')
  let steps = 0
  while (history.undo()) steps++
  expect([steps, history.value]).toEqual([3, 7])
  history.goTo(2)
  expect(history.value).toBe(9)
})
