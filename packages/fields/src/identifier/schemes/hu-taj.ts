import { allSame, checksum, type Scheme, unless, weighted } from './scheme.ts'

/** Társadalombiztosítási azonosító jel. */
export const taj: Scheme = {
  length: 9,
  check: (number) => (Number(number) === 0 ? allSame : unless(weighted(number.slice(0, 8), (i) => (i % 2 === 0 ? 3 : 7)) % 10 === Number(number[8]), checksum)),
  show: (number) => number.replace(/(...)(?=.)/g, '$1\u00a0'),
}
