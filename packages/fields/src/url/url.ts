import type { FieldType } from '@guichet/core'
import type { UrlField } from '../../generated/settings.ts'
import { cleanText } from '../clean-text.ts'

/**
 * http or https, a host name under some top-level domain, and whatever stands in no address' way behind it. Bare IP
 * numbers, local names and user:password@ are refused: nobody's public page needs them, and attacks do.
 */
const address =
  '^https?://(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}_-]{0,61}[\\p{L}\\p{M}\\p{N}])?\\.)+(?:[\\p{L}\\p{M}]{2,63}|xn--[a-z0-9-]{2,59})(?::[0-9]{1,5})?(?:[/?#][^\\s<>"\\\\^`{|}]*)?$'
const matcher = new RegExp(address, 'u')
const longest = 2000

export const url: FieldType<UrlField> = {
  name: 'url',
  kind: () => 'text',
  parse(input) {
    if (input === null) return { value: null }
    const typed = typeof input === 'string' ? cleanText(input) : '?'
    if (!typed) return { value: null }
    const [, scheme = 'https', host = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/is.exec(typed) ?? []
    const value = `${scheme.toLowerCase()}://${host.toLowerCase().normalize('NFC')}${rest}`
    return value.length <= longest && matcher.test(value) ? { value } : { finding: { code: 'invalid' } }
  },
  show: (value) => (typeof value === 'string' ? value : ''),
  schema: () => ({ type: 'string', maxLength: longest, pattern: address }),
}
