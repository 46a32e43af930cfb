import { expect, test } from 'vitest'
import { keyKeeper } from './attempt.ts'

test('a key stays while the same is sent, and changes with what is sent', () => {
  const keyOf = keyKeeper()
  const first = keyOf({ answers: { name: 'Ana' } })
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  expect(keyOf({ answers: { name: 'Ana' } })).toBe(first)
  const second = keyOf({ answers: { name: 'Ben' } })
  expect(second).not.toBe(first)
  // Going back to the first answers is a new wish, not the old attempt.
  expect(keyOf({ answers: { name: 'Ana' } })).not.toBe(first)
})

test('two visits never share a key', () => {
  expect(keyKeeper()({})).not.toBe(keyKeeper()({}))
})
