import { expect, test } from 'vitest'
import { permit } from './editor/permit.test-helper.ts'
import { mapOf } from './service-map.ts'

test('pages, documents, the check and the routes, in the order people come to them', () => {
  const definition = permit()
  const has = (name: string) => ({ has: [{ var: name }] })
  definition.pages.push({
    id: 'two',
    title: { en: 'Two' },
    when: has('name'),
    fields: [{ id: 'g', type: 'group', fields: [{ id: 'a', type: 'text', label: { en: 'A' }, when: has('name') }] }] as never,
  })
  definition.documents = [
    { id: 'x', label: { en: 'X' }, when: has('name') },
    { id: 'y', label: { en: 'Y' }, when: has('a') },
  ]
  definition.stages = [{ id: 'review', label: { en: 'Review' } }] as never
  definition.routes = [{ when: has('a'), to: 'review' }, { to: 'auto_approve' }]
  const steps = mapOf(definition)
  expect(steps.map(({ kind, part, name }) => [kind, part, name])).toEqual([
    ['page', '/pages/0', 'You'],
    ['page', '/pages/1', 'Two'],
    ['documents', '/documents', null],
    ['check', '@handling', null],
    ['route', '@handling', 'Review'],
    ['route', '@handling', 'auto_approve'],
  ])
  expect(steps.map(({ when }) => when)).toEqual([undefined, has('name'), { or: [has('name'), has('a')] }, undefined, has('a'), undefined])
  expect(steps[1]).toMatchObject({ questions: 1, conditional: 1 })
  // One document that everybody is asked for, and everybody comes by.
  definition.documents[0] = { id: 'x', label: { en: 'X' } }
  expect(mapOf(definition)[2]?.when).toBeUndefined()
})
