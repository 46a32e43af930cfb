import type { Field, Json } from '@guichet/schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDocument } from './add-document.ts'
import { addField } from './add-field.ts'
import { addLanguage } from './add-language.ts'
import { addPage } from './add-page.ts'
import { changeFieldType } from './change-field-type.ts'
import { duplicateField } from './duplicate-field.ts'
import { type Definition, type Edit, type Edited, isRefused } from './edit.ts'
import { editPart } from './edit-part.ts'
import { History } from './history.ts'
import { moveDocument } from './move-document.ts'
import { moveField } from './move-field.ts'
import { movePage } from './move-page.ts'
import { allFields, kindOf } from './part.ts'
import { read } from './pointer.ts'
import { removeDocument } from './remove-document.ts'
import { removeField } from './remove-field.ts'
import { removeLanguage } from './remove-language.ts'
import { removePage } from './remove-page.ts'
import { renameField } from './rename-field.ts'
import { renamePart } from './rename-part.ts'
import { stepPart } from './step-part.ts'

const id = { $ref: '#/$defs/id' }
const expression = { $ref: '#/$defs/expression' }
const settings = {
  text: { schema: { title: 'Text', properties: { maxLength: { type: 'integer' }, patternHint: { $ref: '#/$defs/text' } } } },
  group: { schema: { title: 'Group', properties: { fields: {}, repeat: { type: 'object' } } } },
  // An integrator's type: settings the builder has never heard of.
  meter: {
    schema: {
      title: 'Meter',
      properties: { limit: expression, readFrom: id, steps: { type: 'array', items: { type: 'object', properties: { at: expression } } } },
    },
  },
}

const start: Definition = {
  format: 1,
  id: 'permit',
  languages: ['en', 'el'],
  title: { en: 'Permit', el: 'Άδεια' },
  agency: { name: { en: 'City' } },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'You' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Name' } },
        { id: 'age', type: 'text', label: { en: 'Age' }, when: { '==': [{ var: 'name' }, 'x'] } },
        {
          id: 'members',
          type: 'group',
          label: { en: 'Members' },
          repeat: { max: 9 },
          fields: [
            { id: 'birth', type: 'text', rules: [{ rule: { '>': [{ var: 'birth' }, { var: 'age' }] }, message: { en: 'Older' } }] },
            { id: 'job', type: 'text', when: { has: [{ var: 'birth' }] } },
          ],
        },
      ],
    },
    {
      id: 'home',
      title: { en: 'Home' },
      when: { has: [{ var: 'age' }] },
      fields: [{ id: 'kwh', type: 'meter', limit: { '+': [{ var: 'age' }, 1] }, readFrom: 'age', steps: [{ at: { var: 'age' } }] } as unknown as Field],
    },
  ],
  computed: [{ id: 'total', type: 'number', value: { sum: [{ var: 'members' }, { '+': [{ var: 'birth' }, { var: 'age' }] }] } }],
  documents: [
    {
      id: 'proof',
      label: { en: 'Proof' },
      when: { some: [{ var: 'members' }, { '==': [{ var: 'members.0.birth' }, 1] }] },
      copies: { count: [{ var: 'members' }] },
    },
    { id: 'photo', label: { en: 'Photo' } },
  ],
  lookups: [{ id: 'register', source: 'x', input: { who: 'name' }, output: { 'members.birth': 'lock', age: 'verify' }, document: 'proof' }],
  wallet: ['proof'],
}

function done(outcome: ReturnType<Edit>): Edited {
  if (isRefused(outcome)) throw new Error(`refused: ${outcome.refused} ${JSON.stringify(outcome.params)}`)
  return outcome
}

const refusal = (outcome: ReturnType<Edit>) => (isRefused(outcome) ? outcome.refused : 'made')

