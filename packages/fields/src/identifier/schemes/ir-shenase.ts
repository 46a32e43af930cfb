import { checksum, type Scheme, unless, weighted } from './scheme.ts'

const weights = [29, 27, 23, 19, 17]

/** شناسه ملی of a legal entity. The tenth digit shifts all ten before they are weighed. */
export const shenase: Scheme = {
  length: 11,
  check: (number) => {
    if (number.slice(3, 9) === '000000') return { code: 'zeros' }
    const weight = (i: number) => weights[i % 5] as number
    const shift = (Number(number[9]) + 2) * 2 * weights.reduce((sum, value) => sum + value)
    return unless(((weighted(number.slice(0, 10), weight) + shift) % 11) % 10 === Number(number[10]), checksum)
  },
}
