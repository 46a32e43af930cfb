import { checksum, type Scheme, unless, weighted } from './scheme.ts'

const firstDay = Date.UTC(1867, 0, 1)
const birthOf = (number: string) => new Date(firstDay + Number(number.slice(1, 6)) * 864e5).toISOString().slice(0, 10)

/** Adóazonosító jel: an 8, the days from 1867-01-01 to the birth, a serial number, and a check digit. */
export const adoazon: Scheme = {
  length: 10,
  check: (number, today) => {
    if (number[0] !== '8') return { code: 'prefix', params: { prefix: '8' } }
    if (birthOf(number) > today) return { code: 'future' }
    // A remainder of 10 fits no digit: such numbers are never issued.
    return unless(weighted(number.slice(0, 9), (i) => i + 1) % 11 === Number(number[9]), checksum)
  },
  samples: (_country, { birth = '1980-05-12' }) =>
    Array.from({ length: 6 }, (_, serial) => `8${String((Date.parse(birth) - firstDay) / 864e5).padStart(5, '0')}${100 + serial}`)
      .map((number) => `${number}${weighted(number, (i) => i + 1) % 11}`)
      .filter((number) => number.length === 10),
  facts: (number) => ({ birth: (iso) => iso === birthOf(number) }),
}
