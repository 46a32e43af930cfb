import { compile, createSession } from '@guichet/core'
import { fieldTypes } from '@guichet/fields'
import type { ServiceDefinition } from '@guichet/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { draftContent } from './draft-content.ts'
import { nextStep } from './going-on.ts'
import { goneThrough } from './gone-through.ts'
import { checkStep, documentsStep, previousStep, stepsOf, way } from './journey.ts'
import { filesOf } from './proofs.ts'
import { allDone, firstOpen, taskStates, tasksStep, useTasks } from './tasks.ts'

const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: id }, ...more })
const page = (id: string, fields: object[], more: object = {}) => ({ id, title: { en: id }, fields, ...more })
const definition = {
  format: 1,
  id: 'long',
  languages: ['en'],
  title: { en: 'Long' },
  agency: { name: { en: 'Agency' } },
  locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  taskList: {
    sections: [
      { id: 'money', title: { en: 'Money' }, pages: ['income', 'bank'], after: ['you'] },
      { id: 'you', title: { en: 'You' }, pages: ['name'] },
      { id: 'hidden', title: { en: 'Hidden' }, pages: ['deed'] },
    ],
  },
  pages: [
    page('name', [text('name'), text('nick', { optional: true })]),
    page('income', [{ id: 'income', type: 'number', label: { en: 'income' }, max: 10 }]),
    page('bank', [text('bank', { optional: true })]),
    page('deed', [text('deed')], { when: { '==': [{ var: 'name' }, 'owner'] } }),
    page('rest', [text('rest')]),
  ],
  documents: [{ id: 'proof', label: { en: 'Proof' } }],
} as unknown as ServiceDefinition

const before = way.of
beforeAll(useTasks)
afterAll(() => {
  way.of = before
})

const session = (answers = {}, documents = {}) => createSession(compile(definition, fieldTypes), { today: '2026-01-05', answers, documents })
const states = (answers: object, through: string[] = [], documents = {}) => {
  const now = session(answers as never, documents)
  return Object.fromEntries(taskStates(now, stepsOf(now), new Set(through)).map(({ id, state }) => [id, state]))
}

describe('a task list', () => {
  test('leads from the list into each part and out of it', () => {
    const now = session()
    expect(stepsOf(now)).toEqual([tasksStep, 'income', 'bank', tasksStep, 'name', tasksStep, 'rest', tasksStep, documentsStep, tasksStep, checkStep])
    expect(nextStep(now, 'income', false)).toBe('bank')
    expect(nextStep(now, 'bank', false)).toBe(tasksStep)
    expect(previousStep(now, 'income')).toBe(tasksStep)
    expect(previousStep(now, 'bank')).toBe('income')
    expect(previousStep(now, checkStep)).toBe(tasksStep)
    // The page went while it was answered.
    expect(nextStep(now, 'deed', false)).toBe(tasksStep)
  })

  test('leaves services without one as they are', () => {
    const { taskList: _, ...plain } = definition
    const now = createSession(compile(plain as ServiceDefinition, fieldTypes), { today: '2026-01-05' })
    expect(stepsOf(now)).toEqual(['name', 'income', 'bank', 'rest', documentsStep, checkStep])
  })

  test('knows how far each part is', () => {
    expect(states({})).toEqual({ money: 'waiting', you: 'new', rest: 'new', [documentsStep]: 'new' })
    // Answered, and not gone through; gone through, and something missing; gone through whole.
    expect(states({ name: 'Ana' }).you).toBe('begun')
    expect(states({}, ['name']).you).toBe('problem')
    expect(states({ name: 'Ana' }, ['name'])).toMatchObject({ you: 'done', money: 'new' })
    expect(states({ name: 'Ana', income: 3 }, ['name', 'income']).money).toBe('begun')
    expect(states({ name: 'Ana', income: 3 }, ['name', 'income', 'bank']).money).toBe('done')
    // Wrong at once, and not merely missing; what was begun can be finished, whatever it waits for.
    expect(states({ income: 99 }).money).toBe('problem')
    // A part that is asked for by an answer.
    expect(states({ name: 'owner' }, ['name'])).toMatchObject({ hidden: 'new', you: 'done' })
    expect(states({}, [], { proof: ['a'] })[documentsStep]).toBe('begun')
  })

  test('says what has to be done first, and where a part is gone on with', () => {
    const now = session({ name: 'Ana', income: 3 } as never)
    const through = new Set(['name', 'income'])
    const [money] = taskStates(now, stepsOf(now), through)
    expect(firstOpen(now, money!, through)).toBe('bank')
    expect(taskStates(session(), stepsOf(session()), new Set())[0]?.waitsFor.map(({ id }) => id)).toEqual(['you'])
    expect(taskStates(now, stepsOf(now), through, [{ said: { text: 'No', language: 'en' }, step: 'rest' }]).find(({ id }) => id === 'rest')?.state).toBe(
      'problem',
    )
  })

  test('is through when every part is done', () => {
    const now = session({ name: 'Ana', income: 3, rest: 'x' } as never, { proof: ['a'] })
    const all = ['name', 'income', 'bank', 'rest', documentsStep]
    expect(allDone(now, taskStates(now, stepsOf(now), new Set(all)))).toBe(true)
    expect(allDone(now, taskStates(now, stepsOf(now), new Set(all.slice(1))))).toBe(false)
  })

  test('is kept in a draft', () => {
    const files = new Map()
    goneThrough(files).add('name')
    const content = draftContent({ session: session(), files, view: { version: 1, language: 'en' } }, tasksStep)
    expect(content.through).toEqual(['name'])
    expect([...goneThrough(filesOf(content))]).toEqual(['name'])
  })
})
