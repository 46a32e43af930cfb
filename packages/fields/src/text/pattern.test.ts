import { expect, test } from 'vitest'
import { matcherOf, patternFault } from './pattern.ts'

test.each([
  ['[1-9]\\d{9}', null],
  ['a|b', null],
  ['(?:ab)+', null],
  ['(?<year>\\d{4})', null],
  ['\\(\\?=', null],
  ['[(?=]', null],
  ['[\\]\\\\]x', null],
  ['\\p{L}+', null],
  ['\\u0041', null],
  ['(?=a)a', 'lookaround'],
  ['(?!a)b', 'lookaround'],
  ['(?<=a)b', 'lookaround'],
  ['(?<!a)b', 'lookaround'],
  ['\\\\(?=a)', 'lookaround'],
  ['(a)\\1', 'backreference'],
  ['(?<x>a)\\k<x>', 'backreference'],
  ['(a', 'syntax'],
  ['a{2,1}', 'syntax'],
  ['[z-a]', 'syntax'],
  ['\\-', 'syntax'],
])('%s: %s', (pattern, fault) => {
  expect(patternFault(pattern)).toBe(fault)
  expect(matcherOf(pattern) === null).toBe(fault !== null)
})
