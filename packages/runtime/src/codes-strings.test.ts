import { readFileSync } from 'node:fs'
import languages from '@guichet/core/languages.json' with { type: 'json' }
import { expect, test } from 'vitest'
import strings from './codes-strings.json' with { type: 'json' }

const source = readFileSync(new URL('codes.ts', import.meta.url), 'utf8')
const places = (message: object | string) => [...new Set(JSON.stringify(message).match(/\{\w+\}/g))].sort()
const said = [...source.matchAll(/['`](code\.[\w.]+?)(?:\.\$\{props\.field\.type\})?['`]/g)].map(([, key]) => key as string)

test('every string about codes is there in every language, with the same places and all plural forms', () => {
  for (const [key, byLanguage] of Object.entries<Record<string, object | string>>(strings)) {
    expect(Object.keys(byLanguage).sort(), key).toEqual([...languages.languages].sort())
    for (const [language, message] of Object.entries(byLanguage)) {
      expect(places(message), key).toEqual(places(byLanguage.en as string))
      if (typeof message === 'object') expect(Object.keys(message)).toEqual(new Intl.PluralRules(language).resolvedOptions().pluralCategories)
    }
    expect(said, key).toContain(key.replace(/\.(email|phone)$/, ''))
  }
})

test('every string that is said is there', () => {
  expect(said.length).toBeGreaterThan(8)
  for (const key of said)
    expect(
      Object.keys(strings).some((own) => own === key || own === `${key}.email`),
      key,
    ).toBe(true)
})
