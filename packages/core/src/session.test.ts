import type { Answers, ServiceDefinition } from '@guichet/schemas'
import { describe, expect, it } from 'vitest'
import { definitionOf, fakeTypes } from './fake-types.test-helper.ts'
import { computedValues, feeOf, routeOf } from './outcome.ts'
import { compile, DefinitionError, findCycle } from './program.ts'
import { requiredDocuments } from './required-documents.ts'
import { createSession } from './session.ts'
import { validate } from './validate.ts'

const start = (definition: ServiceDefinition, answers: Answers = {}) => createSession(compile(definition, fakeTypes), { today: '2026-01-05', answers })
const faults = (session: ReturnType<typeof start>, page?: string) => validate(session, page).map((problem) => `${problem.pointer} ${problem.code}`)
const v = (name: string) => ({ var: name })

const tenancy = definitionOf([
  [
    { id: 'tenure', type: 'radio', options: [{ value: 'own' }, { value: 'rent' }] },
    { id: 'landlord', type: 'text', when: { '==': [v('tenure'), 'rent'] } },
    { id: 'floor', type: 'number', when: { has: v('landlord') }, optional: true },
  ],
])

describe('relevance', () => {
  it('keeps an answer that is not relevant, reads it as absent, and never stores it', () => {
    const session = start(tenancy, { tenure: 'rent', landlord: 'Ms Rossi', floor: 3 })
    expect(session.stored()).toEqual({ tenure: 'rent', landlord: 'Ms Rossi', floor: 3 })
    session.set('tenure', 'own')
    expect(session.stored()).toEqual({ tenure: 'own' })
    expect(session.evaluate(v('landlord'))).toBeNull()
    expect(session.input('landlord')).toBe('Ms Rossi')
    session.set('tenure', 'rent')
    expect(session.stored()).toEqual({ tenure: 'rent', landlord: 'Ms Rossi', floor: 3 })
  })

  it('tells which paths to draw again, along chains of conditions', () => {
    const session = start(tenancy)
    expect([...session.set('tenure', 'rent')].sort()).toEqual(['floor', 'landlord', 'tenure'])
    expect([...session.set('floor', 2)]).toEqual(['floor'])
  })

  it('hides a page with all its fields', () => {
    const definition = definitionOf([[{ id: 'a', type: 'checkbox' }], [{ id: 'b', type: 'text' }]])
    Object.assign(definition.pages[1] as object, { when: v('a') })
    const session = start(definition, { b: 'kept' })
    expect(session.stored()).toEqual({ a: false })
    expect(faults(session)).toEqual([])
    session.set('a', true)
    expect(session.stored()).toEqual({ a: true, b: 'kept' })
  })
})

const household = definitionOf([
  [
    { id: 'kind', type: 'text' },
    {
      id: 'members',
      type: 'group',
      repeat: { min: 1, max: 3 },
      fields: [
        { id: 'name', type: 'text', unique: true },
        { id: 'kind', type: 'text', optional: true },
        {
          id: 'pets',
          type: 'group',
          when: { '==': [v('kind'), 'keeper'] },
          repeat: {},
          fields: [
            { id: 'name', type: 'text' },
            { id: 'count', type: 'number' },
          ],
        },
        { id: 'total', type: 'computed', value: { sum: [v('pets'), v('count')] } },
      ],
      rules: [{ rule: { '<=': [{ sum: [v('members'), v('total')] }, 5] }, message: { en: 'Too many pets' } }],
    },
  ],
])