describe('pages', () => {
  test('are added with an id from their title, in any script', () => {
    const { definition, part } = done(addPage({ title: 'Στοιχεία κατοικίας', index: 1 })(start))
    expect(part).toBe('/pages/1')
    expect(definition.pages[1]).toEqual({ id: 'stoicheia_katoikias', title: { en: 'Στοιχεία κατοικίας' }, fields: [] })
    expect(done(addPage({ title: 'You' })(start)).definition.pages[2]?.id).toBe('you_2')
  })
  test('the last one stays', () => {
    const { definition } = done(removePage({ pointer: '/pages/0' })(start))
    expect(definition.pages.map((page) => page.id)).toEqual(['home'])
    expect(refusal(removePage({ pointer: '/pages/0' })(definition))).toBe('lastPage')
  })
  test('move', () => {
    expect(done(movePage({ pointer: '/pages/1', index: 0 })(start)).definition.pages.map((page) => page.id)).toEqual(['home', 'you'])
    expect(refusal(movePage({ pointer: '/pages/0', index: 2 })(start))).toBe('noFurther')
  })
})

describe('fields', () => {
  test('move into a group whose own place shifts', () => {
    const { definition, part } = done(moveField({ pointer: '/pages/0/fields/0', parent: '/pages/0/fields/2', index: 1 })(start))
    expect(part).toBe('/pages/0/fields/1/fields/1')
    expect((read(definition, part) as Field).id).toBe('name')
  })
  test('do not move into themselves, nor into a question', () => {
    expect(refusal(moveField({ pointer: '/pages/0/fields/2', parent: '/pages/0/fields/2' })(start))).toBe('intoItself')
    expect(refusal(moveField({ pointer: '/pages/0/fields/2', parent: '/pages/0/fields/0' })(start))).toBe('notAGroup')
  })
  test('step over the edge of a page, into a group and out of it', () => {
    expect(done(stepPart({ pointer: '/pages/0/fields/2', step: 'down' })(start)).part).toBe('/pages/1/fields/0')
    expect(done(stepPart({ pointer: '/pages/1/fields/0', step: 'up' })(start)).part).toBe('/pages/0/fields/3')
    expect(refusal(stepPart({ pointer: '/pages/0/fields/0', step: 'up' })(start))).toBe('noFurther')
    expect(done(stepPart({ pointer: '/pages/0/fields/2/fields/0', step: 'out' })(start)).part).toBe('/pages/0/fields/3')
    const moved = done(stepPart({ pointer: '/pages/0/fields/1', step: 'down' })(start))
    expect(moved.part).toBe('/pages/0/fields/2')
    expect(done(stepPart({ pointer: '/pages/0/fields/2', step: 'in' })(moved.definition)).part).toBe('/pages/0/fields/1/fields/2')
  })
  test('of another type keep what both types have', () => {
    const { definition } = done(changeFieldType({ pointer: '/pages/1/fields/0', type: 'text', settings })(start))
    expect(read(definition, '/pages/1/fields/0')).toEqual({ id: 'kwh', type: 'text' })
  })
})

describe('renaming', () => {
  test('follows the name everywhere it means that field', () => {
    const { definition } = done(renameField({ pointer: '/pages/0/fields/1', id: 'years', settings })(start))
    expect(JSON.stringify(definition)).not.toMatch(/"age"/)
    expect(read(definition, '/pages/1/when')).toEqual({ has: [{ var: 'years' }] })
    expect(read(definition, '/pages/1/fields/0')).toMatchObject({ limit: { '+': [{ var: 'years' }, 1] }, readFrom: 'years', steps: [{ at: { var: 'years' } }] })
    expect(read(definition, '/lookups/0/output')).toEqual({ 'members.birth': 'lock', years: 'verify' })
    expect(serviceDefinition(definition)).toBe(true)
  })
  test('a row field is followed inside its rows only', () => {
    const { definition } = done(renameField({ pointer: '/pages/0/fields/2/fields/0', id: 'born', settings })(start))
    expect(definition.computed?.[0]?.value).toEqual({ sum: [{ var: 'members' }, { '+': [{ var: 'born' }, { var: 'age' }] }] })
    expect(definition.documents?.[0]?.when).toEqual({ some: [{ var: 'members' }, { '==': [{ var: 'members.0.born' }, 1] }] })
    expect(read(definition, '/pages/0/fields/2/fields/1/when')).toEqual({ has: [{ var: 'born' }] })
    expect(read(definition, '/lookups/0/output')).toEqual({ 'members.born': 'lock', age: 'verify' })
    // The same name outside the rows means nothing, and is left alone.
    const stray: Definition = { ...start, routes: [{ to: 'desk', when: { has: [{ var: 'birth' }] } }] }
    expect(done(renameField({ pointer: '/pages/0/fields/2/fields/0', id: 'born', settings })(stray)).definition.routes).toEqual(stray.routes)
  })
  test('refuses names that are taken or malformed', () => {
    expect(refusal(renameField({ pointer: '/pages/0/fields/1', id: 'total', settings })(start))).toBe('idTaken')
    expect(refusal(renameField({ pointer: '/pages/0/fields/1', id: 'Age!', settings })(start))).toBe('idForm')
  })
  test('a document is followed by wallet and look-ups', () => {
    const { definition } = done(renamePart({ pointer: '/documents/0', id: 'deed', settings })(start))
    expect(definition.wallet).toEqual(['deed'])
    expect(definition.lookups?.[0]?.document).toBe('deed')
  })
})

