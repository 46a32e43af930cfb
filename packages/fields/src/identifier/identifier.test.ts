/** Our rules against those of libraries, over numbers drawn at random: right ones, and right ones with one mistake. */
import { createRequire } from 'node:module'
import type { FieldContext, Json } from '@guichet/core'
import * as persian from '@persian-tools/persian-tools'
import fc from 'fast-check'
import { getCountrySpecifications, isValidIBAN } from 'ibantools'
import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import type { IdentifierField } from '../../generated/settings.ts'
import { identifier } from './identifier.ts'
import schema from './schema.json' with { type: 'json' }
import { ibanAccounts } from './schemes/iban.ts'

/** It has no types of its own. */
const validator = createRequire(import.meta.url)('validator') as {
  isTaxID(number: string, locale: string): boolean
  isIdentityCard(number: string, locale: string): boolean
  isIBAN(number: string): boolean
}

const context: FieldContext = { locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 }, today: '2026-01-05', tables: {} }
const fieldOf = (scheme: IdentifierField['scheme'], country?: IdentifierField['country']): IdentifierField => ({
  id: 'x',
  type: 'identifier',
  label: { en: 'x' },
  scheme,
  ...(country ? { country } : {}),
})
const read = (input: Json, scheme: IdentifierField['scheme'], country?: IdentifierField['country'], today = context.today) =>
  identifier.parse(input, fieldOf(scheme, country), { ...context, today })
const accepts = (number: string, scheme: IdentifierField['scheme']) => 'value' in read(number, scheme)
const codeOf = (input: Json, scheme: IdentifierField['scheme'], country?: IdentifierField['country'], today?: string) => {
  const parsed = read(input, scheme, country, today)
  return 'finding' in parsed ? parsed.finding.code : null
}

