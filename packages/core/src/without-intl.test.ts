import { expect, test, vi } from 'vitest'
import list from './languages.json' with { type: 'json' }
import { numberText, ownName, pluralOf } from './without-intl.ts'

const others = ['de', 'ar', 'fr-CA', 'en-GB']
const counts = [...Array.from({ length: 1001 }, (_, i) => i), -1, -0, 0.5, 1.5, 999.5, 12_345, 1_000_000]

test.each([...list.languages, ...others])('numbers and plurals of %s are as Intl has them', (language) => {
  const format = new Intl.NumberFormat(language)
  const rules = new Intl.PluralRules(language)
  for (const count of counts) {
    expect(numberText(count, language)).toBe(format.format(count))
    expect(pluralOf(count, language)).toBe(rules.select(count))
  }
})

test.each([...list.languages, ...others])('the own name of %s is as Intl has it', (language) => {
  expect(ownName(language)).toBe(new Intl.DisplayNames([language], { type: 'language' }).of(language))
})

test.each(list.languages)('nothing of Intl is asked in %s', (language) => {
  vi.stubGlobal('Intl', undefined)
  try {
    for (const count of [0, 1, 7, 999]) expect([numberText(count, language), pluralOf(count, language), ownName(language)]).not.toContain('')
  } finally {
    vi.unstubAllGlobals()
  }
})