describe('repeated groups', () => {
  it('a row reads its own fields first, also when they are empty, and nested rows work', () => {
    const session = start(household, {
      kind: 'keeper',
      members: [
        { name: 'A', pets: [{ name: 'x', count: 2 }] },
        {
          name: 'B',
          kind: 'keeper',
          pets: [
            { name: 'y', count: 3 },
            { name: 'z', count: 1 },
          ],
        },
      ],
    })
    expect(session.stored()).toEqual({
      kind: 'keeper',
      members: [
        { name: 'A' },
        {
          name: 'B',
          kind: 'keeper',
          pets: [
            { name: 'y', count: 3 },
            { name: 'z', count: 1 },
          ],
        },
      ],
    })
    expect(session.evaluate({ sum: [v('members'), v('total')] })).toBe(4)
    expect(faults(session)).toEqual([])
    session.set('members/0/kind', 'keeper')
    expect(session.evaluate({ sum: [v('members'), v('total')] })).toBe(6)
    expect(faults(session)).toEqual(['/members rule'])
  })

  it('adds and removes rows, and shifts what is known about them', () => {
    const session = start(household, { kind: 'x', members: [{ name: 'A' }, { name: 'A' }] })
    expect(faults(session)).toEqual(['/members/1/name unique'])
    session.removeRow('members', 0)
    expect(session.stored()).toEqual({ kind: 'x', members: [{ name: 'A' }] })
    expect(faults(session)).toEqual([])
    session.addRow('members')
    expect(faults(session)).toEqual(['/members/1/name required'])
    session.set('members', [])
    expect(faults(session)).toEqual(['/members group.tooFew'])
  })

  it('leaves inputs handed out before as they were', () => {
    const session = start(household, { kind: 'x', members: [{ name: 'A' }] })
    const before = session.inputs
    session.set('members/0/name', 'B')
    expect(before).toEqual({ kind: 'x', members: [{ name: 'A' }] })
  })
})

describe('validation', () => {
  it('gives one problem a field, in the order of the pages, a page alone if asked', () => {
    const definition = definitionOf([
      [
        { id: 'a', type: 'text', maxLength: 2 },
        { id: 'b', type: 'number', rules: [{ rule: { '>': [v('b'), 3] }, message: { en: 'More' } }] },
      ],
      [{ id: 'c', type: 'text' }],
    ])
    const session = start(definition, { a: 'long', b: 1 })
    expect(faults(session)).toEqual(['/a text.tooLong', '/b rule', '/c required'])
    expect(faults(session, 'p2')).toEqual(['/c required'])
    session.set('b', 'no number')
    expect(faults(session, 'p1')).toEqual(['/a text.tooLong', '/b number.invalid'])
  })

  it('does not blame a rule for what another problem explains, but lets no unknown rule pass', () => {
    const rule = { rule: { '>=': [v('seats'), v('guests')] }, message: { en: 'Too few seats' } }
    const fields = (optional: boolean) =>
      definitionOf([
        [
          { id: 'guests', type: 'number', optional },
          { id: 'seats', type: 'number', rules: [rule] },
        ],
      ])
    expect(faults(start(fields(false), { seats: 3 }))).toEqual(['/guests required'])
    expect(faults(start(fields(true), { seats: 3 }))).toEqual(['/seats rule'])
  })

  it('compares an identifier with birth date and gender, whichever side says so', () => {
    const definition = definitionOf([
      [
        { id: 'code', type: 'code', agreesWith: 'born' },
        { id: 'born', type: 'date' },
        { id: 'gender', type: 'radio', options: [{ value: 'm' }, { value: 'f' }], agreesWith: 'code' },
      ],
    ])
    expect(faults(start(definition, { code: 'm1990', born: '1990-02-01', gender: 'm' }))).toEqual([])
    expect(faults(start(definition, { code: 'm1990', born: '1991-02-01', gender: 'f' }))).toEqual(['/code disagrees', '/gender disagrees'])
  })

  it('checks of a page point at themselves and obey their condition', () => {
    const definition = definitionOf([[{ id: 'a', type: 'number' }]])
    Object.assign(definition.pages[0] as object, {
      checks: [{ id: 'odd', when: { '>': [v('a'), 10] }, rule: { '==': [{ '%': [v('a'), 2] }, 1] }, message: { en: 'Odd' } }],
    })
    expect(faults(start(definition, { a: 12 }))).toEqual(['/odd rule'])
    expect(faults(start(definition, { a: 2 }))).toEqual([])
  })
})

