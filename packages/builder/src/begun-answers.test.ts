import { compile, createSession } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { expect, test } from 'vitest'
import { begunAnswers } from './begun-answers.ts'
import { permit } from './editor/permit.test-helper.ts'

const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: `Label of ${id}` }, ...more })
const service = (fields: unknown[], documents: unknown[] = []) =>
  ({ ...permit(), languages: ['en'], pages: [{ id: 'p', title: { en: 'P' }, fields }], documents }) as unknown as ReturnType<typeof permit>
const effects = (before: ReturnType<typeof service>, after: ReturnType<typeof service>) => begunAnswers(before, after, fieldTypes as never, 'en')

test('other words, another condition and another place change nothing for what was begun', () => {
  const group = (fields: unknown[]) => ({ id: 'g', type: 'group', label: { en: 'G' }, fields })
  const before = service([text('a'), text('b')])
  const after = service([
    group([text('b', { hint: { en: 'New' }, 'x-block': { block: 'x', version: 2 } })]),
    text('a', { label: { en: 'Other words' }, when: true }),
  ])
  expect(effects(before, after)).toEqual({ gone: [], again: [], added: [] })
})

test('what is gone, asked otherwise and new is named, in rows and among documents too', () => {
  const rows = (fields: unknown[]) => ({ id: 'rows', type: 'group', label: { en: 'Rows' }, repeat: {}, fields })
  const before = service(
    [text('a'), text('b'), rows([text('c')]), { id: 'note', type: 'content', body: { en: 'B' } }],
    [{ id: 'old', label: { en: 'Old paper' } }],
  )
  const after = service(
    [
      { id: 'a', type: 'number', label: { en: 'How many' } },
      rows([text('c', { maxLength: 3 }), text('d')]),
      { id: 'sum', type: 'computed', label: { en: 'S' }, value: 1 },
    ],
    [{ id: 'new', label: { en: 'New paper' } }],
  )
  expect(effects(before, after)).toEqual({
    gone: ['Label of b', 'Old paper'],
    again: ['How many', 'Label of c'],
    added: ['Label of d', 'New paper'],
  })
})

test('of a list that comes or goes the list is named, and not all that is in it', () => {
  const rows = { id: 'rows', type: 'group', label: { en: 'Rows' }, repeat: {}, fields: [text('c')] }
  expect(effects(service([text('a'), rows]), service([text('a')]))).toEqual({ gone: ['Rows'], again: [], added: [] })
  expect(effects(service([text('a')]), service([text('a'), rows]))).toEqual({ gone: [], again: [], added: ['Rows'] })
})

test('a question that works itself out from now on is no longer asked', () => {
  const before = service([text('a')])
  const after = service([{ id: 'a', type: 'computed', label: { en: 'A' }, value: 1 }])
  expect(effects(before, after)).toEqual({ gone: ['Label of a'], again: [], added: [] })
  // As a session has it: nobody's answer is taken for it.
  expect(createSession(compile(after, fieldTypes as never), { today: '2026-01-05', answers: { a: 'Ana' } }).stored()).toEqual({})
})
