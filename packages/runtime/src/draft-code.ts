/** The code that a draft is opened with: 26 of Crockford's characters, 130 random bits, made here and told to nobody. */
import { asciiDigits } from '@guichet/core'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 26

export const newCode = (): string => Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => alphabet[byte & 31]).join('')

/** In groups of four, as people copy and dictate it. */
export const groupCode = (code: string): string => (code.match(/.{1,4}/g) ?? []).join('-')

/** The bare code of what a person typed: any case, grouping and digits, letters that look like digits; null if it is none. */
export function readCode(typed: string): string | null {
  const code = asciiDigits(typed.slice(0, 200))
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  return code.length === length && !code.includes('U') ? code : null
}
