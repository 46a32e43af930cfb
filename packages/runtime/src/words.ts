/** Everything that is said to a person, in the language it is said in. */
import { directionOf, formatMessage, type Json, type Messages, type Problem, pickText, type Text } from '@guichet/core'
import { numberText, ownName } from '@guichet/core/without-intl'
import type { ServiceView } from './service-view.ts'

export interface Said {
  text: string
  language: string
}

export interface Words {
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  /** Languages to take a text in, best first. */
  readonly order: readonly string[]
  /** Takes in strings that came later than the service. */
  learn(more: Messages): void
  message(key: string, params?: Readonly<Record<string, Json>>): string
  text(text: Text | undefined): Said
  /** The sentence of a problem of core's. `label` names the question. */
  problem(problem: Problem, label: string): Said
  number(value: number): string
  /** Minor units as money. */
  money(minor: number): string
  /** ISO date, or date and time. */
  date(iso: string): string
  /** The language's own name. */
  languageName(language: string): string
}

export function wordsOf({ language, messages: given, definition }: Pick<ServiceView, 'language' | 'definition' | 'messages'>): Words {
  let messages = given
  const { locale } = definition
  const order = [language, ...definition.languages]
  const message: Words['message'] = (key, params = {}) => formatMessage(messages[key], params, language)
  const text: Words['text'] = (given) => pickText(given, order)
  const number: Words['number'] = (value) => numberText(value, language)
  return {
    language,
    direction: directionOf(language),
    order,
    // What the server says goes before what came with the runtime.
    learn: (more) => {
      messages = { ...more, ...messages }
    },
    message,
    text,
    problem: ({ code, message: sentence, params }, label) => (sentence ? text(sentence) : { text: message(code, { label, ...params }), language }),
    number,
    money(minor) {
      const { currency, decimals, shownUnit } = locale
      const amount = new Intl.NumberFormat(language, {
        style: 'currency',
        currency,
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(minor / 10 ** decimals)
      if (!shownUnit || minor % shownUnit.factor !== 0) return amount
      return message('money.alsoShown', { amount, other: number(minor / shownUnit.factor), unit: text(shownUnit.name).text })
    },
    date(iso) {
      const options: Intl.DateTimeFormatOptions = { dateStyle: 'long', timeZone: 'UTC', calendar: locale.calendar }
      if (iso.length > 10) options.timeStyle = 'short'
      return new Intl.DateTimeFormat(language, options).format(new Date(iso.length > 10 ? `${iso.slice(0, 16)}Z` : iso))
    },
    languageName: ownName,
  }
}
