import { allSame, checksum, type Scheme, unless, weighted } from './scheme.ts'

/** Αριθμός Φορολογικού Μητρώου. Zeros alone satisfy the sum, but are nobody's number. */
export const afm: Scheme = {
  length: 9,
  check: (number) => (Number(number) === 0 ? allSame : unless((weighted(number.slice(0, 8), (i) => 2 ** (8 - i)) % 11) % 10 === Number(number[8]), checksum)),
}
