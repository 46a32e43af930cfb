import type { FieldType } from '@guichet/core'
import type { RadioField } from '../../generated/settings.ts'
import { type Choosing, choiceSchema, chosen, valuesOf } from '../choices.ts'
import { showChoice } from '../show-choice.ts'

/** The meaning of one choice of many, whatever it looks like. */
export const oneOf = <Settings extends Choosing>(name: string): FieldType<Settings> => ({
  name,
  kind: () => 'choice',
  parse(input, settings, context) {
    if (input === null || input === '') return { value: null }
    const value = chosen(input, valuesOf(settings, context))
    return value === null ? { finding: { code: 'invalid' } } : { value }
  },
  show: showChoice,
  schema: choiceSchema,
  choices: valuesOf,
})

export const radio = oneOf<RadioField>('radio')
