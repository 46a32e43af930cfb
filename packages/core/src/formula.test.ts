import type { Expression } from '@guichet/schemas'
import { expect, test } from 'vitest'
import { formulaOf } from './formula.ts'

const labels: Record<string, string> = { rent: 'Monthly rent', tenure: 'Your home', members: 'Household', age: 'Age' }
const words = {
  name: (name: string) => labels[name] ?? null,
  choice: (name: string, value: unknown) => (name === 'tenure' && value === 'rent' ? 'I rent it' : null),
  money: (minor: number) => (minor / 100).toFixed(2),
}
const cases: [Expression, string][] = [
  [{ '>': [{ var: 'rent' }, { money: [30000] }] }, 'Monthly rent > 300.00'],
  [{ '==': [{ var: 'tenure' }, 'rent'] }, 'Your home = “I rent it”'],
  [{ in: [{ var: 'tenure' }, ['rent', 'own']] }, 'Your home ∈ [“I rent it”; "own"]'],
  [{ and: [{ or: [{ var: 'a' }, { var: 'b' }] }, { '!': [{ has: { var: 'c' } }] }] }, '(a or b) and not has(c)'],
  [{ or: [{ and: [{ var: 'a' }, { var: 'b' }] }, { var: 'c' }] }, 'a and b or c'],
  [{ '-': [1, { '-': [2, 3] }] }, '1 − (2 − 3)'],
  [{ '-': [{ '-': [1, 2] }, 3] }, '1 − 2 − 3'],
  [{ '*': [{ '+': [1, 2] }, 3] }, '(1 + 2) × 3'],
  [{ '/': [1, { '*': [2, 3] }] }, '1 ÷ (2 × 3)'],
  [{ '==': [{ '<': [1, 2] }, true] }, '(1 < 2) = true'],
  [{ '<=': [1, { var: 'age' }, 10] }, '1 ≤ Age ≤ 10'],
  [{ count: [{ var: 'members' }, { '<': [{ var: 'age' }, 18] }] }, 'count(Household; Age < 18)'],
  [{ if: [{ var: 'x' }, { money: 1000 }, null] }, 'if(x; 10.00; nothing)'],
  [{ '!': { and: [{ var: 'a' }, { var: 'b' }] } }, 'not (a and b)'],
  [{ '-': [{ var: 'rent' }] }, '−Monthly rent'],
  [{ today: [] }, 'today()'],
  [{ var: '' }, 'var("")'],
]

test.each(cases)('%j reads %s', (expression, line) => {
  expect(formulaOf(expression, words)).toBe(line)
})

test('words of the reader', () => {
  const word = (key: string) => ({ and: 'και', true: 'αληθές' })[key] ?? null
  expect(formulaOf({ and: [true, false] }, { ...words, word })).toBe('αληθές και false')
})
