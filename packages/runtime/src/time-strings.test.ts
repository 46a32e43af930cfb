import { readFileSync } from 'node:fs'
import languages from '@guichet/core/languages.json' with { type: 'json' }
import { expect, test } from 'vitest'
import strings from './time-strings.json' with { type: 'json' }

const source = readFileSync(new URL('time-limits.ts', import.meta.url), 'utf8')
const places = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

test('every string about time is there in every language, with the same places', () => {
  for (const [key, byLanguage] of Object.entries(strings)) {
    expect(Object.keys(byLanguage).sort(), key).toEqual([...languages.languages].sort())
    for (const text of Object.values(byLanguage)) expect(places(text), key).toEqual(places(byLanguage.en))
  }
})

test('each limit is told of, and what it comes to; what can be made longer offers it', () => {
  for (const name of ['session', 'window', 'draft', 'files'])
    for (const state of ['soon', 'over']) expect(strings, name).toHaveProperty([`time.${name}.${state}`, 'en'])
  for (const name of ['session', 'draft', 'files']) expect(strings, name).toHaveProperty([`time.${name}.extend`, 'en'])
  for (const name of ['session', 'draft']) expect(strings, name).toHaveProperty([`time.${name}.longer`, 'en'])
  for (const key of ['time.title', 'time.failed']) expect(source).toContain(`'${key}'`)
})
