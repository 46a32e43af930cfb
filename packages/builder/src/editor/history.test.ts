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

test('undone, one is where one was when it was done; done again, where it led', () => {
  const history = new History(0, words('start'), '/pages/0', { now: () => 0 })
  history.push(1, words('edit'), '/pages/0/fields/1', 'label', '/pages/0/fields/1')
  history.push(2, words('edit'), '/pages/4/fields/2', 'other', '/pages/4/fields/2')
  // Letters in a row are undone where the first of them was written.
  history.push(3, words('edit'), '/pages/4/fields/2', 'other', '/pages/9')
  history.push(4, words('add'), '/pages/4/fields/3', undefined, '/pages/4/fields/2')
  expect(history.undo()).toEqual({ words: words('add'), part: '/pages/4/fields/2' })
  expect(history.undo()).toEqual({ words: words('edit'), part: '/pages/4/fields/2' })
  expect(history.undo()).toEqual({ words: words('edit'), part: '/pages/0/fields/1' })
  expect(history.redo()).toMatchObject({ part: '/pages/0/fields/1' })
  expect(history.goTo(3)).toMatchObject({ part: '/pages/4/fields/3' })
  expect(history.goTo(1)).toMatchObject({ part: '/pages/4/fields/2' })
})
