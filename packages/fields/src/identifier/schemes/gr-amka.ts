import { checksum, type Scheme, unless } from './scheme.ts'

const isReal = (day: string, month: string, year: string) => {
  const date = new Date(`${year}-${month}-${day}`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(8, 10) === day
}

/** From the right, every second digit doubled; digits of a two-digit product are added. */
const luhn = (number: string) =>
  [...number].reverse().reduce((sum, digit, i) => {
    const value = Number(digit) * (1 + (i % 2))
    return sum + (value > 9 ? value - 9 : value)
  }, 0) % 10

/** Αριθμός Μητρώου Κοινωνικής Ασφάλισης: DDMMYY, four digits of which the last is odd for men, and a Luhn digit. */
export const amka: Scheme = {
  length: 11,
  check: (number, today) => {
    const [, day = '', month = '', year = ''] = /^(..)(..)(..)/.exec(number) ?? []
    // The number does not tell the century, so either will do.
    const years = [`19${year}`, `20${year}`].filter((full) => isReal(day, month, full))
    if (years.length === 0) return { code: 'date' }
    if (years.every((full) => `${full}-${month}-${day}` > today)) return { code: 'future' }
    return unless(luhn(number) === 0, checksum)
  },
  samples: (_country, { birth = '1980-05-12', gender = 'f' }) =>
    Array.from({ length: 12 }, (_, i) => 100 + i).map((serial) => {
      const number = `${birth.slice(8, 10)}${birth.slice(5, 7)}${birth.slice(2, 4)}${serial}${gender === 'm' ? 1 : 2}`
      return `${number}${(10 - luhn(`${number}0`)) % 10}`
    }),
  facts: (number) => ({
    birth: (iso) => /^(19|20)/.test(iso) && `${iso.slice(8, 10)}${iso.slice(5, 7)}${iso.slice(2, 4)}` === number.slice(0, 6),
    gender: Number(number[9]) % 2 === 1 ? 'm' : 'f',
  }),
}
