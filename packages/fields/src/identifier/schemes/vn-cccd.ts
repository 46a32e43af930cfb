import type { Scheme } from './scheme.ts'

/** The fourth digit tells century and gender: 0 and 1 are men and women of 19xx, 2 and 3 of 20xx, and so on. */
const yearOf = (number: string) => 1900 + Math.floor(Number(number[3]) / 2) * 100 + Number(number.slice(4, 6))

/**
 * Căn cước công dân, also the personal identification number. It has no check digit. The first three digits are a
 * place, or a country for those born abroad; provinces come and go, so a place we do not know is not refused.
 */
export const cccd: Scheme = {
  length: 12,
  check: (number, today) => (yearOf(number) > Number(today.slice(0, 4)) ? { code: 'future' } : null),
  samples: (_country, { birth = '1980-05-12', gender = 'f' }) =>
    Array.from({ length: 12 }, (_, i) => 100_001 + i).map(
      (serial) => `001${(Math.floor(Number(birth.slice(0, 4)) / 100) - 19) * 2 + (gender === 'm' ? 0 : 1)}${birth.slice(2, 4)}${serial}`,
    ),
  facts: (number) => ({
    birth: (iso) => Number(iso.slice(0, 4)) === yearOf(number),
    gender: Number(number[3]) % 2 === 0 ? 'm' : 'f',
  }),
}
