import { expect, test } from 'vitest'
import { grouped } from './confirmation-screen.ts'
import { refusalOf, sentenceOf } from './transport.ts'

test('a tracking code is shown in groups of four; one that comes in groups keeps its own', () => {
  expect(grouped('K7QF2M9XW3TD8HNA')).toBe('K7QF 2M9X W3TD 8HNA')
  expect(grouped('K7QF2M9XW')).toBe('K7QF 2M9X W')
  expect(grouped('K7QF2-M9XW3')).toBe('K7QF2-M9XW3')
})

test('a refusal says what a person can use, whatever a proxy made of it', () => {
  const problem = { type: 'about:blank', title: 'Too large', detail: 'The file is larger than 5 MB.' }
  expect(sentenceOf(refusalOf(413, JSON.stringify(problem)))).toBe('The file is larger than 5 MB.')
  expect(sentenceOf(refusalOf(422, JSON.stringify({ ...problem, errors: [{ pointer: '/a', code: 'x', detail: 'First' }] })))).toBe('First')
  for (const body of ['<html>Bad gateway</html>', '', 'null', '3']) expect(refusalOf(502, body).problem).toMatchObject({ status: 502, title: '' })
})