test('a copy brings everything along, and its expressions mean the copy', () => {
  const { definition, part } = done(duplicateField({ pointer: '/pages/0/fields/2', settings })(start))
  const [copy, original] = [read(definition, part) as Record<string, Json>, read(start, '/pages/0/fields/2') as Record<string, Json>]
  expect(copy).toEqual({ ...original, id: 'members_2' })
  const own: Definition = {
    ...start,
    pages: [{ ...start.pages[0], fields: [{ id: 'a', type: 'text', rules: [{ rule: { has: [{ var: 'a' }] }, message: { en: 'm' } }] }] }],
  }
  expect(done(duplicateField({ pointer: '/pages/0/fields/0', settings })(own)).definition.pages[0].fields[1]).toMatchObject({
    id: 'a_2',
    rules: [{ rule: { has: [{ var: 'a_2' }] } }],
  })
})

test('a language takes its texts along, and the last one stays', () => {
  const { definition } = done(removeLanguage({ language: 'el', settings })(start))
  expect(definition.title).toEqual({ en: 'Permit' })
  expect(refusal(removeLanguage({ language: 'en', settings })(definition))).toBe('lastLanguage')
  // What was written in the first language alone is kept as an empty text of the next.
  expect(done(removeLanguage({ language: 'en', settings })(start)).definition.agency.name).toEqual({ el: '' })
})

test('an edit that would break the shape is refused with the place', () => {
  expect(editPart({ pointer: '', path: '/locale/decimals', value: 9 })(start)).toEqual({ refused: 'shape', params: { pointer: '/locale/decimals' } })
  expect(refusal(editPart({ pointer: '/pages/0', path: '/id', value: 'x' })(start))).toBe('shape')
})

