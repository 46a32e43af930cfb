import type { FieldType } from '@guichet/core'
import type { ConsentField } from '../../generated/settings.ts'
import { readBoolean } from '../read-boolean.ts'
import { yesNo } from '../yes-no.ts'

export const consent: FieldType<ConsentField> = {
  name: 'consent',
  kind: () => 'boolean',
  parse(input, { optional }) {
    const agreed = readBoolean(input)
    if (agreed) return { value: true }
    return agreed === false && optional ? { value: null } : { finding: { code: 'mustAgree' } }
  },
  show: (value, _, { language, fallback }) => yesNo(value === true, [language, ...fallback]),
  schema: () => ({ const: true }),
}
