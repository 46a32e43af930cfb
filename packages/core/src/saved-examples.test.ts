import type { ServiceDefinition } from '@guichet/schemas'
import { expect, it } from 'vitest'
import { definitionOf, fakeTypes } from './fake-types.test-helper.ts'
import { lint } from './lint.ts'
import { compile } from './program.ts'
import { changedParts, whatComesOf } from './saved-examples.ts'

const today = '2026-01-05'
const answers = { age: 40, name: 'Sam' }
const service = (over = 30, fee = 500): ServiceDefinition =>
  definitionOf(
    [
      [
        { id: 'age', type: 'number', rules: [{ rule: { '>=': [{ var: 'age' }, 18] }, message: { en: 'Too young' } }] },
        { id: 'name', type: 'text' },
      ],
      [{ id: 'why', type: 'text', optional: true }],
    ],
    {
      documents: [
        { id: 'proof', label: { en: 'Proof' }, copies: 2, when: { '>': [{ var: 'age' }, over] } },
        { id: 'card', label: { en: 'Card' } },
      ],
      fee: { lines: [{ id: 'base', label: { en: 'Base' }, amount: { money: fee } }] },
      routes: [{ when: { '<': [{ var: 'age' }, 20] }, to: 'young' }, { to: 'desk' }],
    } as never,
  )
const made = (definition: ServiceDefinition) => compile(definition, fakeTypes)
const kept = (definition: ServiceDefinition, given: object = answers) => ({
  id: 'one',
  name: 'Forty',
  today,
  answers: given as never,
  expects: whatComesOf(made(definition), given as never, today),
})

it('says what comes of answers', () => {
  expect(whatComesOf(made(service()), answers, today)).toEqual({
    pages: ['p1', 'p2'],
    documents: { proof: 2, card: 1 },
    total: 500,
    route: 'desk',
    problems: [],
  })
  expect(whatComesOf(made(service()), { age: 12 }, today)).toEqual({
    pages: ['p1', 'p2'],
    documents: { card: 1 },
    total: 500,
    route: 'young',
    problems: ['/age rule', '/name required'],
  })
})

it('finds what is no longer so, and nothing else', () => {
  const example = kept(service())
  expect(changedParts(made(service()), example)).toEqual([])
  expect(changedParts(made(service(50)), example)).toEqual(['documents'])
  expect(changedParts(made(service(30, 600)), example)).toEqual(['total'])
  const turned = service()
  turned.documents?.reverse()
  expect(changedParts(made(turned), example)).toEqual([])
  const shorter = service()
  shorter.pages.pop()
  delete shorter.pages[0]?.fields[0]?.rules
  expect(changedParts(made(shorter), kept(service(), { age: 12, name: 'Kim' }))).toEqual(['pages', 'problems'])
})

it('keeps a version from being published under which an example gives something else', () => {
  const codes = (definition: ServiceDefinition) =>
    lint(definition, fakeTypes, {})
      .filter(({ code }) => code.startsWith('example.'))
      .map(({ code, severity, pointer, params }) => [code, severity, pointer, params.name])
  const examples = [kept(service())]
  expect(codes({ ...service(), examples } as ServiceDefinition)).toEqual([])
  expect(codes({ ...service(50, 600), examples } as ServiceDefinition)).toEqual([
    ['example.documents', 'error', '/examples/0', 'Forty'],
    ['example.total', 'error', '/examples/0', 'Forty'],
  ])
})