describe('outcome', () => {
  const definition = definitionOf(
    [
      [
        { id: 'lines', type: 'group', repeat: {}, fields: [{ id: 'price', type: 'money' }] },
        { id: 'fast', type: 'checkbox' },
      ],
    ],
    {
      computed: [{ id: 'goods', type: 'money', value: { '*': [{ sum: [v('lines'), v('price')] }, 0.5] } }],
      documents: [
        { id: 'invoice', label: { en: 'Invoice' }, copies: { count: [v('lines')] } },
        { id: 'proof', label: { en: 'Proof' }, when: v('fast'), atDesk: true },
      ],
      fee: {
        lines: [
          { id: 'base', label: { en: 'Base' }, amount: { if: [v('fast'), { money: 1000 }, { money: 500 }] } },
          { id: 'share', label: { en: 'Share' }, amount: v('goods') },
        ],
      },
      routes: [{ when: v('fast'), to: 'desk' }, { to: 'post' }],
    },
  )

  it('documents with copies, fee in whole minor units, values, first route', () => {
    const session = start(definition, { lines: [{ price: 101 }, { price: 100 }], fast: true })
    expect(requiredDocuments(session).map(({ document, copies }) => [document.id, copies])).toEqual([
      ['invoice', 2],
      ['proof', 1],
    ])
    expect(computedValues(session)).toEqual({ goods: 101 })
    expect(feeOf(session)).toEqual({
      lines: [
        { id: 'base', amount: 1000, refundable: false },
        { id: 'share', amount: 101, refundable: false },
      ],
      total: 1101,
    })
    expect(routeOf(session)?.to).toBe('desk')
    expect(faults(session)).toEqual(['/documents/invoice document.missing', '/documents/proof document.missing'])
    session.documents = { invoice: ['1', '2', '3'] }
    session.atDesk = ['proof']
    expect(faults(session)).toEqual(['/documents/invoice document.tooMany'])
  })

  it('asks for no document of which no copy is needed', () => {
    expect(requiredDocuments(start(definition, {}))).toEqual([])
  })
})

describe('compile', () => {
  it('refuses an unknown field type by name', () => {
    expect(() => start(definitionOf([[{ id: 'a', type: 'constructor' }]]))).toThrow(DefinitionError)
  })

  it('finds circles of conditions, through groups too, and a session over one still ends', () => {
    const circle = definitionOf([
      [
        { id: 'a', type: 'text', when: { has: v('b') } },
        { id: 'b', type: 'text', when: { has: v('a') } },
      ],
    ])
    expect(findCycle(compile(circle, fakeTypes))).not.toBeNull()
    expect(start(circle, { a: 'x', b: 'y' }).stored()).toEqual({})
    const inGroup = definitionOf([
      [{ id: 'g', type: 'group', repeat: {}, fields: [{ id: 'a', type: 'text', when: { '>': [{ count: [v('g'), { has: v('a') }] }, 0] } }] }],
    ])
    expect(findCycle(compile(inGroup, fakeTypes))).not.toBeNull()
    expect(findCycle(compile(household, fakeTypes))).toBeNull()
  })

  it('an arranging group passes its condition on and is itself no value', () => {
    const definition = definitionOf([
      [
        { id: 'on', type: 'checkbox' },
        { id: 'box', type: 'group', when: v('on'), fields: [{ id: 'inner', type: 'text' }] },
      ],
    ])
    const session = start(definition, { inner: 'x' })
    expect(session.stored()).toEqual({ on: false })
    session.set('on', true)
    expect(session.stored()).toEqual({ on: true, inner: 'x' })
    expect(faults(session)).toEqual([])
  })
})
