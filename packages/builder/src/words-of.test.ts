import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { permit } from './editor/permit.test-helper.ts'
import { useLanguage } from './language.ts'
import { nameAround } from './logic-list.ts'
import { partOf } from './outline.ts'
import { readerAt } from './words-of.ts'

/** What of a page the words look at. */
beforeEach(async () => {
  vi.stubGlobal('localStorage', { setItem() {}, getItem: () => null })
  vi.stubGlobal('document', { documentElement: {}, dispatchEvent: () => true })
  await useLanguage('en')
})
afterEach(() => void vi.unstubAllGlobals())

const asked = () => {
  const definition = permit()
  const label = (en: string) => ({ en })
  definition.pages = [
    {
      id: 'one',
      title: label('One'),
      fields: [
        { id: 'area', type: 'number', label: label('Area') },
        { id: 'day', type: 'date', label: label('First day') },
        { id: 'closed', type: 'yes-no', label: label('Is the road closed?') },
        { id: 'who', type: 'radio', label: label('Who applies?'), options: [{ value: 'a', label: label('A shop') }] },
        { id: 'members', type: 'group', label: label('Members'), repeat: { max: 5 }, fields: [{ id: 'age', type: 'number', label: label('Age') }] },
      ],
    },
  ] as never
  return definition
}

test.each([
  ['numbers are more and less', { '>': [{ var: 'area' }, 20] }, 'Area is more than 20'],
  ['days are before and after', { '<': [{ var: 'day' }, '2026-05-01'] }, 'First day is before May 1, 2026'],
  ['a yes-or-no alone', { var: 'closed' }, 'Is the road closed? is yes'],
  ['and denied', { '!': [{ var: 'closed' }] }, 'Is the road closed? is no'],
  ['among others', { and: [{ '!': [{ var: 'closed' }] }, { '<=': [{ var: 'area' }, 100] }] }, 'Is the road closed? is no and Area is at most 100'],
  [
    'a group among others stands in brackets',
    { or: [{ var: 'closed' }, { and: [{ '==': [{ var: 'who' }, 'a'] }, { '>': [{ var: 'area' }, 20] }] }] },
    'Is the road closed? is yes or (Who applies? is “A shop” and Area is more than 20)',
  ],
  [
    'what no row can say stays a formula, and only that',
    { and: [{ var: 'closed' }, { '>': [{ '*': [{ var: 'area' }, 2] }, 9] }] },
    /^Is the road closed\? is yes and Area [×*] 2 > 9$/,
  ],
])('%s', (_, expression, sentence) => {
  const said = readerAt(asked(), '/pages/0/when').condition(expression as never)
  if (typeof sentence === 'string') expect(said).toBe(sentence)
  else expect(said).toMatch(sentence)
})

test('rows of a group are asked by a formula within the sentence', () => {
  const said = readerAt(asked(), '/pages/0/when').condition({ and: [{ var: 'closed' }, { some: [{ var: 'members' }, { '<': [{ var: 'age' }, 18] }] }] })
  expect(said).toMatch(/^Is the road closed\? is yes and /)
  expect(said).toContain('Members')
})

test('where a route leads is called as its stage, its unit, or what is decided at once', () => {
  const definition = asked()
  definition.agency = { ...definition.agency, units: { desk: { en: 'Front desk' } } }
  definition.stages = [{ id: 'review', label: { en: 'Review' } }] as never
  definition.routes = [{ to: 'review', when: true }, { to: 'desk', when: true }, { to: 'auto_approve' }]
  expect([0, 1, 2].map((i) => nameAround(definition, `/routes/${i}/when`))).toEqual(['Review', 'Front desk', 'approved by itself'])
})

test('what has no name of its own is called as its section of the outline', () => {
  const definition = asked()
  expect(['/summary', '/agency/name', '/fee'].map((pointer) => nameAround(definition, pointer))).toEqual(['Service', 'Agency and look', 'Fee and payment'])
  expect(partOf('/policy/rules/retention')).toBe('@access')
})
