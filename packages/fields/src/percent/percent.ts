import type { FieldType, Finding } from '@guichet/core'
import type { PercentField } from '../../generated/settings.ts'
import { placesOf } from '../decimal.ts'
import { readNumber } from '../number/read-number.ts'

/** The percent signs of all scripts, at either end. */
const sign = /^\s*[%\u066a\uff05\ufe6a]|[%\u066a\uff05\ufe6a]\s*$/

/** As a sentence's place: a share of one, which Intl shows as a share of a hundred. */
const limit = (percent: number) => ({ number: percent / 100, style: 'percent', maximumFractionDigits: 10 })

export const percent: FieldType<PercentField> = {
  name: 'percent',
  kind: () => 'number',
  parse(input, { decimals = 0 }) {
    const typed = typeof input === 'string' ? input.replace(sign, '') : input
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const value = readNumber(typed, decimals)
    return value === null ? { finding: { code: 'invalid' } } : { value }
  },
  check(value, { min = 0, max = 100, decimals }): Finding | null {
    const number = typeof value === 'number' ? value : Number.NaN
    if (decimals !== undefined && placesOf(number) > decimals) return decimals > 0 ? { code: 'decimals', params: { count: decimals } } : { code: 'whole' }
    if (number < min) return { code: 'tooSmall', params: { min: limit(min) } }
    return number > max ? { code: 'tooBig', params: { max: limit(max) } } : null
  },
  show: (value, _, { language }) =>
    typeof value === 'number' ? new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 10 }).format(value / 100) : '',
  schema: ({ min = 0, max = 100 }) => ({ type: 'number', minimum: min, maximum: max }),
}
