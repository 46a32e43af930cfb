import { readdirSync, readFileSync } from 'node:fs'
import languages from '@guichet/core/languages.json' with { type: 'json' }
import { expect, test } from 'vitest'
import catalog from './catalog-strings.json' with { type: 'json' }
import guide from './guide-strings.json' with { type: 'json' }
import { laterStrings, laterStringsIn } from './later-strings.ts'
import messages from './runtime.messages.json' with { type: 'json' }
import status from './status-strings.json' with { type: 'json' }
import { unreachable } from './unreachable.ts'

const all: Record<string, Readonly<Record<string, unknown>>> = { ...messages, ...laterStrings, ...guide }
/** Those of elements that stand alone, each with keys of its own. */
const alone: readonly Record<string, Readonly<Record<string, unknown>>>[] = [status, catalog]
const sources = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n')
const places = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort()

test('every string is there in every language, with the same places', () => {
  for (const [key, byLanguage] of [all, ...alone].flatMap((strings) => Object.entries(strings))) {
    expect(Object.keys(byLanguage).sort(), key).toEqual([...languages.languages].sort())
    for (const text of Object.values(byLanguage)) expect(places(text), key).toEqual(places(byLanguage.en))
  }
})

test('plural forms are those that the language has', () => {
  for (const [key, byLanguage] of [all, ...alone].flatMap((strings) => Object.entries(strings)))
    for (const [language, text] of Object.entries(byLanguage))
      if (typeof text === 'object')
        expect(Object.keys(text as object).sort(), `${key} ${language}`).toEqual([...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort())
})

test('no string is said twice, and none that nothing says', () => {
  expect(Object.keys(messages).filter((key) => key in laterStrings)).toEqual([])
  /** Keys that are put together. */
  const composed = ['term.', 'guide.signIn.', 'is.', 'step.'].filter((start) => sources.includes(`\`${start}$`))
  const unused = [all, ...alone].flatMap(Object.keys).filter((key) => !sources.includes(`'${key}'`) && !composed.some((start) => key.startsWith(start)))
  expect(unused).toEqual([])
})

test('later strings fall back to English', () => {
  expect(laterStringsIn('fa').send).toBe(laterStrings.send?.fa)
  expect(laterStringsIn('en-IE').send).toBe('Send')
  expect(laterStringsIn('mt').send).toBe('Send')
})

test('a server that is away is told of in the reader’s language', () => {
  for (const language of languages.languages) expect(unreachable(language).language).toBe(language)
  expect(unreachable('fa-IR')).toMatchObject({ language: 'fa', direction: 'rtl' })
  expect(unreachable('mt')).toMatchObject({ language: 'en', direction: 'ltr' })
})