const digits = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
const lastDigit = fc.constantFrom(...'0123456789')
/** Every check digit in turn, so that about one number in ten is right: both answers are compared often. */
const agree = (numbers: fc.Arbitrary<string>, ours: (number: string) => boolean, theirs: (number: string) => boolean) => {
  let right = 0
  fc.assert(
    fc.property(numbers, (number) => {
      const accepted = ours(number)
      if (accepted) right++
      expect(accepted, number).toBe(theirs(number))
    }),
    { numRuns: 4000, seed: 20260105 },
  )
  expect(right).toBeGreaterThan(100)
}
const isoDay = fc.date({ min: new Date('1900-01-01'), max: new Date('2025-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))

describe('against libraries', () => {
  test('Greek tax number: stdnum', () => {
    agree(
      digits(9).filter((number) => number !== '000000000'),
      (number) => accepts(number, 'gr.afm'),
      (number) => stdnum.GR?.vat?.validate(number).isValid === true,
    )
  })
  test('Greek social security number: stdnum', () => {
    const numbers = fc.oneof(
      digits(11),
      fc.tuple(isoDay, digits(5)).map(([iso, rest]) => `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}${rest}`),
    )
    agree(
      numbers,
      (number) => accepts(number, 'gr.amka'),
      (number) => stdnum.GR?.amka?.validate(number).isValid === true,
    )
  })
  test('Hungarian tax identifier: validator', () => {
    agree(
      fc.tuple(fc.integer({ min: 0, max: 58000 }), digits(3), lastDigit).map(([days, serial, check]) => `8${String(days).padStart(5, '0')}${serial}${check}`),
      (number) => accepts(number, 'hu.adoazon'),
      (number) => validator.isTaxID(number, 'hu-HU'),
    )
  })
  test('Iranian personal number: persian-tools and validator', () => {
    const numbers = digits(10).filter((number) => !/^(.)\1*$/.test(number))
    agree(
      numbers,
      (number) => accepts(number, 'ir.melli'),
      (number) => validator.isIdentityCard(number, 'IR'),
    )
    agree(
      numbers.filter((number) => !number.startsWith('000')),
      (number) => accepts(number, 'ir.melli'),
      (number) => persian.verifyIranianNationalId(number, { checkPrefix: false }) === true,
    )
  })
  test('Iranian legal entity number: persian-tools', () => {
    agree(
      digits(11),
      (number) => accepts(number, 'ir.shenase'),
      (number) => persian.verifyIranianLegalId(number) === true,
    )
  })
})

describe('IBAN against libraries', () => {
  const checkDigits = (country: string, account: string) => {
    const rest = [...`${account}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))].reduce(
      (sum, digit) => (sum * 10 + Number(digit)) % 97,
      0,
    )
    return String(98 - rest).padStart(2, '0')
  }
  const hungarian = fc.tuple(digits(7), digits(15)).map(([bank, account]) => {
    const check = (part: string) => String((10 - ([...part].reduce((sum, digit, i) => sum + Number(digit) * ([9, 7, 3, 1][i % 4] as number), 0) % 10)) % 10)
    return `${bank}${check(bank)}${account}${check(account)}`
  })
  const accounts: Record<string, fc.Arbitrary<string>> = {
    GR: digits(23),
    HU: hungarian,
    IR: digits(22),
    DE: digits(18),
    IE: digits(14).map((tail) => `AIBK${tail}`),
  }

  for (const [country, account] of Object.entries(accounts))
    test(`${country}: right ones are taken, and with one digit changed refused by all`, () => {
      fc.assert(
        fc.property(account, fc.nat(), lastDigit, (bban, at, digit) => {
          const right = `${country}${checkDigits(country, bban)}${bban}`
          expect(accepts(right, 'iban'), right).toBe(true)
          expect(isValidIBAN(right), right).toBe(true)
          expect(validator.isIBAN(right), right).toBe(true)
          const place = 4 + (at % (right.length - 4))
          // A letter counts as two digits, so that a digit in its place may pass by chance.
          fc.pre(/\d/.test(right[place] as string))
          const wrong = right.slice(0, place) + digit + right.slice(place + 1)
          expect(accepts(wrong, 'iban'), wrong).toBe(isValidIBAN(wrong))
          expect(accepts(wrong, 'iban'), wrong).toBe(wrong === right)
        }),
        { numRuns: 300, seed: 20260105 },
      )
    })

  test('sheba: persian-tools', () => {
    fc.assert(
      fc.property(digits(19), fc.constantFrom('012', '017', '054', '062'), fc.nat(99), (account, bank, check) => {
        const number = `IR${String(check).padStart(2, '0')}${bank}${account}`
        expect(accepts(number, 'iban'), number).toBe(persian.isShebaValid(number) === true)
      }),
      { numRuns: 3000, seed: 20260105 },
    )
  })

  test('knows the length of every country in the registry, and offers the same countries as a setting', () => {
    const registry = Object.entries(getCountrySpecifications())
    // Parts of France and Finland have a code of their own, but their accounts are French and Finnish.
    const parts = new Set('AX BL GF GP MF MQ NC PF PM RE TF WF YT'.split(' '))
    const expected = Object.fromEntries(registry.flatMap(([code, { chars }]) => (chars && !parts.has(code) ? [[code, chars]] : [])))
    expect(Object.fromEntries([...ibanAccounts].map(([code, { length }]) => [code, length]))).toEqual(expected)
    expect([...schema.properties.country.enum].sort()).toEqual([...ibanAccounts.keys()].sort())
  })
})

describe('faults of the libraries that we do not share', () => {
  test('stdnum takes a tax number of zeros', () => {
    expect(stdnum.GR?.vat?.validate('000000000').isValid).toBe(true)
    expect(codeOf('000000000', 'gr.afm')).toBe('allSame')
  })
  test("validator refuses tax numbers that start with 5 or 6, which stdnum's sum allows", () => {
    for (const number of ['500000006', '600000000', '612345671', '543210983']) {
      const right = `${number.slice(0, 8)}${([...number.slice(0, 8)].reduce((sum, digit, i) => sum + Number(digit) * 2 ** (8 - i), 0) % 11) % 10}`
      expect(validator.isTaxID(right, 'el-GR'), right).toBe(false)
      expect(stdnum.GR?.vat?.validate(right).isValid, right).toBe(true)
      expect(accepts(right, 'gr.afm'), right).toBe(true)
    }
  })
  test('validator takes an Iranian personal number of equal digits', () => {
    expect(validator.isIdentityCard('1111111111', 'IR')).toBe(true)
    for (const digit of '0123456789') expect(codeOf(digit.repeat(10), 'ir.melli')).toBe('allSame')
  })
  test('persian-tools fills up short personal numbers with zeros', () => {
    expect(persian.verifyIranianNationalId('076229645')).toBe(true)
    expect(codeOf('076229645', 'ir.melli')).toBe('length')
    expect(read('0076229645', 'ir.melli')).toEqual({ value: '0076229645' })
  })
})

describe('what a number says about its holder', () => {
  const facts = (number: string, scheme: IdentifierField['scheme']) => identifier.facts?.(number, fieldOf(scheme)) ?? {}

  test('AMKA: birth in either century, and gender', () => {
    const { birth, gender } = facts('20051500427', 'gr.amka')
    expect(birth?.('2015-05-20')).toBe(true)
    expect(birth?.('1915-05-20')).toBe(true)
    expect(birth?.('2015-05-21')).toBe(false)
    expect(birth?.('1815-05-20')).toBe(false)
    expect(gender).toBe('f')
    expect(facts('19078300175', 'gr.amka').gender).toBe('m')
  })
  test('CCCD: year of birth, and gender', () => {
    const { birth, gender } = facts('079318006789', 'vn.cccd')
    expect(birth?.('2018-07-01')).toBe(true)
    expect(birth?.('1918-07-01')).toBe(false)
    expect(gender).toBe('f')
    expect(facts('079085001234', 'vn.cccd').gender).toBe('m')
  })
  test('adóazonosító jel: the very day', () => {
    const days = { '8431581239': '1985-03-01', '8450610451': '1990-05-17', '8493077771': '2001-12-31', '8502950126': '2004-09-14' }
    for (const [number, day] of Object.entries(days)) {
      expect(accepts(number, 'hu.adoazon')).toBe(true)
      expect(facts(number, 'hu.adoazon').birth?.(day), number).toBe(true)
      expect(facts(number, 'hu.adoazon').birth?.('1985-03-02'), number).toBe(false)
    }
  })
  test('the others say nothing', () => {
    expect(facts('090123451', 'gr.afm')).toEqual({})
    expect(facts('0076229645', 'ir.melli')).toEqual({})
    expect(identifier.facts?.(null, fieldOf('gr.amka'))).toEqual({})
  })
})

test('nobody is born after today, and the day decides', () => {
  // 2026-06-01 in an AMKA could as well be 1926-06-01: only a day that exists in one century alone is a future one.
  expect(codeOf('079226001234', 'vn.cccd', undefined, '2025-12-31')).toBe('future')
  expect(codeOf('079226001234', 'vn.cccd', undefined, '2026-01-01')).toBeNull()
  expect(codeOf('8493077771', 'hu.adoazon', undefined, '2001-12-30')).toBe('future')
  expect(codeOf('8493077771', 'hu.adoazon', undefined, '2001-12-31')).toBeNull()
  expect(codeOf('01060000001', 'gr.amka', undefined, '1899-01-01')).toBe('future')
})

test('blanks, dashes and marks that cannot be seen do no harm', () => {
  expect(read('\u200e090\u00a0123\u2013451\u200c', 'gr.afm')).toEqual({ value: '090123451' })
  expect(read('\u2067IR82 0540\u202f1026 8002 0817 9090 02\u2069', 'iban', 'IR')).toEqual({ value: 'IR820540102680020817909002' })
  expect(read('７９０９', 'gr.afm')).toMatchObject({ finding: { code: 'length', params: { length: 9, given: 4 } } })
})

test('is shown in groups that keep their order from right to left', () => {
  const show = (value: string, scheme: IdentifierField['scheme']) => identifier.show(value, fieldOf(scheme), { ...context, language: 'fa', fallback: [] })
  expect(show('GR1601101250000000012300695', 'iban').split('\u00a0')).toEqual(['GR16', '0110', '1250', '0000', '0001', '2300', '695'])
  expect(show('123456788', 'hu.taj')).toBe('123\u00a0456\u00a0788')
  expect(show('0076229645', 'ir.melli')).toBe('0076229645')
})
