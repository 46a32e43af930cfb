import { expect, test } from 'vitest'
import { languages } from './field-type-suite.ts'
import words from './yes-no.json' with { type: 'json' }
import { yesNo } from './yes-no.ts'

test('yes and no are known in every language of the interface', () => {
  for (const language of languages) {
    expect(yesNo(true, [language, 'en'])).toBe(words.yes[language])
    expect(yesNo(false, [language, 'en'])).toBe(words.no[language])
    expect(words.yes[language]).toMatch(/\S/)
    expect(words.no[language]).toMatch(/\S/)
  }
})

test('falls back by region, then by the next language, then to English', () => {
  expect(yesNo(true, ['el-CY'])).toBe('Ναι')
  expect(yesNo(false, ['xx', 'hu'])).toBe('Nem')
  expect(yesNo(true, ['xx'])).toBe('Yes')
  expect(yesNo(true, [])).toBe('Yes')
})
