import type { FieldType } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { PhoneField } from '../../generated/settings.ts'

/**
 * Numbering plans, as far as they tell a typing mistake from a number: calling code, the prefix of calls inside the
 * country, and the significant number. Fixed and mobile lines; no short or premium-rate numbers.
 */
const plans = {
  GR: { code: '30', trunk: '', number: /^(?:2\d{9}|(?:69|94)\d{8}|68[57-9]\d{7})$/ },
  VN: { code: '84', trunk: '0', number: /^(?:[35789]\d{8}|2\d{9})$/ },
  HU: { code: '36', trunk: '06', number: /^(?:(?:20|30|31|50|70)\d{7}|1\d{7}|(?:2[2-9]|3[2-7]|4[24-9]|5[2-79]|6[23689]|7[2-9]|8[02-57-9]|9[2-69])\d{6})$/ },
  IR: { code: '98', trunk: '0', number: /^(?:9\d{9}|[1-8]\d{9})$/ },
  IE: { code: '353', trunk: '0', number: /^(?:8(?:22|[35-9]\d)\d{6}|1\d{7,8}|[24-79]\d{6,8}|48\d{8})$/ },
} as const

const e164 = '^\\+[1-9][0-9]{6,14}$'
const international = new RegExp(e164)

/** The number of a plan in international form, with or without its trunk prefix. */
function within(digits: string, { code, trunk, number }: (typeof plans)[keyof typeof plans]): string | null {
  if (number.test(digits)) return `+${code}${digits}`
  const rest = trunk && digits.startsWith(trunk) ? digits.slice(trunk.length) : ''
  return number.test(rest) ? `+${code}${rest}` : null
}

export const phone: FieldType<PhoneField> = {
  name: 'phone',
  kind: () => 'text',
  parse(input, { country }) {
    if (input === null) return { value: null }
    const typed = typeof input === 'string' ? asciiDigits(input).trim() : '?'
    if (!typed) return { value: null }
    // "+30 (0) 69 …" is how some write a number for both kinds of call.
    const bare = typed.replace(/^((?:\+|00)[^(]*)\(0\)/, '$1').replace(/[\s\u00ad\u200b-\u200d\u2060.()/‐-―−-]/g, '')
    const refused = { finding: { code: typed.length > 40 || !/^\+?\d+$/.test(bare) || country || bare.startsWith('+') ? 'invalid' : 'noCountry' } }
    if (typed.length > 40 || !/^\+?\d+$/.test(bare)) return refused
    const plan = country ? plans[country] : null
    const abroad = bare.startsWith('+') ? bare.slice(1) : bare.startsWith('00') ? bare.slice(2) : null
    if (abroad === null) {
      if (!plan) return refused
      const value = within(bare, plan) ?? (bare.startsWith(plan.code) ? within(bare.slice(plan.code.length), plan) : null)
      return value ? { value } : refused
    }
    const known = Object.values(plans).find(({ code }) => abroad.startsWith(code))
    const value = known ? within(abroad.slice(known.code.length), known) : `+${abroad}`
    return value && international.test(value) ? { value } : refused
  },
  /** +30 691 234 5678: the calling code apart, then threes with the longer group last. */
  show(value) {
    if (typeof value !== 'string') return ''
    const known = Object.values(plans).find(({ code }) => value.startsWith(`+${code}`))
    if (!known) return value
    const rest = value.slice(known.code.length + 1)
    return `+${known.code} ${rest.replace(/\d{3}(?=\d{3})/g, '$& ')}`
  },
  schema: () => ({ type: 'string', pattern: e164 }),
}
