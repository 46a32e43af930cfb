import type { FieldType, Locale } from '@guichet/core'
import { pickText } from '@guichet/core/text'
import type { MoneyField } from '../../generated/settings.ts'
import { readDecimal } from '../decimal.ts'

const limit = Number.MAX_SAFE_INTEGER

/** Typed major units to minor ones, digit by digit: 0.29 is 29 cents. Null if it is no amount. */
function minorUnits(typed: string, { currency, decimals }: Locale): { amount: number } | 'decimals' | null {
  const bare = typed.replace(/\p{Sc}/gu, '').replace(new RegExp(`^\\s*${currency}|${currency}\\s*$`, 'i'), '')
  const plain = readDecimal(bare, decimals)
  if (plain === null) return null
  const [whole = '', fraction = ''] = plain.split('.')
  if (fraction.length > decimals) return 'decimals'
  const amount = Number(whole + fraction.padEnd(decimals, '0')) + 0
  return Math.abs(amount) <= limit ? { amount } : null
}

/** An amount in the reader's language; where people count in another unit too (toman), in that as well. */
export function showMoney(amount: number, { currency, decimals, shownUnit }: Locale, language: string, fallback: readonly string[]): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  const shown = new Intl.NumberFormat(language, { style: 'currency', currency, ...digits }).format(amount / 10 ** decimals)
  if (!shownUnit) return shown
  const inUnit = new Intl.NumberFormat(language, { maximumFractionDigits: decimals + 4 }).format(amount / shownUnit.factor)
  return `${shown} (${inUnit} ${pickText(shownUnit.name, [language, ...fallback]).text})`
}

export const money: FieldType<MoneyField> = {
  name: 'money',
  kind: () => 'money',
  parse(input, _, { locale }) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    const read = typeof input === 'string' ? minorUnits(input, locale) : typeof input === 'number' && Number.isSafeInteger(input) ? { amount: input + 0 } : null
    if (read === null) return { finding: { code: 'invalid' } }
    if (read !== 'decimals') return { value: read.amount }
    return { finding: locale.decimals > 0 ? { code: 'decimals', params: { count: locale.decimals } } : { code: 'whole' } }
  },
  check(value, { min = 0, max }, { locale }) {
    const amount = typeof value === 'number' ? value : Number.NaN
    const said = (units: number) => ({ amount: units / 10 ** locale.decimals, currency: locale.currency })
    if (amount < min) return { code: 'tooSmall', params: said(min) }
    return max !== undefined && amount > max ? { code: 'tooBig', params: said(max) } : null
  },
  show: (value, _, { locale, language, fallback }) => (typeof value === 'number' ? showMoney(value, locale, language, fallback) : ''),
  schema: ({ min = 0, max = limit }) => ({ type: 'integer', minimum: min, maximum: max }),
}
