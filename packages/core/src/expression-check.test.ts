import type { Expression, Json } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayNumber, operations } from './expression.ts'
import { checkExpression, type Expected, kindOfExpression } from './expression-check.ts'
import { insteadOf, signatures } from './expression-check-operations.ts'
import { definitionOf, fakeTypes } from './fake-types.test-helper.ts'
import { compile, readPaths } from './program.ts'
import { createSession } from './session.ts'

const options = ['red', 'blue'].map((value) => ({ value, label: { en: value } }))
const definition = definitionOf(
  [
    [
      { id: 'name', type: 'text' },
      { id: 'age', type: 'number' },
      { id: 'born', type: 'date' },
      { id: 'income', type: 'money' },
      { id: 'colour', type: 'radio', options },
      { id: 'sure', type: 'checkbox' },
      {
        id: 'rows',
        type: 'group',
        repeat: {},
        fields: [
          { id: 'age', type: 'number', label: { en: 'Age' } },
          { id: 'fee', type: 'money', label: { en: 'Fee' } },
          { id: 'paid', type: 'checkbox', label: { en: 'Paid' } },
          { id: 'parts', type: 'group', repeat: {}, fields: [{ id: 'weight', type: 'number', label: { en: 'Weight' } }] },
        ],
      },
    ],
  ],
  {
    tables: { rates: { red: { k: 1, since: '2026-01-01', word: 'a', open: true }, blue: { k: 2, since: '2026-02-01', word: 'b', open: false } } },
    computed: [{ id: 'total', type: 'money', value: { sum: [{ var: 'rows' }, { var: 'fee' }] } }],
  },
)
const program = compile(definition, fakeTypes)
const v = (name: string) => ({ var: name })
const findings = (expression: unknown, expects: Expected = 'any', group = '') =>
  checkExpression(expression as Expression, { program, group: program.nodes.get(group) ?? null, expects }).map(({ code, path }) => `${code} ${path}`)

test('the checker knows exactly the operations that can be evaluated', () => {
  expect(Object.keys(signatures).sort()).toEqual(Object.keys(operations).sort())
  for (const [refused, instead] of Object.entries(insteadOf)) {
    expect(Object.keys(operations)).not.toContain(refused)
    expect(Object.keys(operations)).toContain(instead)
  }
})

describe('kinds', () => {
  const rows: [unknown, string][] = [
    [v('name'), 'text'],
    [v('colour'), 'choice'],
    [v('rows'), 'rows'],
    [v('total'), 'money'],
    [null, 'absent'],
    [{ '+': [v('income'), { money: 5 }] }, 'money'],
    [{ '+': [v('income'), 0] }, 'money'],
    [{ '*': [v('income'), 0.5, v('age')] }, 'money'],
    [{ '/': [v('income'), v('age')] }, 'money'],
    [{ '/': [v('income'), v('total')] }, 'number'],
    [{ '-': v('income') }, 'money'],
    [{ max: [v('born'), { today: [] }, '2026-01-01'] }, 'date'],
    [{ max: { map: [v('rows'), v('fee')] } }, 'money'],
    [{ sum: [v('rows'), v('fee')] }, 'money'],
    [{ sum: [v('rows'), v('age')] }, 'number'],
    [{ sum: { map: [v('rows'), v('fee')] } }, 'money'],
    [{ filter: [v('rows'), v('paid')] }, 'rows'],
    [{ map: [v('rows'), v('fee')] }, 'list'],
    [{ if: [v('sure'), v('name'), v('colour')] }, 'text'],
    [{ if: [v('sure'), 0, v('income')] }, 'money'],
    [{ if: [v('sure'), null, v('born')] }, 'date'],
    [{ if: [v('sure'), '2026-01-01', v('born')] }, 'date'],
    [{ var: ['age', 0] }, 'number'],
    [{ row: ['rates', v('colour'), 'k'] }, 'number'],
    [{ row: ['rates', v('colour'), 'since'] }, 'date'],
    [{ row: ['rates', v('colour'), 'word'] }, 'text'],
    [{ row: ['rates', v('colour'), 'open'] }, 'boolean'],
    [{ money: { row: ['rates', 'red', 'k'] } }, 'money'],
    [{ round: [v('income')] }, 'money'],
    [{ cat: [v('name'), v('age'), v('born')] }, 'text'],
  ]
  test.each(rows)('%j is of kind %s', (expression, is) => {
    expect(findings(expression)).toEqual([])
    expect(kindOfExpression(expression as Expression, { program, group: null, expects: 'any' })).toBe(is)
  })
})

