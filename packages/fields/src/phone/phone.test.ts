import type { FieldContext } from '@guichet/core'
import { type CountryCode, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { phone } from './phone.ts'

const countries = ['GR', 'VN', 'HU', 'IR', 'IE'] as const
const context = {} as FieldContext

const parse = (typed: string, country: (typeof countries)[number]) => {
  const result = phone.parse(typed, { id: 'q', type: 'phone', label: {}, country }, context)
  return 'value' in result ? result.value : null
}

/** Lines between machines, and the short lines of some Iranian towns: nobody can be reached there from outside. */
const leftOut: Partial<Record<string, RegExp>> = { VN: /^1/, IR: /^.{1,9}$/ }

/** The same numbers every time, spread over all prefixes. */
function* numbers(count: number, digits: number, seed = 7): Generator<string> {
  let state = seed
  for (let i = 0; i < count; i++) {
    let number = ''
    while (number.length < digits) {
      state = (state * 1103515245 + 12345) % 2147483648
      number += Math.floor(state / 65536) % 10
    }
    yield number
  }
}

describe.each(countries)('numbers of %s, beside libphonenumber', (country) => {
  test('a mobile number is read alike in every way of writing it', () => {
    const example = getExampleNumber(country as CountryCode, examples)
    if (!example) throw new Error('no example')
    for (const typed of [example.formatNational(), example.formatInternational(), example.number, example.number.replace('+', '00'), example.nationalNumber])
      expect(parse(typed, country), typed).toBe(example.number)
  })

  test('what the library knows as a fixed or mobile line is accepted, and read as the same number', () => {
    let valid = 0
    for (const length of [7, 8, 9, 10])
      for (const number of numbers(4000, length)) {
        const theirs = parsePhoneNumberFromString(number, { defaultCountry: country as CountryCode, extract: false })
        const type = theirs?.getType()
        if (theirs?.country !== country || !theirs.isValid() || (type !== 'MOBILE' && type !== 'FIXED_LINE')) continue
        if (leftOut[country]?.test(theirs.nationalNumber)) continue
        valid++
        expect(parse(theirs.formatNational(), country), `${theirs.formatNational()} (${type})`).toBe(theirs.number)
      }
    expect(valid).toBeGreaterThan(200)
  })

  test('what is accepted is at least a possible number to the library', () => {
    let accepted = 0
    for (const length of [7, 8, 9, 10, 11])
      for (const typed of numbers(1000, length, 11)) {
        const ours = parse(typed, country)
        if (ours === null || typed.startsWith('00')) continue
        accepted++
        expect(parsePhoneNumberFromString(String(ours))?.isPossible(), String(ours)).toBe(true)
      }
    expect(accepted).toBeGreaterThan(50)
  })
})
