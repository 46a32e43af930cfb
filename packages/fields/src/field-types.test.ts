import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FieldType, Message } from '@guichet/core'
import { describe, expect, test } from 'vitest'
import { fieldSettings } from '../generated/settings-schemas.ts'
import { type Candidate, type Examples, fieldTypeSuite } from './field-type-suite.ts'
import { fieldTypes } from './field-types.ts'
import type { FieldView } from './field-view.ts'
import { fieldViews } from './field-views.ts'

const folder = import.meta.dirname
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()

describe('the folders and the lists', () => {
  test.each(names)('%s goes by its name', (name) => expect(types[name]?.name).toBe(name))

  test('every folder is listed, and every entry has a folder', () => {
    expect(Object.keys(fieldTypes).sort()).toEqual(names)
    expect(Object.keys(fieldSettings).sort()).toEqual(names)
    expect([...Object.keys(fieldViews), 'group'].sort()).toEqual(names)
  })

  test.each(names)('%s is whole', (name) => {
    const files = ['schema.json', `${name}.ts`, `${name}.examples.json`, `${name}.messages.json`]
    if (name !== 'group') files.push(`${name}.view.ts`)
    expect(files.filter((file) => !existsSync(join(folder, name, file)))).toEqual([])
  })

  test.each(names)('%s has examples of answers and of wrong settings', (name) => {
    const { examples, wrongSettings } = read(name, 'examples') as Examples
    expect(examples.length).toBeGreaterThan(0)
    expect(wrongSettings?.length).toBeGreaterThan(0)
    if (types[name]?.answers !== false && name !== 'group') {
      expect(examples.flatMap((example) => example.accepted ?? []).length).toBeGreaterThan(0)
      expect(examples.flatMap((example) => example.refused ?? []).length).toBeGreaterThan(0)
    }
  })

  test.each(names)('%s explains each setting to the author', (name) => {
    const { schema, validate } = settings[name] as Settings
    expect(schema.title).toMatch(/\S/)
    expect(schema.description).toMatch(/\S/)
    for (const [property, description] of Object.entries(schema.properties)) {
      expect(description.title, property).toMatch(/\S/)
      expect(description.description, property).toMatch(/\S/)
    }
    expect(schema.examples.length).toBeGreaterThan(0)
    for (const example of schema.examples) expect(validate(example), JSON.stringify(validate.errors)).toBe(true)
  })
})

interface Settings {
  schema: { title: string; description: string; properties: Record<string, { title?: string; description?: string }>; examples: unknown[] }
  validate: Candidate['validateSettings']
}
const settings = fieldSettings as unknown as Record<string, Settings>
const types = fieldTypes as unknown as Record<string, FieldType>
const views = fieldViews as unknown as Record<string, () => Promise<FieldView>>
const read = (name: string, kind: 'examples' | 'messages'): unknown => JSON.parse(readFileSync(join(folder, name, `${name}.${kind}.json`), 'utf8'))

for (const name of names) {
  const type = types[name]
  if (!type || !existsSync(join(folder, name, `${name}.examples.json`))) continue
  fieldTypeSuite({
    type,
    ...(views[name] ? { view: views[name] } : {}),
    examples: read(name, 'examples') as Examples,
    messages: read(name, 'messages') as Record<string, Record<string, Message>>,
    validateSettings: (settings[name] as Settings).validate,
  })
}