const text = fc.constantFrom('Name', 'Έτος', 'سن', '12 Uhr', '', '%%', 'a very long question label that goes on and on')
const index = fc.nat({ max: 4 })
const newId = fc.constantFrom('name', 'age', 'born', 'X y', 'proof')
const pointer = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '/pages/0',
      '/pages/1',
      '/pages/0/fields/0',
      '/pages/0/fields/1',
      '/pages/0/fields/2',
      '/pages/1/fields/0',
      '/documents/0',
      '/documents/1',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('/pages/0/fields/0/fields/0', '/pages/0/fields/2/fields/1', '/pages/1/fields/1/fields/0') },
  { weight: 1, arbitrary: fc.constantFrom('', '/pages', '/agency', '/pages/7', '/pages/0/fields', '/nowhere/3') },
)
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ title: text, index }).map(addPage),
  fc.record({ pointer }).map(removePage),
  fc.record({ pointer, index }).map(movePage),
  fc.record({ parent: pointer, index, type: fc.constantFrom('text', 'meter'), label: text }).map(addField),
  fc.record({ parent: pointer, index, label: text }).map((args) => addField({ ...args, type: 'group', settings: { fields: [], repeat: {} } })),
  fc.record({ pointer }).map(removeField),
  fc.record({ pointer, parent: pointer, index }).map(moveField),
  fc.record({ pointer }).map((args) => duplicateField({ ...args, settings })),
  fc.record({ pointer, id: newId }).map((args) => renameField({ ...args, settings })),
  fc.record({ pointer, id: newId }).map((args) => renamePart({ ...args, settings })),
  fc.record({ pointer, type: fc.constantFrom('text', 'group', 'meter', 'none') }).map((args) => changeFieldType({ ...args, settings })),
  fc.record({ label: text, index }).map(addDocument),
  fc.record({ pointer }).map(removeDocument),
  fc.record({ pointer, index }).map(moveDocument),
  fc.record({ pointer, step: fc.constantFrom('up', 'down', 'in', 'out') }).map(stepPart),
  fc.constantFrom('el', 'fa', 'en', 'xx-bad-', 'de').map((language) => addLanguage({ language })),
  fc.constantFrom('el', 'fa', 'en', 'de').map((language) => removeLanguage({ language, settings })),
  fc
    .record({
      pointer,
      path: fc.constantFrom('/label', '/title/en', '/when', '/optional', '/id', '/fields', '', '/x-note', '/maxBytes'),
      value: fc.constantFrom<unknown>(undefined, null, true, 7, 'text', { en: 'T' }, { '==': [1, 1] }, []),
    })
    .map(editPart),
)

const fieldNames = (definition: Definition) => [...allFields(definition)].map(({ field }) => field.id)

test('a field in a group keeps its shape as one on a page does', () => {
  const pointer = '/pages/0/fields/2/fields/1'
  for (const value of [7, 'text', []]) expect(editPart({ pointer, path: '/label', value })(start)).toMatchObject({ refused: 'shape' })
  expect(isRefused(editPart({ pointer, path: '/label', value: { en: 'Job' } })(start))).toBe(false)
})

test('any edits keep a definition in shape or are refused, and undo and redo end byte-identical', () => {
  const made = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 40 }), (edits) => {
      let now = 0
      const words = { key: 'start', params: {} }
      const history = new History<Definition>(start, words, '', { now: () => (now += 1000), mergeWithin: 0 })
      const snapshots = [JSON.stringify(start)]
      for (const run of edits) {
        const before = JSON.stringify(history.value)
        const outcome = run(history.value)
        expect(JSON.stringify(history.value)).toBe(before)
        if (isRefused(outcome)) continue
        made.set(outcome.words.key, (made.get(outcome.words.key) ?? 0) + 1)
        expect(serviceDefinition(outcome.definition), JSON.stringify(serviceDefinition.errors)).toBe(true)
        expect(
          outcome.part === '' ||
            outcome.part === '/languages' ||
            outcome.part === '/documents' ||
            kindOf(outcome.part) === null ||
            read(outcome.definition, outcome.part) !== undefined,
        ).toBe(true)
        if (/^(add|duplicate|rename)/.test(outcome.words.key))
          expect(new Set(fieldNames(outcome.definition)).size - new Set(fieldNames(history.value)).size).toBeLessThanOrEqual(1)
        history.push(outcome.definition, outcome.words, outcome.part)
        snapshots.push(JSON.stringify(outcome.definition))
      }
      for (let i = snapshots.length - 2; i >= 0; i--) {
        expect(history.undo()).not.toBeNull()
        expect(JSON.stringify(history.value)).toBe(snapshots[i])
      }
      expect(history.undo()).toBeNull()
      expect(history.value).toBe(start)
      while (history.redo());
      expect(JSON.stringify(history.value)).toBe(snapshots.at(-1))
    }),
    { numRuns: 300 },
  )
  // The property would be empty if the generator only made edits that are refused.
  for (const key of [
    'addPage',
    'removePage',
    'movePage',
    'addField',
    'moveField',
    'removeField',
    'duplicateField',
    'rename',
    'changeFieldType',
    'addDocument',
    'removeDocument',
    'moveDocument',
    'addLanguage',
    'removeLanguage',
    'editPart',
  ])
    expect(made.get(key) ?? 0, key).toBeGreaterThan(0)
})
