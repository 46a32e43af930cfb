import type { Expression } from '@guichet/schemas'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expressionOf, type Operator, type Row, rowsOf, takesValue } from './condition-rows.ts'

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
    { and: [{ has: [{ var: 'a' }] }, { or: [{ has: [{ var: 'b' }] }] }] },
    { '>': [{ count: [{ var: 'members' }, { has: [{ var: 'x' }] }] }, 1] },
    { '<': [1, { var: 'a' }, 3] },
    { '>=': [{ age: [{ var: 'birth' }, '2026-01-01'] }, 18] },
    { '!': [{ '==': [{ var: 'a' }, 1] }] },
    { '==': [{ var: ['a', 0] }, 1] },
  ]
  for (const expression of expressions) expect(rowsOf(expression), JSON.stringify(expression)).toBeNull()
})
