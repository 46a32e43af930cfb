import type { FieldType } from '@guichet/core'
import { pickText } from '@guichet/core/text'
import type { RatingField } from '../../generated/settings.ts'
import { readNumber } from '../number/read-number.ts'

export const limitsOf = ({ steps, first = 1 }: RatingField): readonly [lowest: number, highest: number] => [first, first + steps - 1]

/** The words of a number, if it is an end of the scale that has some. */
export const endOf = (value: number, settings: RatingField): RatingField['lowest'] => {
  const [lowest, highest] = limitsOf(settings)
  return value === lowest ? settings.lowest : value === highest ? settings.highest : undefined
}

export const rating: FieldType<RatingField> = {
  name: 'rating',
  kind: () => 'number',
  parse(input, settings) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const value = readNumber(input, 0)
    const [lowest, highest] = limitsOf(settings)
    const offered = value !== null && Number.isInteger(value) && value >= lowest && value <= highest
    return offered ? { value } : { finding: { code: 'invalid', params: { lowest, highest } } }
  },
  show(value, settings, { language, fallback }) {
    if (typeof value !== 'number') return ''
    const number = new Intl.NumberFormat(language)
    const [, highest] = limitsOf(settings)
    const shown = `${number.format(value)} / ${number.format(highest)}`
    const end = endOf(value, settings)
    return end ? `${shown} (${pickText(end, [language, ...fallback]).text})` : shown
  },
  schema(settings) {
    const [minimum, maximum] = limitsOf(settings)
    return { type: 'integer', minimum, maximum }
  },
}
