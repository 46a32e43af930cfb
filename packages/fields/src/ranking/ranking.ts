import type { FieldType, Json } from '@guichet/core'
import type { RankingField } from '../../generated/settings.ts'
import { choiceSchema, chosen, valuesOf } from '../choices.ts'
import { showChoice } from '../show-choice.ts'

/** Every value in the order to draw: as it was put, and what is missing there at the end. */
export function orderOf(input: Json, values: readonly string[]): string[] {
  const put = Array.isArray(input) ? input.filter((item): item is string => typeof item === 'string' && values.includes(item)) : []
  return [...new Set([...put, ...values])]
}

export const ranking: FieldType<RankingField> = {
  name: 'ranking',
  kind: () => 'list',
  parse(input, settings, context) {
    if (input === null || input === '' || (Array.isArray(input) && input.length === 0)) return { value: null }
    const values = valuesOf(settings, context)
    const order = Array.isArray(input) ? input.map((item) => chosen(item, values)) : []
    const whole = order.length === values.length && values.every((value) => order.includes(value))
    return whole ? { value: order } : { finding: { code: 'invalid' } }
  },
  show(value, settings, context) {
    const number = new Intl.NumberFormat(context.language)
    const labels = Array.isArray(value) ? value.map((item) => showChoice(item, settings, context)).filter(Boolean) : []
    return labels.map((label, i) => `${number.format(i + 1)}. ${label}`).join('\n')
  },
  schema(settings, context) {
    const count = valuesOf(settings, context).length
    return { type: 'array', items: choiceSchema(settings, context), uniqueItems: true, minItems: count, maxItems: count }
  },
  choices: valuesOf,
}
