import { asciiDigits } from '@guichet/core/text'

/**
 * A typed number as plain decimal digits ("-1234.5"), or null if it is none. Digits and separators of any script are
 * taken. A separator is read as a group of thousands wherever that is possible, unless `places` (the decimals that the
 * field takes) are three or more: 1.234 and 1,234 are both one thousand odd, 1.23 and 1,23 both one and a bit.
 */
export function readDecimal(typed: string, places: number): string | null {
  if (typed.length > 60) return null
  // U+066B and U+066C say by themselves which they are.
  const marked = typed
    .replace(/\u066c/g, '_')
    .replace(/\u066b/g, '|')
    .replace(/\u060c/g, ',')
  const plain = asciiDigits(marked)
    .replace(/[\u2212\u2010-\u2015]/g, '-')
    .trim()
  const [, sign = '', body = ''] = /^([+-]?)\s*([\d.,|_'’\s]+)$/.exec(plain) ?? []
  const digits = body.replace(/['’_\s]/g, (mark, at: number) => (/\d/.test(body[at - 1] ?? '') && /\d/.test(body[at + 1] ?? '') ? '' : mark))
  const parts = /^(\d*)((?:[.,]\d{3})*)(?:([.,|])(\d*))?$/.exec(digits)
  if (!parts || !/\d/.test(digits)) return null
  let [, whole = '', groups = '', point = '', fraction = ''] = parts
  const decimalAfter = (at: number) => {
    point = '|'
    fraction = groups.slice(at + 1)
    groups = groups.slice(0, at)
  }
  const last = groups.length - 4
  const grouped = /^[1-9]\d{0,2}$/.test(whole)
  if (groups && !point && (last === 0 ? !grouped || places >= 3 : groups[last] !== groups[0])) decimalAfter(last)
  const separators = new Set(groups.replace(/\d/g, ''))
  if (groups && (!grouped || separators.size > 1 || separators.has(point))) return null
  whole = (whole + groups.replace(/\D/g, '')).replace(/^0+(?=\d)/, '') || '0'
  fraction = point ? fraction.replace(/0+$/, '') : ''
  const value = fraction ? `${whole}.${fraction}` : whole
  return sign === '-' && /[1-9]/.test(value) ? `-${value}` : value
}

/** Digits behind the point of a number, as it is written without an exponent. */
export function placesOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? []
  return Math.max(0, fraction.length - Number(exponent))
}

/** A number to be typed on: no groups, the language's own digits and point. */
export const typedNumber = (value: number, language: string, places = 20): string =>
  new Intl.NumberFormat(language, { useGrouping: false, maximumFractionDigits: places }).format(value)
