import { allSame, checksum, type Scheme, unless, weighted } from './scheme.ts'

/** کد ملی. Ten equal digits satisfy the sum, but are nobody's number. */
export const melli: Scheme = {
  length: 10,
  check: (number) => {
    if (/^(.)\1*$/.test(number)) return allSame
    const rest = weighted(number.slice(0, 9), (i) => 10 - i) % 11
    return unless((rest < 2 ? rest : 11 - rest) === Number(number[9]), checksum)
  },
}
