import type { FieldType, Json } from '@guichet/core'
import type { HiddenField } from '../../generated/settings.ts'
import { cleanLine } from '../clean-text.ts'
import { readNumber } from '../number/read-number.ts'
import { readBoolean } from '../read-boolean.ts'
import { yesNo } from '../yes-no.ts'

const longest = 2000

function read(input: Json, as: HiddenField['as']): Json {
  if (as === 'number') return readNumber(input, 0)
  if (as === 'boolean') return readBoolean(input)
  const line = typeof input === 'string' ? cleanLine(input) : ''
  return line && line.length <= longest ? line : null
}

export const hidden: FieldType<HiddenField> = {
  name: 'hidden',
  kind: ({ as = 'text' }) => as,
  parse(input, { as }) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const value = read(input, as)
    return value === null ? { finding: { code: 'invalid' } } : { value }
  },
  show(value, _, { language, fallback }) {
    if (typeof value === 'boolean') return yesNo(value, [language, ...fallback])
    if (typeof value === 'number') return new Intl.NumberFormat(language, { maximumFractionDigits: 10 }).format(value)
    return typeof value === 'string' ? value : ''
  },
  schema: ({ as = 'text' }) => (as === 'text' ? { type: 'string', minLength: 1, maxLength: longest } : { type: as }),
}
