import type { FieldType } from '@guichet/core'
import type { SignatureField } from '../../generated/settings.ts'
import { cleanLine, lengthOf } from '../clean-text.ts'

const shortest = 2
const longest = 200

/** What was typed under the statement: a name, or the code by which a signing service confirms. Who typed it, the sign-in tells. */
export const signature: FieldType<SignatureField> = {
  name: 'signature',
  kind: () => 'text',
  parse(input) {
    if (input === null) return { value: null }
    if (typeof input !== 'string') return { finding: { code: 'format' } }
    return { value: cleanLine(input) || null }
  },
  check(value) {
    if (typeof value !== 'string') return { code: 'format' }
    const length = lengthOf(value)
    if (length < shortest || !/[\p{L}\p{N}]/u.test(value)) return { code: 'tooShort' }
    return length > longest ? { code: 'tooLong', params: { count: longest } } : null
  },
  show: (value) => (typeof value === 'string' ? value : ''),
  schema: () => ({ type: 'string', minLength: shortest, maxLength: longest }),
}
