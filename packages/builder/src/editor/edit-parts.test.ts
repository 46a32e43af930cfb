import { expect, test } from 'vitest'
import type { Definition } from './edit.ts'
import { commonTo, editParts } from './edit-parts.ts'
import { permit } from './permit.test-helper.ts'

const service = (): Definition => {
  const definition = permit()
  definition.pages[0].fields = [
    { id: 'a', type: 'text', label: { en: 'A' }, purpose: { en: 'To know' }, legalBasis: { en: 'Act 1' } },
    { id: 'b', type: 'number', label: { en: 'B' }, purpose: { en: 'To know' }, legalBasis: { en: 'Act 2' } },
    { id: 'g', type: 'group', label: { en: 'G' }, fields: [{ id: 'c', type: 'phone', label: { en: 'C' } }] },
  ] as never
  definition.documents = [{ id: 'x', label: { en: 'X' } }]
  return definition
}
const [a, b, c] = ['/pages/0/fields/0', '/pages/0/fields/1', '/pages/0/fields/2/fields/0'] as const

test('what parts say alike is shown, and nothing of what they say differently', () => {
  expect(commonTo(service(), [a, b], ['purpose', 'legalBasis', 'optional'])).toEqual({ purpose: { en: 'To know' } })
  expect(commonTo(service(), [a, c], ['purpose'])).toEqual({})
})

test('a setting is given to all of them, in groups too, in one step', () => {
  const outcome = editParts({ pointers: [c, a, b], path: '/personalData', value: 'contact', shown: {} })(service())
  if ('refused' in outcome) throw new Error(outcome.refused)
  const [one, two, group] = outcome.definition.pages[0].fields as { personalData?: string; fields?: { personalData?: string }[] }[]
  expect([one?.personalData, two?.personalData, group?.fields?.[0]?.personalData, group?.personalData]).toEqual(['contact', 'contact', 'contact', undefined])
  expect(outcome.parts).toEqual([a, b, c])
  expect(outcome.words).toEqual({ key: 'editParts', params: { number: 3 } })
})

test('where they differ, what is written replaces the whole of it', () => {
  const outcome = editParts({ pointers: [a, b], path: '/legalBasis', value: { en: 'Act 3' }, shown: {} })(service())
  if ('refused' in outcome) throw new Error(outcome.refused)
  expect(outcome.definition.pages[0].fields.slice(0, 2).map((field) => field.legalBasis)).toEqual([{ en: 'Act 3' }, { en: 'Act 3' }])
})

test('none has it if one cannot, and questions are not mixed with documents', () => {
  expect(editParts({ pointers: [a, b], path: '/personalData', value: 'secret', shown: {} })(service())).toMatchObject({ refused: 'shape' })
  expect(editParts({ pointers: [a, '/documents/0'], path: '/personalData', value: 'none', shown: {} })(service())).toMatchObject({ refused: 'severalKinds' })
  expect(editParts({ pointers: [a, b], path: '/id', value: 'z', shown: {} })(service())).toMatchObject({ refused: 'shape' })
})
