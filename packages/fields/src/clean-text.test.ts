import { asciiDigits } from '@guichet/core/text'
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

test('looks no further at plain text, and finds the same as if it did', () => {
  const inFull = (input: string) =>
    asciiDigits(input)
      .replace(/\p{Cs}/gu, '\ufffd')
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      .replace(/\t/g, ' ')
      .replace(/[\p{Cc}\ufeff\u00ad]/gu, (mark) => (mark === '\n' ? mark : ''))
      .normalize('NFC')
      .trim()
  const same = (input: string) => {
    expect(cleanText(input)).toBe(inFull(input))
    expect(cleanLine(input)).toBe(inFull(input).replace(/\s+/g, ' '))
    expect(lengthOf(input)).toBe([...input].length)
  }
  for (let code = 0; code < 0x10000; code++) same(`a ${String.fromCharCode(code)} b`)
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 })), same), { numRuns: 1000 })
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
