import type { FieldType } from '@guichet/core'
import type { CheckboxesField } from '../../generated/settings.ts'
import { choiceSchema, chosen, valuesOf } from '../choices.ts'
import { showChoice } from '../show-choice.ts'

export const checkboxes: FieldType<CheckboxesField> = {
  name: 'checkboxes',
  kind: () => 'list',
  parse(input, settings, context) {
    if (input === null || input === '') return { value: null }
    const values = valuesOf(settings, context)
    // One box alone comes as a text from a page without scripts.
    const ticked = (Array.isArray(input) ? input : [input]).map((item) => chosen(item, values))
    if (ticked.includes(null)) return { finding: { code: 'invalid' } }
    const inOrder = values.filter((value) => ticked.includes(value))
    return { value: inOrder.length > 0 ? inOrder : null }
  },
  check(value, { minChoices = 0, maxChoices }) {
    const count = Array.isArray(value) ? value.length : 0
    if (count < minChoices) return { code: 'tooFew', params: { count: minChoices } }
    return maxChoices !== undefined && count > maxChoices ? { code: 'tooMany', params: { count: maxChoices } } : null
  },
  show(value, settings, context) {
    const labels = Array.isArray(value) ? value.map((item) => showChoice(item, settings, context)) : []
    return new Intl.ListFormat(context.language, { type: 'unit', style: 'short' }).format(labels.filter(Boolean))
  },
  schema: (settings, context) => ({
    type: 'array',
    items: choiceSchema(settings, context),
    uniqueItems: true,
    minItems: settings.minChoices ?? 1,
    ...(settings.maxChoices === undefined ? {} : { maxItems: settings.maxChoices }),
  }),
  choices: valuesOf,
}
