import type { FieldType } from '@guichet/core'
import type { TextareaField } from '../../generated/settings.ts'
import { cleanText, persianLetters } from '../clean-text.ts'
import { lengthFinding } from '../text/text.ts'

const longest = ({ maxLength = 2000 }: TextareaField) => maxLength

export const textarea: FieldType<TextareaField> = {
  name: 'textarea',
  kind: () => 'text',
  parse(input, { script }) {
    if (input === null) return { value: null }
    if (typeof input !== 'string') return { finding: { code: 'invalid' } }
    return { value: cleanText(script === 'fa' ? persianLetters(input) : input) || null }
  },
  check: (value, settings) => lengthFinding(value, settings.minLength ?? 0, longest(settings)),
  show: (value) => (typeof value === 'string' ? value : ''),
  schema: (settings) => ({ type: 'string', minLength: Math.max(1, settings.minLength ?? 0), maxLength: longest(settings) }),
}
