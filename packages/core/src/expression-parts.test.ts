import type { Expression } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { checkExpression, type Expected } from './expression-check.ts'
import { definitionOf, fakeTypes } from './fake-types.test-helper.ts'
import type { FieldType, FieldTypes } from './field-type.ts'
import { compile } from './program.ts'
import { createSession } from './session.ts'

const base = fakeTypes as unknown as Record<string, FieldType>
const anything: Partial<FieldType> = { parse: (input) => ({ value: input }) }
const types = {
  ...base,
  stay: { ...base.text, ...anything, name: 'stay', kind: () => 'object', parts: () => ({ from: 'date', to: 'date' }) },
  order: { ...base.text, ...anything, name: 'order', kind: () => 'list', parts: () => ({ item: 'text', quantity: 'number' }) },
  time: { ...base.text, name: 'time', kind: () => 'time' },
  month: { ...base.text, name: 'month', kind: () => 'month' },
  place: { ...base.text, ...anything, name: 'place', kind: () => 'object' },
} as unknown as FieldTypes
const definition = definitionOf(
  [
    [
      { id: 'stay', type: 'stay' },
      { id: 'order', type: 'order' },
      { id: 'place', type: 'place' },
      { id: 'opens', type: 'time' },
      { id: 'closes', type: 'time' },
      { id: 'since', type: 'month' },
      { id: 'name', type: 'text' },
    ],
  ],
  { tables: { bins: { small: { price: 250 }, large: { price: 600 } } } },
)
const program = compile(definition, types)
const v = (name: string) => ({ var: name })
const findings = (expression: unknown, expects: Expected) =>
  checkExpression(expression as Expression, { program, group: null, expects }).map(({ code, params }) => [code, params.suggestion ?? params.found ?? null])

const total = { money: { sum: [v('order'), { '*': [{ row: ['bins', v('item'), 'price'] }, v('quantity')] }] } }

describe('parts that a type names', () => {
  test('have their kinds, in an object and in the items of a list', () => {
    expect(findings({ '>': [{ days: [v('stay.from'), v('stay.to')] }, 3] }, 'boolean')).toEqual([])
    expect(findings(total, 'money')).toEqual([])
    expect(findings({ some: [v('order'), { '==': [v('item'), 'large'] }] }, 'boolean')).toEqual([])
  })

  test('are evaluated', () => {
    const answers = {
      stay: { from: '2026-01-01', to: '2026-01-05' },
      order: [
        { item: 'small', quantity: 3 },
        { item: 'large', quantity: 1 },
      ],
    }
    const session = createSession(program, { today: '2026-01-05', answers })
    expect(session.evaluate({ days: [v('stay.from'), v('stay.to')] })).toBe(4)
    expect(session.evaluate(total as Expression)).toBe(1350)
  })

  test('are told from others', () => {
    expect(findings(v('stay.form'), 'any')).toEqual([['expression.unknownPart', 'from']])
    expect(findings(v('stay.from.day'), 'any')).toEqual([['expression.unknownPart', null]])
    expect(findings({ sum: [v('order'), v('quantiti')] }, 'number')).toEqual([['expression.unknownField', 'quantity']])
    expect(findings({ '+': [v('stay.from'), 1] }, 'number')).toEqual([['expression.wrongKind', 'date']])
    expect(findings({ sum: [v('order'), v('item')] }, 'number')).toEqual([['expression.wrongKind', 'text']])
  })

  test('are not asked for where the type names none', () => expect(findings(v('place.anything'), 'any')).toEqual([]))
})

describe('times and months', () => {
  test('can be put in order, with their like and with what is written out', () => {
    expect(findings({ '<': [v('opens'), v('closes')] }, 'boolean')).toEqual([])
    expect(findings({ '<=': ['08:30', v('opens'), '22:00'] }, 'boolean')).toEqual([])
    expect(findings({ '>': [v('since'), '2025-12'] }, 'boolean')).toEqual([])
    expect(findings({ '==': [v('opens'), '09:00'] }, 'boolean')).toEqual([])
    const session = createSession(program, { today: '2026-01-05', answers: { opens: '08:30', closes: '17:00', since: '2026-01' } })
    expect(session.evaluate({ '<': [v('opens'), v('closes')] })).toBe(true)
    expect(session.evaluate({ '>': [v('since'), '2026-01'] })).toBe(false)
  })

  test('are told from others', () => {
    expect(findings({ '<': [v('opens'), v('since')] }, 'boolean')).toEqual([['expression.kindsDiffer', null]])
    expect(findings({ '<': [v('opens'), '8:30'] }, 'boolean')).toEqual([['expression.wrongKind', 'text']])
    expect(findings({ '<': [v('name'), v('opens')] }, 'boolean')).toEqual([['expression.wrongKind', 'text']])
    expect(findings({ '==': [v('since'), '2026-13'] }, 'boolean')).toEqual([['expression.kindsDiffer', null]])
  })
})
