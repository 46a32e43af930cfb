import { type FieldTypes, lint } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import { describe, expect, test } from 'vitest'
import { addPreset } from './editor/add-preset.ts'
import { type Definition, isRefused } from './editor/edit.ts'
import { read } from './editor/pointer.ts'
import { renameField } from './editor/rename-field.ts'
import { presetOf } from './pickable.ts'
import presets from './presets.json' with { type: 'json' }

const blank = (languages: readonly string[]): Definition =>
  ({
    format: 1,
    id: 'service',
    languages,
    title: Object.fromEntries(languages.map((language) => [language, 'Service'])),
    agency: { name: Object.fromEntries(languages.map((language) => [language, 'City'])) },
    locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: [{ id: 'one', title: Object.fromEntries(languages.map((language) => [language, 'One'])), fields: [] }],
  }) as never
const errors = (definition: unknown) =>
  lint(definition, fieldTypes as unknown as FieldTypes, fieldSettings)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, pointer }) => `${code} ${pointer}`)
const added = (name: string, definition: Definition) => {
  const preset = presetOf(`preset:${name}`)
  if (!preset) throw new Error(name)
  const edited = addPreset({ parent: '/pages/0', preset, label: 'Members' })(definition)
  if (isRefused(edited)) throw new Error(edited.refused)
  return edited.definition
}

describe.each(Object.keys(presets))('the preset %s', (name) => {
  test.each([[['en', 'el', 'vi', 'hu', 'fa']], [['fa']], [['el-CY']], [['de']]])('can be published as it comes, in %s', (languages) => {
    const definition = added(name, blank(languages))
    expect(
      errors({ ...definition, pages: definition.pages.map((page) => ({ ...page, fields: page.fields.map((field) => ({ ...field, label: page.title })) })) }),
    ).toEqual([])
    expect(JSON.stringify(definition)).not.toContain('@self')
  })

  test('can be added twice', () => {
    const label = blank(['en'])
    expect(errors(added(name, added(name, label)))).toEqual([])
  })
})

test('what a table says of its columns follows when they get other names', () => {
  const definition = added('table', blank(['en']))
  const renamed = renameField({ pointer: '/pages/0/fields/0/fields/1', id: 'sum', settings: fieldSettings as never })(definition)
  if (isRefused(renamed)) throw new Error(renamed.refused)
  expect(read(renamed.definition, '/pages/0/fields/0/repeat')).toEqual({ as: 'table', each: 'kind', totals: ['sum'] })
  expect(errors(renamed.definition)).toEqual([])
})

test('an option that a household rule counts cannot go without a word', () => {
  const definition = added('household', blank(['en'])) as never as { pages: { fields: { fields: { options: unknown[] }[] }[] }[] }
  definition.pages[0]?.fields[0]?.fields[1]?.options.splice(0, 1)
  expect(errors(definition).join()).toContain('expression.unknownOption')
})