describe('places', () => {
  test('what is expected is asked for, with the few conversions that are safe', () => {
    expect(findings(v('colour'), 'text')).toEqual([])
    expect(findings('2026-01-31', 'date')).toEqual([])
    expect(findings('31 January', 'date')).toEqual(['expression.notADate '])
    expect(findings(0, 'money')).toEqual([])
    expect(findings(10, 'money')).toEqual(['expression.amountNotMoney '])
    expect(findings(v('income'), 'number')).toEqual(['expression.wrongKind '])
    expect(findings(null, 'boolean')).toEqual(['expression.wrongKind '])
  })
  test('inside a row its own fields come first, those outside follow', () => {
    expect(findings({ '>': [v('age'), 3] }, 'boolean', 'rows')).toEqual([])
    expect(findings({ '>': [v('weight'), 3] }, 'boolean', 'rows')).toEqual(['expression.insideRows />/0/var'])
    expect(findings({ '>': [v('weight'), { '+': [v('age'), 1] }] }, 'boolean', 'rows.parts')).toEqual([])
    expect(findings({ has: v('name') }, 'boolean', 'rows.parts')).toEqual([])
    expect(findings({ '>': [{ sum: [v('parts'), v('weight')] }, 3] }, 'boolean', 'rows')).toEqual([])
    expect(findings({ some: [v('rows'), { '>': [{ sum: [v('parts'), v('weight')] }, v('age')] }] }, 'boolean')).toEqual([])
  })
  test('several faults are all found, each at its place', () => {
    const rule = { and: [{ '==': [v('colour'), 'green'] }, { '>': [v('income'), 5] }, { some: [v('rows'), v('feee')] }] }
    expect(findings(rule, 'boolean')).toEqual([
      'expression.unknownOption /and/0/==/1',
      'expression.moneyAndNumber /and/1/>/1',
      'expression.unknownField /and/2/some/1/var',
    ])
  })
  test('keys with a slash are escaped in the path', () => {
    expect(findings({ '/': [v('age'), v('name')] })).toEqual(['expression.wrongKind /~1/1'])
  })
  test('amounts are shown in the minor units of the service', () => {
    const [found] = checkExpression({ '>': [v('income'), 12.34] }, { program, group: null, expects: 'boolean' })
    expect(found?.params).toEqual({ minor: '1234' })
  })
})

