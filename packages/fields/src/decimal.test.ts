import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placesOf, readDecimal, typedNumber } from './decimal.ts'

const languages = ['en', 'el', 'vi', 'hu', 'fa', 'ar-EG', 'de-CH', 'fr', 'en-IE']

test('reads what Intl writes, in every language', () => {
  fc.assert(
    fc.property(fc.constantFrom(...languages), fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 2 }), (language, digits, places) => {
      const value = digits / 10 ** places
      const written = new Intl.NumberFormat(language, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value)
      expect(Number(readDecimal(written, places)), written).toBe(value + 0)
    }),
  )
})

test('reads back what it puts into an input to type on', () => {
  fc.assert(
    fc.property(fc.constantFrom(...languages), fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 6 }), (language, digits, places) => {
      const value = digits / 10 ** places
      expect(Number(readDecimal(typedNumber(value, language), places)), typedNumber(value, language)).toBe(value + 0)
    }),
  )
})

test('gives plain decimal digits or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.,٫٬، -+_|'eE"), maxLength: 20 }), fc.integer({ min: 0, max: 6 }), (typed, places) => {
      const read = readDecimal(typed, places)
      if (read === null) return
      expect(read).toMatch(/^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/)
      expect(readDecimal(read, 6)).toBe(read)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  [1, 0],
  [0.25, 2],
  [-3.125, 3],
  [1e-7, 7],
  [1.5e-7, 8],
  [1e21, 0],
  [1.25e21, 0],
])('%d has %i decimals', (value, places) => expect(placesOf(value)).toBe(places))
