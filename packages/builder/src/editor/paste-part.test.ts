import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { expect, test } from 'vitest'
import { copyParts, readCopied } from './copied-part.ts'
import { type Definition, type Edited, isRefused } from './edit.ts'
import { pastePart } from './paste-part.ts'
import { permit } from './permit.test-helper.ts'

const source = permit()
source.languages = ['el', 'en']
source.tables = { rate: { a: { k: 1 } }, other: {} }
source.pages[0].fields.push({
  id: 'home',
  type: 'group',
  label: { el: 'Σπίτι', en: 'Home' },
  fields: [
    { id: 'name', type: 'text', label: { el: 'Όνομα' } },
    {
      id: 'rent',
      type: 'number',
      label: { el: 'Ενοίκιο', en: 'Rent' },
      when: { and: [{ has: { var: 'name' } }, { '>': [{ row: ['rate', 'a', 'k'] }, 0] }, { has: { var: 'far' } }] },
    },
  ],
} as never)
source.documents = [{ id: 'lease', label: { el: 'Μισθωτήριο', en: 'Lease' } }]

const paste = (pointer: string, target: Definition, parent = '/pages/0', index?: number): Edited => {
  const copied = readCopied(JSON.stringify(copyParts(source, [pointer])))
  if (!copied) throw new Error('nothing copied')
  const outcome = pastePart({ copied, parent, settings, ...(index === undefined ? {} : { index }) })(target)
  expect(isRefused(outcome), JSON.stringify(outcome)).toBe(false)
  expect(serviceDefinition((outcome as Edited).definition)).toBe(true)
  return outcome as Edited
}

test('a group comes with new ids where needed, its rules, its tables and the languages of the service', () => {
  const { definition, part } = paste('/pages/0/fields/1', permit(), '/pages/0', 0)
  expect(part).toBe('/pages/0/fields/0')
  expect(definition.pages[0].fields[0]).toEqual({
    id: 'home',
    type: 'group',
    label: { en: 'Home' },
    fields: [
      { id: 'name_2', type: 'text', label: { en: 'Όνομα' } },
      {
        id: 'rent',
        type: 'number',
        label: { en: 'Rent' },
        when: { and: [{ has: { var: 'name_2' } }, { '>': [{ row: ['rate', 'a', 'k'] }, 0] }, { has: { var: 'far' } }] },
      },
    ],
  })
  expect(definition.tables).toEqual({ rate: { a: { k: 1 } } })
})

test('a table of the same name is not overwritten', () => {
  const target = { ...permit(), tables: { rate: { mine: { k: 9 } } } }
  expect(paste('/pages/0/fields/1', target).definition.tables).toEqual(target.tables)
})

test('pages and documents go among their like', () => {
  const page = paste('/pages/0', permit(), '', 1)
  expect(page.definition.pages.map(({ id, fields }) => [id, fields.map((field) => field.id)])).toEqual([
    ['you', ['name']],
    ['you_2', ['name_2', 'home']],
  ])
  const { definition, part } = paste('/documents/0', permit(), '')
  expect([part, definition.documents]).toEqual(['/documents/0', [{ id: 'lease', label: { en: 'Lease' } }]])
  expect(paste('/documents/0', definition).definition.documents?.map(({ id }) => id)).toEqual(['lease', 'lease_2'])
})

test('what is no part is not taken', () => {
  for (const text of ['', 'hello', '{}', '{"guichet":"part","kind":"field","part":3}', 'null']) expect(readCopied(text)).toBeNull()
  const broken = readCopied('{"guichet":"part","kind":"page","part":{"id":"x","title":3,"fields":"none"}}')
  expect(broken && pastePart({ copied: broken, parent: '', settings })(permit())).toMatchObject({ refused: 'shape' })
})
