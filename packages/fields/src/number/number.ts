import type { FieldType, Finding } from '@guichet/core'
import { pickText } from '@guichet/core/text'
import type { NumberField } from '../../generated/settings.ts'
import { placesOf } from '../decimal.ts'
import { largest, readNumber } from './read-number.ts'

/** Whether the number is a multiple of the step, on the digits a person sees (0.3 is three times 0.1). */
function isMultiple(value: number, step: number): boolean {
  if (Number.isInteger(step)) return value % step === 0
  const scale = 10 ** Math.max(placesOf(value), placesOf(step))
  return Math.round(value * scale) % Math.round(step * scale) === 0
}

export const number: FieldType<NumberField> = {
  name: 'number',
  kind: () => 'number',
  parse(input, { integer, decimals = 0, step = 1 }) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const value = readNumber(input, integer ? 0 : Math.max(decimals, placesOf(step)))
    return value === null ? { finding: { code: 'invalid' } } : { value }
  },
  check(value, { min, max, integer, decimals, step }): Finding | null {
    const number = typeof value === 'number' ? value : Number.NaN
    if (integer && !Number.isInteger(number)) return { code: 'integer' }
    if (decimals !== undefined && placesOf(number) > decimals) return { code: 'decimals', params: { count: decimals } }
    if (min !== undefined && number < min) return { code: 'tooSmall', params: { min } }
    if (max !== undefined && number > max) return { code: 'tooBig', params: { max } }
    return step !== undefined && !isMultiple(number, step) ? { code: 'step', params: { step } } : null
  },
  show(value, { unit }, { language, fallback }) {
    if (typeof value !== 'number') return ''
    const shown = new Intl.NumberFormat(language, { maximumFractionDigits: 10 }).format(value)
    return unit ? `${shown}\u00a0${pickText(unit, [language, ...fallback]).text}` : shown
  },
  schema: ({ min, max, integer, step }) => ({
    type: integer ? 'integer' : 'number',
    minimum: min ?? -largest,
    maximum: max ?? largest,
    // Validators divide in binary, so that steps like 0.1 would fail them.
    ...(step !== undefined && Number.isInteger(step) ? { multipleOf: step } : {}),
  }),
}
