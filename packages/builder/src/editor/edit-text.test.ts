import { expect, test } from 'vitest'
import type { Draft } from './edit.ts'
import { editText } from './edit-text.ts'
import { History } from './history.ts'
import { permit } from './permit.test-helper.ts'

const name = '/pages/0/fields/0'
const written = (text: string, more: Partial<Parameters<typeof editText>[0]> = {}) => {
  const outcome = editText({ pointer: name, property: 'label', language: 'en', text, ...more })(permit())
  if ('refused' in outcome) throw new Error(outcome.refused)
  return outcome
}

test('a text is written in one language, and the others stay', () => {
  const { definition } = written('  Full\n name ', { pointer: '/pages/0', property: 'title', language: 'fa' })
  expect(definition.pages[0].title).toEqual({ en: 'You', fa: 'Full name' })
  expect(written('One\n\nTwo ', { property: 'hint' }).definition.pages[0].fields[0]).toMatchObject({ label: { en: 'Name' }, hint: { en: 'One\n\nTwo' } })
  expect(written('Other', { pointer: '', property: 'title' }).definition.title.en).toBe('Other')
})

test('an empty text is refused, and so is one of a part that is not there', () => {
  expect(editText({ pointer: name, property: 'label', language: 'en', text: ' \n ' })(permit())).toMatchObject({ refused: 'emptyText' })
  expect(editText({ pointer: `${name}9`, property: 'label', language: 'en', text: 'x' })(permit())).toMatchObject({ refused: 'noSuchPart' })
})

test('each time is a step of its own', () => {
  const draft: Draft = { definition: permit(), policy: null }
  const history = new History(draft, { key: 'open', params: {} }, '', { now: () => 0 })
  for (const text of ['One', 'Two']) {
    const { definition, words, part, merge } = written(text)
    history.push({ ...draft, definition }, words, part, merge)
  }
  history.undo()
  expect(history.value.definition.pages[0].fields[0]).toMatchObject({ label: { en: 'One' } })
})
