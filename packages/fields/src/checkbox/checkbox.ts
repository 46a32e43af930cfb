import type { FieldType, Json } from '@guichet/core'
import type { CheckboxField } from '../../generated/settings.ts'
import { yesNo } from '../yes-no.ts'

/** A page without scripts sends "on" for a ticked box, and nothing for another. */
const ticked: readonly Json[] = [true, 'true', 'on', '1', 'yes']
const empty: readonly Json[] = [null, false, '', 'false', 'off', '0', 'no']

/** Yes or no, or null if it is neither. */
export const readBoolean = (input: Json): boolean | null => (ticked.includes(input) ? true : empty.includes(input) ? false : null)

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
