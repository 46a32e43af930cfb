import { canonical } from '@guichet/core/formula-line/parse'
import type { Expression } from '@guichet/schemas'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areRowsEnough, expressionOf, type Operator, type Row, type Rows, rowsOf, rowsWithFormulas, takesValue } from './condition-rows.ts'

const name = fc.constantFrom('age', 'members', 'income')
const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean())
const row: fc.Arbitrary<Row> = fc.oneof(
  fc.record({ name, operator: fc.constantFrom<Operator>('is', 'isNot', 'less', 'atMost', 'atLeast', 'more', 'includes'), value: plain }),
  fc.record({ name, operator: fc.constantFrom<Operator>('ageAtLeast', 'ageBelow', 'rowsAtLeast', 'rowsAtMost'), value: fc.integer() }),
  fc.record({ name, operator: fc.constant<Operator>('oneOf'), value: fc.array(plain) }),
  fc.record({ name, operator: fc.constantFrom<Operator>('is', 'atLeast', 'more'), value: fc.integer(), money: fc.constant<true>(true) }),
  fc.record({ name, operator: fc.constantFrom<Operator>('answered', 'notAnswered'), value: fc.constant(null) }),
)

test('what the rows say comes back as the same rows', () => {
  fc.assert(
    fc.property(fc.constantFrom('all' as const, 'any' as const), fc.array(row, { maxLength: 4 }), (join, rows) => {
      const expression = expressionOf({ join, rows })
      expect(rowsOf(expression)).toEqual({ join: rows.length < 2 ? 'all' : join, rows })
      expect(rows.every(({ operator, value }) => takesValue(operator) === (value !== null))).toBe(true)
    }),
  )
})

test('what rows cannot say exactly is left alone', () => {
  const expressions: Expression[] = [
    true,
    { '==': [{ var: 'a' }, { var: 'b' }] },
    { '>': [{ count: [{ var: 'members' }, { has: [{ var: 'x' }] }] }, 1] },
    { '>=': [{ sum: [{ var: 'members' }] }, 1] },
    { some: [{ filter: [{ var: 'members' }, { has: [{ var: 'x' }] }] }, { has: [{ var: 'x' }] }] },
    { '<': [1, { var: 'a' }, 3] },
    { '>=': [{ age: [{ var: 'birth' }, '2026-01-01'] }, 18] },
    { '!': [{ '==': [{ var: 'a' }, 1] }] },
    { '==': [{ var: ['a', 0] }, 1] },
  ]
  for (const expression of expressions) expect(rowsOf(expression), JSON.stringify(expression)).toBeNull()
})

test('groups, counts and sums of rows are said, and come back as the same', () => {
  const has = (name: string) => ({ has: [{ var: name }] })
  const expressions: Expression[] = [
    { and: [has('a'), { or: [has('b'), has('c')] }] },
    { and: [has('a'), { or: [has('b')] }] },
    { or: [{ and: [has('a'), has('b')] }, { and: [has('c'), { or: [has('d'), has('e')] }] }] },
    { '>=': [{ count: [{ var: 'members' }, { and: [has('x'), { '<': [{ var: 'age' }, 18] }] }] }, 2] },
    { none: [{ var: 'members' }, { '==': [{ var: 'x' }, 'a'] }] },
    { '<=': [{ sum: [{ var: 'members' }, { var: 'fee' }] }, { money: 5000 }] },
    { '>=': [{ sum: [{ var: 'members' }, { var: 'days' }] }, 30] },
  ]
  for (const expression of expressions) {
    const rows = rowsOf(expression)
    expect(rows, JSON.stringify(expression)).not.toBeNull()
    expect(expressionOf(rows as Rows)).toEqual(expression)
  }
})

test('a formula among rows stays as it was, and is told', () => {
  const odd: Expression = { '==': [{ var: 'a' }, { var: 'b' }] }
  const expression: Expression = { and: [{ has: [{ var: 'c' }] }, odd, { or: [odd, { has: [{ var: 'd' }] }] }] }
  const rows = rowsWithFormulas(expression)
  expect(rows.rows[1]).toEqual({ formula: odd })
  expect(areRowsEnough(rows)).toBe(false)
  expect(expressionOf(rows)).toEqual(expression)
})

test('whatever the expression, rows and formulas say the same', () => {
  const names = fc.constantFrom('a', 'b').map((of): Expression => ({ var: of }))
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      names,
      fc.integer(),
      fc.constantFrom<Expression>('x', true, null, { money: 5 }),
      fc
        .tuple(
          fc.constantFrom('and', 'or', '!', 'has', '==', '>=', 'count', 'sum', 'some', 'in', 'age'),
          fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
        )
        .map(([operation, args]) => ({ [operation]: args })),
    ),
  }))
  fc.assert(
    fc.property(expression, (given) => {
      const back = expressionOf(rowsWithFormulas(given))
      const [[operation, args] = ['', null]] = typeof given === 'object' && given !== null ? Object.entries(given) : []
      // One part alone needs no "all" or "any" around it.
      const wanted = (operation === 'and' || operation === 'or') && Array.isArray(args) && args.length === 1 ? (args[0] as Expression) : given
      expect(canonical(back as Expression)).toBe(canonical(wanted))
    }),
    { numRuns: 500 },
  )
})
