import type { Json } from '@guichet/schemas'
import { numberText, pluralOf } from './without-intl.ts'

/** A text in several languages. */
export type Text = Readonly<Record<string, string>>

/** A message of the interface: a sentence, or one for each plural category of `{count}`. */
export type Message = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>

/** Strings of the interface in one language. */
export type Messages = Readonly<Record<string, Message>>

/** The text in the first language that has it, and which language that is. */
export function pickText(text: Text | undefined, languages: readonly string[]): { text: string; language: string } {
  if (text) {
    for (const language of [...languages, ...Object.keys(text)]) {
      const found = text[language]
      if (found) return { text: found, language }
    }
  }
  return { text: '', language: languages[0] ?? '' }
}

/**
 * What stands in a message's place. Numbers are written in the language's own digits; `{number: 5, style: 'unit', unit:
 * 'megabyte'}` and `{date: '2025-03-20', calendar: 'persian'}` go through Intl with those options, so that a finding can
 * name a limit without knowing who will read it.
 */
function placed(value: Json | undefined, language: string): string {
  if (typeof value === 'number') return numberText(value, language)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (typeof value.number === 'number') return new Intl.NumberFormat(language, value).format(value.number)
    if (typeof value.date === 'string') {
      const date = new Date(value.date.length > 10 ? `${value.date}Z` : value.date)
      return Number.isNaN(date.getTime()) ? value.date : new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC', ...value }).format(date)
    }
  }
  return String(value ?? '')
}

/** Fills `{name}` places (see `placed`); plural forms are picked by Intl. */
export function formatMessage(message: Message | undefined, params: Readonly<Record<string, Json>>, language: string): string {
  const count = params.count
  const form = typeof message === 'object' ? (message[pluralOf(typeof count === 'number' ? count : 0, language)] ?? message.other ?? '') : (message ?? '')
  return form.replace(/\{(\w+)\}/g, (_, name: string) => placed(params[name], language))
}

const rightToLeft = /^(ar|arc|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/

/** Writing direction of a language. */
export const directionOf = (language: string): 'rtl' | 'ltr' => (rightToLeft.test(language) ? 'rtl' : 'ltr')

/** Persian, Arabic and full-width digits and their separators as ASCII; bidi controls removed. Letters stay. */
export function asciiDigits(input: string): string {
  return input
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u06f0-\u06f9\u0660-\u0669\uff10-\uff19]/g, (digit) => String((digit.codePointAt(0) as number) & 0xf))
    .replace(/\u066b/g, '.')
    .replace(/\u066c/g, ',')
}
