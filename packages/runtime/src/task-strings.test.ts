import languages from '@guichet/core/languages.json' with { type: 'json' }
import { expect, test } from 'vitest'
import strings from './task-strings.json' with { type: 'json' }

const places = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

test('every string of the task list is there in every language, with the same places, and each state has one', () => {
  for (const [key, byLanguage] of Object.entries(strings)) {
    expect(Object.keys(byLanguage).sort(), key).toEqual([...languages.languages].sort())
    for (const text of Object.values(byLanguage)) expect(places(text), key).toEqual(places(byLanguage.en))
  }
  for (const state of ['waiting', 'new', 'begun', 'problem', 'done']) expect(strings).toHaveProperty([`tasks.${state}`, 'en'])
})
