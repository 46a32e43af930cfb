/**
 * What Intl says about the interface's own languages, where that is short. The first formatter of a page costs it 12 to
 * 18 ms, in which Chromium reads its tables of locales: as much as fifty questions. With this the first page needs none.
 * The test beside holds every line of it against Intl, which is asked for all other languages and numbers.
 */
const names: ReadonlyMap<string, string> = new Map(Object.entries({ en: 'English', el: 'Ελληνικά', vi: 'Tiếng Việt', hu: 'magyar', fa: 'فارسی' }))

/** A language's own name. */
export const ownName = (language: string): string => names.get(language) ?? new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language

/** Whole, without a sign or a separator, and in a language that is known here. */
const isPlain = (value: number, language: string) => names.has(language) && /^\d{1,3}$/.test(String(value)) && !Object.is(value, -0)

export function numberText(value: number, language: string): string {
  if (!isPlain(value, language)) return new Intl.NumberFormat(language).format(value)
  return language === 'fa' ? String(value).replace(/./g, (digit) => '۰۱۲۳۴۵۶۷۸۹'.charAt(Number(digit))) : String(value)
}

export function pluralOf(count: number, language: string): Intl.LDMLPluralRule {
  if (!isPlain(count, language)) return new Intl.PluralRules(language).select(count)
  return (count === 1 && language !== 'vi') || (count === 0 && language === 'fa') ? 'one' : 'other'
}
