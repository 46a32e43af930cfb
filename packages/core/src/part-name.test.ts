import { expect, test } from 'vitest'
import { partName } from './part-name.ts'

const languages = ['el', 'en']

test.each([
  [{ title: { en: 'You' } }, 'You'],
  [{ label: { en: 'Name', el: 'Όνομα' } }, 'Όνομα'],
  [{ heading: { en: 'Before you start' }, body: { en: 'Have your papers at hand.' } }, 'Before you start'],
  [{ label: { en: 'Your word' }, statement: { en: 'All of it is true.' } }, 'Your word'],
  [{ statement: { en: 'All of it is true.\n\nI know the law.' } }, 'All of it is true.'],
  [{ body: { en: '\n  Have your papers at hand.' } }, 'Have your papers at hand.'],
  // A property of this name need not be a text.
  [{ name: 'x', title: ['y'], label: null }, ''],
  [{ label: { en: '' }, statement: { el: 'Όλα αληθή.' } }, 'Όλα αληθή.'],
  [{}, ''],
])('%j is called %j', (part, name) => {
  expect(partName(part, languages)).toBe(name)
})

test('of a long statement the first words are its name, and words are not cut unless one is all there is', () => {
  const words = 'I declare that what I have written is true and complete, and I know what becomes of those who write what is not.'
  const name = partName({ statement: { en: words } }, languages)
  expect(name).toMatch(/^I declare that .*…$/)
  expect(name.length).toBeLessThanOrEqual(81)
  expect(words.startsWith(`${name.slice(0, -1)} `)).toBe(true)
  expect(partName({ statement: { en: 'x'.repeat(200) } }, languages)).toBe(`${'x'.repeat(80)}…`)
})
