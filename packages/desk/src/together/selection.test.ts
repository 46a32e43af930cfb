import { expect, test } from 'vitest'
import { choosable, commonOffers, portions, touch } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const list = (chosen: ReadonlySet<string>) => [...chosen].sort().join('')

test('with shift all between are ticked or unticked, in either direction', () => {
  expect(list(touch(new Set(), order, 'b', true, null))).toBe('b')
  expect(list(touch(new Set(['b']), order, 'd', true, 'b'))).toBe('bcd')
  expect(list(touch(new Set(['d']), order, 'b', true, 'd'))).toBe('bcd')
  expect(list(touch(new Set(order), order, 'd', false, 'b'))).toBe('ae')
  // What was touched before is not shown any more.
  expect(list(touch(new Set(['a']), order, 'c', true, 'x'))).toBe('ac')
})

test('what was chosen is not changed in place', () => {
  const before = new Set(['a'])
  touch(before, order, 'a', false, null)
  expect(list(before)).toBe('a')
})

test('only what all allow is offered', () => {
  expect(commonOffers([{ offers: ['accept', 'refuse', 'ask_more'] }, { offers: ['refuse', 'accept'] }])).toEqual(['accept', 'refuse'])
  expect(commonOffers([{ offers: ['accept'] }, { offers: ['approve'] }])).toEqual([])
  expect(commonOffers([])).toEqual([])
  expect([choosable({ offers: ['accept'] }, false), choosable({ offers: ['accept'] }, true), choosable({ offers: [] }, false)]).toEqual([true, false, false])
})

test('portions hold all, in order', () => {
  expect(portions([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(portions([], 2)).toEqual([])
})
