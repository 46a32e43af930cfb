import { type Answers, compile, createSession, type Session } from '@guichet/core'
import { fieldTypes } from '@guichet/fields'
import type { Page, ServiceDefinition } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { nextStep, placeOf, problemsAt } from './going-on.ts'
import { checkStep, documentsStep, previousStep, stepsOf } from './journey.ts'
import { submissionOf } from './sending.ts'

const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: id }, ...more })
const pages: [Page, ...Page[]] = [
  {
    id: 'a',
    title: { en: 'A' },
    fields: [
      text('name'),
      {
        id: 'owns',
        type: 'radio',
        label: { en: 'owns' },
        options: [
          { value: 'yes', label: { en: 'Yes' } },
          { value: 'no', label: { en: 'No' } },
        ],
      },
    ],
    checks: [{ id: 'match', rule: { '!=': [{ var: 'name' }, 'nobody'] }, message: { en: 'Not nobody' } }],
  },
  { id: 'b', title: { en: 'B' }, when: { '==': [{ var: 'owns' }, 'yes'] }, fields: [text('deed')] },
  { id: 'c', title: { en: 'C' }, fields: [text('why', { when: { '==': [{ var: 'owns' }, 'no'] } })] },
  {
    id: 'd',
    title: { en: 'D' },
    fields: [
      { id: 'rows', type: 'group', label: { en: 'rows' }, repeat: {}, fields: [text('kind'), { id: 'inner', type: 'group', repeat: {}, fields: [text('x')] }] },
    ],
  },
]
const definition: ServiceDefinition = {
  format: 1,
  id: 'journey',
  languages: ['en'],
  title: { en: 'Journey' },
  agency: { name: { en: 'Agency' } },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages,
  documents: [
    { id: 'proof', label: { en: 'Proof' }, when: { '==': [{ var: 'owns' }, 'yes'] } },
    { id: 'paper', label: { en: 'Paper' }, when: { '==': [{ var: 'owns' }, 'yes'] }, atDesk: true },
  ],
}
const program = compile(definition, fieldTypes)
const session = (answers: Answers, more: object = {}): Session => createSession(program, { today: '2026-01-05', answers, ...more })

describe('steps', () => {
  test('hold the pages that have something to show, and documents where any are asked for', () => {
    expect(stepsOf(session({}))).toEqual(['a', 'd', checkStep])
    expect(stepsOf(session({ owns: 'yes' }))).toEqual(['a', 'b', 'd', documentsStep, checkStep])
    expect(stepsOf(session({ owns: 'no' }))).toEqual(['a', 'c', 'd', checkStep])
  })
  test('lead on and back', () => {
    const yes = session({ name: 'Ana', owns: 'yes' })
    expect(nextStep(yes, 'a', false)).toBe('b')
    expect(nextStep(yes, 'd', false)).toBe(documentsStep)
    expect(nextStep(yes, documentsStep, false)).toBe(checkStep)
    expect(previousStep(yes, 'b')).toBe('a')
    expect(previousStep(yes, 'a')).toBeUndefined()
  })
  test('go on from a page that has just vanished', () => {
    expect(nextStep(session({ owns: 'no' }), 'b', false)).toBe('c')
    expect(nextStep(session({ owns: 'no' }), documentsStep, false)).toBe(checkStep)
  })
  test('lead back to the check after a change, unless the change asks for more', () => {
    expect(nextStep(session({ name: 'Ana', owns: 'no', why: 'so' }), 'a', true)).toBe(checkStep)
    expect(nextStep(session({ name: 'Ana', owns: 'yes' }), 'a', true)).toBe('b')
    expect(nextStep(session({ name: 'Ana', owns: 'yes', deed: '1' }), 'b', true)).toBe(documentsStep)
    expect(nextStep(session({ name: 'Ana', owns: 'yes', deed: '1' }, { documents: { proof: ['x'] }, atDesk: ['paper'] }), documentsStep, true)).toBe(checkStep)
  })
})

describe('the place of a problem', () => {
  const at = session({ rows: [{ kind: 'k', inner: [{}, { x: '' }] }] })
  test.each([
    ['/name', { step: 'a', instance: 'name' }],
    ['/deed', { step: 'b', instance: 'deed' }],
    ['/rows/0/inner/1/x', { step: 'd', instance: 'rows/0/inner/1/x' }],
    ['/rows/0/inner', { step: 'd', instance: 'rows/0/inner' }],
    // Parts of an answer.
    ['/name/3', { step: 'a', instance: 'name' }],
    ['/rows/0', { step: 'd', instance: 'rows' }],
    ['/owns/value', { step: 'a', instance: 'owns' }],
    ['/match', { step: 'a', instance: 'name' }],
    ['/documents/proof', { step: documentsStep }],
    ['/elsewhere', undefined],
    ['', undefined],
  ])('%s', (pointer, place) => {
    expect(placeOf(at, pointer)).toEqual(place)
  })
  test('problems of a step are its own', () => {
    expect(problemsAt(session({ owns: 'yes' }), 'a').map(({ pointer }) => pointer)).toEqual(['/name'])
    expect(problemsAt(session({ owns: 'yes' }), documentsStep).map(({ pointer }) => pointer)).toEqual(['/documents/proof', '/documents/paper'])
    expect(problemsAt(session({}), checkStep)).toEqual([])
  })
})

describe('what is sent', () => {
  const view = { version: 3, language: 'en', definition } as never
  test('is what is relevant now, and the documents asked for now', () => {
    const given = { documents: { proof: ['p1'], paper: ['p2'], old: ['p3'] }, atDesk: ['paper', 'old'] }
    expect(submissionOf({ session: session({ name: 'Ana', owns: 'yes', deed: '1', why: 'hidden' }, given), view })).toEqual({
      version: 3,
      language: 'en',
      answers: { name: 'Ana', owns: 'yes', deed: '1', rows: [] },
      documents: { proof: ['p1'] },
      atDesk: ['paper'],
    })
    expect(submissionOf({ session: session({ name: 'Ana', owns: 'no', why: 'so' }, given), view })).toMatchObject({ documents: {}, atDesk: [] })
  })
})
