import { expect, test } from 'vitest'
import { matcherOf } from './pattern.ts'

test('matches the whole answer and nothing less', () => {
  expect(matcherOf('[1-9]\\d{9}')?.test('1434874331')).toBe(true)
  expect(matcherOf('[1-9]\\d{9}')?.test('01434874331')).toBe(false)
  expect(matcherOf('a|b')?.test('ab')).toBe(false)
  expect(matcherOf('\\p{L}+')?.test('ψξ')).toBe(true)
})

test.each(['(a', 'a{2,1}', '[z-a]', '\\-'])('%s is no pattern, and asks for nothing', (pattern) => {
  expect(matcherOf(pattern)).toBeNull()
})
