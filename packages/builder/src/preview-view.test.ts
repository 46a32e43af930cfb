import type { Page } from '@guichet/schemas'
import { expect, test } from 'vitest'
import { asOnCanvas } from './canvas-definition.ts'
import type { Definition } from './editor/edit.ts'
import { editText } from './editor/edit-text.ts'
import { permit } from './editor/permit.test-helper.ts'
import { openStates, previewView } from './preview-view.ts'

const viewOf = (definition: Definition) => previewView(asOnCanvas(definition), 'city', 'en')
const relabelled = (definition: Definition): Definition => {
  const outcome = editText({ pointer: '/pages/0/fields/0', property: 'label', language: 'en', text: 'Your name' })(definition)
  if (!('definition' in outcome)) throw new Error('refused')
  return outcome.definition
}

// What is another object has the runtime draw all of the page anew, which takes five times as long at 500 questions.
test.each([
  ['always open', {}],
  ['open until a day', { window: { closes: '2999-12-31' } }],
])('another label is all that is another in the view of a service that is %s', async (_, settings) => {
  const definition = { ...permit(), ...settings }
  definition.pages = [definition.pages[0], { id: 'more', title: { en: 'More' }, fields: [{ id: 'note', type: 'text', label: { en: 'Note' } }] } as Page]
  const [before, after] = [await viewOf(definition), await viewOf(relabelled(definition))]
  for (const key of Object.keys({ ...before, ...after }) as (keyof typeof before)[]) if (key !== 'definition') expect(after[key], key).toBe(before[key])
  expect(after.definition.pages[0].fields[0]?.label).toEqual({ en: 'Your name' })
  for (const key of Object.keys({ ...before.definition, ...after.definition }) as (keyof Definition)[])
    if (key !== 'pages') expect(after.definition[key], key).toBe(before.definition[key])
  expect(after.definition.pages[1]).toBe(before.definition.pages[1])
})

test('says until when a service is open, and no longer where that is over', async () => {
  expect((await viewOf({ ...permit(), window: { closes: '2999-12-31' } })).open).toEqual({ state: 'open', closes: '2999-12-31' })
  expect((await viewOf({ ...permit(), window: { closes: '2999-12-31', lateUntil: '2999-12-31T12:00' } })).open).toEqual({
    state: 'open',
    closes: '2999-12-31T12:00',
  })
  expect((await viewOf({ ...permit(), window: { closes: '2001-12-31' } })).open).toEqual({ state: 'open' })
})

test('says when it opens, or that it has closed, to whoever asks for that', async () => {
  const definition = { ...permit(), window: { opens: '2999-01-01', closes: '2999-12-31' } }
  expect(openStates(definition)).toEqual(['open', 'not-yet', 'closed'])
  expect(openStates({ ...permit(), window: { lateUntil: '2999-12-31' } })).toEqual(['open', 'closed'])
  expect(openStates(permit())).toEqual(['open'])
  expect((await previewView(definition, 'city', 'en', 'not-yet')).open).toEqual({ state: 'not-yet', opens: '2999-01-01' })
  expect((await previewView(definition, 'city', 'en', 'closed')).open).toEqual({ state: 'closed' })
})
