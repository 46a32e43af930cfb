import type { FieldType } from '@guichet/core'
import type { EmailField } from '../../generated/settings.ts'
import { cleanText } from '../clean-text.ts'

/**
 * name@host.tld as mail servers in use take it: letters of any script in the host, ASCII before the @, no quotes, no
 * comments, no address literals. Whether the mailbox exists only a message to it can tell.
 */
const address =
  "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{M}\\p{N}-]{0,61}[\\p{L}\\p{M}\\p{N}])?\\.)+(?:[\\p{L}\\p{M}]{2,63}|xn--[a-z0-9-]{2,59})$"
/** Made when the first address is typed, and not while a page is built: classes as wide as these take a while to read, in a literal too. */
let matcher: RegExp | undefined

export const email: FieldType<EmailField> = {
  name: 'email',
  kind: () => 'text',
  parse(input) {
    if (input === null) return { value: null }
    const typed = typeof input === 'string' ? cleanText(input).replace(/^mailto:|[\u200b-\u200d\u2060]/gi, '') : '?'
    if (!typed) return { value: null }
    const [local = '', host = ''] = typed.split('@')
    const value = `${local}@${host.toLowerCase().normalize('NFC')}`
    return typed.split('@').length === 2 && local.length <= 64 && value.length <= 254 && (matcher ??= new RegExp(address, 'u')).test(value)
      ? { value }
      : { finding: { code: 'invalid' } }
  },
  show: (value) => (typeof value === 'string' ? value : ''),
  schema: () => ({ type: 'string', maxLength: 254, pattern: address }),
}