/** Expressions of any shape over the names there are, so that some of them make sense. */
const { expression, overList } = fc.letrec<{ expression: Expression; leaf: Expression; list: Expression; body: Expression; overList: Expression }>((tie) => ({
  body: fc.oneof(
    fc.constantFrom<Expression>({ var: 'age' }, { var: 'weight' }, { var: 'paid' }, { has: { var: 'age' } }, { '>': [{ var: 'age' }, 100] }),
    tie('overList'),
    tie('expression'),
  ),
  overList: fc
    .tuple(fc.constantFrom('count', 'sum', 'some', 'map', 'filter'), tie('list'), tie('body'))
    .map(([name, list, body]): Expression => ({ [name]: [list, body] })),
  list: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Expression>({ var: 'rows' }, { var: 'parts' }),
    fc.oneof(fc.constantFrom<Expression>({ var: 'rows' }, { count: { var: 'rows' } }), tie('expression')).map((item): Expression => [item]),
    fc.tuple(fc.constantFrom('map', 'filter'), tie('list'), tie('body')).map(([name, list, body]): Expression => ({ [name]: [list, body] })),
    tie('list').map((list): Expression => ({ if: [{ var: 'sure' }, list, list] })),
  ),
  leaf: fc.oneof(
    fc
      .constantFrom('name', 'age', 'born', 'income', 'colour', 'sure', 'rows', 'total', 'fee', 'paid', 'parts', 'weight', '')
      .map((name): Expression => ({ var: name })),
    fc.constantFrom<Expression>(
      true,
      false,
      0,
      1,
      2.5,
      -3,
      'red',
      'x',
      '2026-01-31',
      null,
      { money: 500 },
      { today: [] },
      { row: ['rates', { var: 'colour' }, 'k'] },
    ),
  ),
  expression: fc.oneof(
    { maxDepth: 4 },
    { arbitrary: tie('leaf'), weight: 3 },
    {
      arbitrary: fc
        .tuple(
          fc.constantFrom(...Object.keys(signatures).filter((name) => name !== 'var' && name !== 'row')),
          fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
        )
        .map(([name, args]): Expression => ({ [name]: args })),
      weight: 4,
    },
    { arbitrary: tie('overList'), weight: 4 },
  ),
}))
const maybe = <T extends Json>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 })
const whole = fc.integer({ min: -5, max: 5000 })
const answers = fc.record<Record<string, Json>>({
  name: maybe(fc.constantFrom('x', 'red', '')),
  age: maybe(whole),
  born: maybe(fc.constantFrom('2004-02-29', '2026-01-31')),
  income: maybe(whole),
  colour: maybe(fc.constantFrom('red', 'blue')),
  sure: maybe(fc.boolean()),
  rows: fc.array(
    fc.record({ age: maybe(whole), fee: maybe(whole), paid: maybe(fc.boolean()), parts: fc.array(fc.record({ weight: maybe(whole) }), { maxLength: 2 }) }),
    { maxLength: 3 },
  ),
})
const isOfKind: Record<string, (value: Json) => boolean> = {
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  money: (value) => typeof value === 'number',
  text: (value) => typeof value === 'string',
  choice: (value) => typeof value === 'string',
  date: (value) => dayNumber(value) !== null,
  list: Array.isArray,
  rows: Array.isArray,
}

describe('what the checker lets pass', () => {
  const accepted = (rule: Expression) => checkExpression(rule, { program, group: null, expects: 'any' }).length === 0

  test('evaluates to the kind it said, or to nothing', () => {
    let checked = 0
    fc.assert(
      fc.property(expression, answers, (rule, given) => {
        if (!accepted(rule)) return
        const is = isOfKind[kindOfExpression(rule, { program, group: null, expects: 'any' })]
        const value = createSession(program, { today: '2026-01-05', answers: given }).evaluate(rule)
        if (!is || value === null) return
        checked++
        expect(is(value), JSON.stringify(value)).toBe(true)
      }),
      { numRuns: 6000 },
    )
    expect(checked).toBeGreaterThan(300)
  })

  test('depends on nothing but what it is known to read', () => {
    let checked = 0
    fc.assert(
      fc.property(fc.oneof(overList, expression), answers, answers, (rule, given, other) => {
        if (!accepted(rule)) return
        const read = new Set(readPaths(program, rule, null).flatMap((path) => [path, path.split('.')[0]]))
        // The computed value reads rows in turn, as the program's graph knows.
        if (read.has('total')) read.add('rows')
        const changed = { ...given }
        for (const [name, value] of Object.entries(other)) if (!read.has(name)) changed[name] = value
        const valueWith = (all: Record<string, Json>) => createSession(program, { today: '2026-01-05', answers: all }).evaluate(rule)
        checked++
        expect(valueWith(changed)).toEqual(valueWith(given))
      }),
      { numRuns: 4000 },
    )
    expect(checked).toBeGreaterThan(300)
  })

  test('any JSON at all is checked without an exception', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(Array.isArray(checkExpression(value as Expression, { program, group: null, expects: 'boolean' }))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
