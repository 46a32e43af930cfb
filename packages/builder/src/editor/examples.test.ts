import { compile, type FieldTypes } from '@guichet/core'
import { changedParts, whatComesOf } from '@guichet/core/saved-examples'
import { fieldTypes } from '@guichet/fields/field-types'
import { serviceDefinition } from '@guichet/schemas/validators'
import { expect, it } from 'vitest'
import { type Definition, type Edit, isRefused } from './edit.ts'
import { keepExample } from './keep-example.ts'
import { removeExample } from './remove-example.ts'
import { renameExample } from './rename-example.ts'
import { renameField } from './rename-field.ts'
import { renamePart } from './rename-part.ts'
import { renewExample } from './renew-example.ts'

const types: FieldTypes = fieldTypes
const today = '2026-01-05'
const start = {
  format: 1,
  id: 'permit',
  languages: ['en'],
  title: { en: 'Permit' },
  agency: { name: { en: 'City' } },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'You' },
      fields: [
        {
          id: 'members',
          type: 'group',
          label: { en: 'Members' },
          repeat: { max: 9 },
          fields: [{ id: 'age', type: 'number', label: { en: 'Age' }, rules: [{ rule: { '>': [{ var: 'age' }, 17] }, message: { en: 'Young' } }] }],
        },
      ],
    },
  ],
  documents: [{ id: 'proof', label: { en: 'Proof' }, when: { '>': [{ count: { var: 'members' } }, 1] } }],
} as unknown as Definition
const answers = { members: [{ age: 20 }, { age: 3 }] }

const made = (definition: Definition, ...edits: Edit[]): Definition =>
  edits.reduce((before, edit) => {
    const outcome = edit(before)
    if (isRefused(outcome)) throw new Error(outcome.refused)
    expect(serviceDefinition(outcome.definition), JSON.stringify(serviceDefinition.errors)).toBe(true)
    return outcome.definition
  }, definition)
const keep = keepExample({ name: 'Two of us', answers, today, types })
const changed = (definition: Definition) => (definition.examples ?? []).map((example) => changedParts(compile(definition, types), example))

it('are kept with what comes of them', () => {
  const kept = made(start, keep, keep)
  expect(kept.examples).toHaveLength(2)
  expect(new Set(kept.examples?.map(({ id }) => id)).size).toBe(2)
  expect(kept.examples?.[0]).toMatchObject({
    name: 'Two of us',
    today,
    answers,
    expects: { pages: ['you'], documents: { proof: 1 }, problems: ['/members/1/age rule'] },
  })
  expect(changed(kept)).toEqual([[], []])
})

it('follow new ids of fields, pages and documents', () => {
  const settings = {}
  const renamed = made(
    start,
    keep,
    renameField({ pointer: '/pages/0/fields/0', id: 'people', settings }),
    renameField({ pointer: '/pages/0/fields/0/fields/0', id: 'years', settings }),
    renamePart({ pointer: '/pages/0', id: 'us', settings }),
    renamePart({ pointer: '/documents/0', id: 'paper', settings }),
  )
  expect(renamed.examples?.[0]).toMatchObject({
    answers: { people: [{ years: 20 }, { years: 3 }] },
    expects: { pages: ['us'], documents: { paper: 1 }, problems: ['/people/1/years rule'] },
  })
  expect(changed(renamed)).toEqual([[]])
  expect(whatComesOf(compile(renamed, types), renamed.examples?.[0]?.answers as never, today)).toEqual(renamed.examples?.[0]?.expects)
})

it('are renewed, renamed and removed', () => {
  const kept = made(start, keep)
  const other = { ...kept, documents: undefined } as unknown as Definition
  expect(changed(other)).toEqual([['documents']])
  expect(changed(made({ ...kept, documents: [] } as never, renewExample({ index: 0, types })))).toEqual([[]])
  expect(made(kept, renameExample({ index: 0, name: ' Three ' })).examples?.[0]?.name).toBe('Three')
  expect(made(kept, renameExample({ index: 0, name: ' ' }))).toBe(kept)
  expect(made(kept, removeExample({ index: 0 }))).toEqual(start)
  for (const edit of [removeExample({ index: 4 }), renewExample({ index: 4, types }), renameExample({ index: 4, name: 'x' })])
    expect(isRefused(edit(kept))).toBe(true)
})

it('are fifty at most', () => {
  const full = { ...start, examples: Array.from({ length: 50 }, (_, i) => ({ id: `e${i}` })) } as unknown as Definition
  expect(keep(full)).toMatchObject({ refused: 'tooManyExamples' })
})
