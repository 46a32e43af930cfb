import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanLine, cleanText, lengthOf, persianLetters, withoutBlanks } from './clean-text.ts'

test('cleaning twice changes nothing more', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (input) => {
      for (const clean of [cleanText, cleanLine, withoutBlanks, (text: string) => cleanLine(persianLetters(text))])
        expect(clean(clean(input))).toBe(clean(input))
      expect(cleanLine(input)).not.toMatch(/\n/)
      expect(cleanText(input).isWellFormed()).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('keeps what Persian is written with and drops what cannot be seen', () => {
  expect(cleanText('می\u200cروم')).toBe('می\u200cروم')
  expect(cleanText('a\u202eb\u2066c\ufeff')).toBe('abc')
  expect(cleanText('\ud83d a')).toBe('\ufffd a')
  expect(withoutBlanks('12\u00a034\u200c')).toBe('1234')
})

test('counts characters as JSON Schema does', () => {
  expect(lengthOf('👍é')).toBe(2)
})
