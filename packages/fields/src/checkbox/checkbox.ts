import type { FieldType } from '@guichet/core'
import type { CheckboxField } from '../../generated/settings.ts'
import { readBoolean } from '../read-boolean.ts'
import { yesNo } from '../yes-no.ts'

export const checkbox: FieldType<CheckboxField> = {
  name: 'checkbox',
  kind: () => 'boolean',
  parse(input) {
    const value = readBoolean(input)
    return value === null ? { finding: { code: 'invalid' } } : { value }
  },
  show: (value, _, { language, fallback }) => yesNo(value === true, [language, ...fallback]),
  schema: () => ({ type: 'boolean' }),
}
