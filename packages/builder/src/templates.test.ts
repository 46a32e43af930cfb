import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import { describe, expect, test } from 'vitest'
import { languages } from './language.ts'
import { newService } from './new-service.ts'
import { fromTemplate, plainTemplates } from './templates.ts'

const start = (chosen: readonly string[]) =>
  newService({ title: 'Ours', languages: chosen, region: 'GR', agency: 'City', takenIds: new Set(), pageTitle: 'Page' })

describe.each(plainTemplates.map((template) => [template.id, template] as const))('%s', (_id, template) => {
  test('has nothing wrong with it, in every language', () => {
    expect(lint(template, fieldTypes, fieldSettings).filter(({ severity }) => severity === 'error')).toEqual([])
    for (const tag of languages) {
      const made = fromTemplate(template, start([tag]))
      const found = lint(made, fieldTypes, fieldSettings)
      expect(found.filter(({ severity, code }) => severity === 'error' || code === 'translation.missing')).toEqual([])
      expect(made).toMatchObject({ id: 'ours', languages: [tag], title: { [tag]: 'Ours' }, agency: { name: { [tag]: 'City' } }, locale: start([tag]).locale })
      // No text is left in a language that nobody asked for.
      for (const other of languages) if (other !== tag) expect(JSON.stringify(made.pages)).not.toContain(`{"${other}":`)
    }
  })
})

test('where a template speaks none of the languages, what it says stands in for the first', () => {
  const [template] = plainTemplates
  const made = fromTemplate(template as never, start(['sv', 'en']))
  expect(made.languages).toEqual(['sv', 'en'])
  expect(made.pages[0].title).toEqual({ en: 'Your message' })
  expect(fromTemplate(template as never, start(['sv'])).pages[0].title).toEqual({ sv: 'Your message' })
})
