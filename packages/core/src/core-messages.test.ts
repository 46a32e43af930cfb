import { expect, test } from 'vitest'
import messages from './core.messages.json' with { type: 'json' }
import languageList from './languages.json' with { type: 'json' }
import { formatMessage, type Message } from './text.ts'

const { languages } = languageList

const counted = ['group.tooFew', 'group.tooMany', 'document.missing', 'document.tooMany']

test('every code that core gives can be said, with its count, in every language', () => {
  expect(Object.keys(messages).sort()).toEqual(['required', 'unique', 'disagrees', 'group.named', ...counted].sort())
  for (const [code, byLanguage] of Object.entries(messages) as [string, Record<string, Message>][])
    for (const language of languages)
      for (const count of counted.includes(code) ? [1, 2, 5, 11] : [0]) {
        const said = formatMessage(byLanguage[language], { count }, language)
        expect(said, `${code} in ${language}`).toMatch(/\S{3}/)
        if (count > 0) expect(said, `${code} in ${language}`).toContain(new Intl.NumberFormat(language).format(count))
      }
})

test('all plural forms of each language are there', () => {
  for (const code of counted)
    for (const language of languages) {
      const message = (messages as unknown as Record<string, Record<string, Message>>)[code]?.[language]
      expect(Object.keys(message as object).sort(), `${code} in ${language}`).toEqual(new Intl.PluralRules(language).resolvedOptions().pluralCategories.sort())
    }
})
