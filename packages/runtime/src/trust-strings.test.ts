import { readdirSync, readFileSync } from 'node:fs'
import languages from '@guichet/core/languages.json' with { type: 'json' }
import { expect, test } from 'vitest'
import strings from './trust-strings.json' with { type: 'json' }

const sources = readdirSync(import.meta.dirname)
  .filter((file) => /^(trust|sign-in|proof)/.test(file) && file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n')
const places = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

test('every string about signing in is there in every language, with the same places, and is said', () => {
  for (const [key, byLanguage] of Object.entries(strings)) {
    expect(Object.keys(byLanguage).sort(), key).toEqual([...languages.languages].sort())
    for (const text of Object.values(byLanguage)) expect(places(text), key).toEqual(places(byLanguage.en))
    expect(sources, key).toContain(`'${key}'`)
  }
})

test('every string that is said is there', () => {
  const said = [...sources.matchAll(/'((?:signIn|proof)\.\w+)'/g)].map(([, key]) => key as string)
  expect(said.length).toBeGreaterThan(10)
  expect(said.filter((key) => !(key in strings))).toEqual([])
})
