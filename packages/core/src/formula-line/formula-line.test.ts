import type { Expression, Json } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operations } from '../expression.ts'
import { type FormulaLanguage, parseFormula } from './parse.ts'
import { printFormula } from './print.ts'
import { tokensOf } from './tokens.ts'

const euros = { currency: 'EUR', decimals: 2 }
const read = (line: string, more: Partial<FormulaLanguage> = {}, before?: Expression) => parseFormula(line, { ...euros, ...more }, before)
const expressionOf = (line: string, more: Partial<FormulaLanguage> = {}) => {
  const parsed = read(line, more)
  return 'fault' in parsed ? `${parsed.fault.code} ${JSON.stringify(parsed.fault.text)} at ${parsed.fault.start}` : parsed.expression
}
const v = (name: string): Expression => ({ var: name })

describe('a line is read as', () => {
  const cases: [string, Expression][] = [
    ['kind = "food"', { '==': [v('kind'), 'food'] }],
    ['age >= 18 and not has(school)', { and: [{ '>=': [v('age'), 18] }, { '!': [{ has: [v('school')] }] }] }],
    ['a or b and c', { or: [v('a'), { and: [v('b'), v('c')] }] }],
    ['(a or b) and c', { and: [{ or: [v('a'), v('b')] }, v('c')] }],
    ['not a = 1', { '!': [{ '==': [v('a'), 1] }] }],
    ['1 <= age <= 10', { '<=': [1, v('age'), 10] }],
    ['10 - 4 - 1', { '-': [10, 4, 1] }],
    ['10 - (4 - 1)', { '-': [10, { '-': [4, 1] }] }],
    ['a - b + c', { '+': [{ '-': [v('a'), v('b')] }, v('c')] }],
    ['a / b / c', { '/': [{ '/': [v('a'), v('b')] }, v('c')] }],
    ['2 * (a + b)', { '*': [2, { '+': [v('a'), v('b')] }] }],
    ['rent > 300.00 EUR', { '>': [v('rent'), { money: 30000 }] }],
    ['€12.5 + 1 €', { '+': [{ money: 1250 }, { money: 100 }] }],
    ['-0.50 EUR', { money: -50 }],
    ['-5', -5],
    ['-(5)', { '-': [5] }],
    ['2 − −5', { '-': [2, -5] }],
    ['count(members; age < 18)', { count: [v('members'), { '<': [v('age'), 18] }] }],
    ['SUM(children, fee)', { sum: [v('children'), v('fee')] }],
    ['tenure in {"rent"; "own"}', { in: [v('tenure'), ['rent', 'own']] }],
    ['mod(a; 2) <> 0', { '!=': [{ '%': [v('a'), 2] }, 0] }],
    ['if(x; 10 EUR; nothing)', { if: [v('x'), { money: 1000 }, null] }],
    ['today() ≥ “2026-01-31”', { '>=': [{ today: [] }, '2026-01-31'] }],
    ['[and] && !b', { and: [v('and'), { '!': [v('b')] }] }],
    ['home.street = «Main»', { '==': [v('home.street'), 'Main'] }],
    ['[]', v('')],
    ['`?:`(a; {})', { '?:': [v('a'), []] }],
    ['۱۲٫۵ > ۳', { '>': [12.5, 3] }],
  ]
  it.each(cases)('%s', (line, expression) => expect(expressionOf(line, { sign: '€' })).toEqual(expression))

  it('commas are decimal where a language writes them so', () => {
    expect(expressionOf('min(3,4)')).toEqual({ min: [3, 4] })
    expect(expressionOf('min(3,4; 5)', { decimalComma: true })).toEqual({ min: [3.4, 5] })
    expect(expressionOf('12,50 EUR', { decimalComma: true })).toEqual({ money: 1250 })
  })
  it("the author's own words, unless a field is called so", () => {
    const words = new Map([
      ['και', 'and'],
      ['nem', 'not'],
    ])
    expect(expressionOf('a και nem b', { words })).toEqual({ and: [v('a'), { '!': [v('b')] }] })
    expect(expressionOf('nem = 1', { words, isName: (name) => name === 'nem' })).toEqual({ '==': [v('nem'), 1] })
  })
  it('names by their labels', () => {
    const nameOf = (label: string) => (label === 'Monthly rent' || label === 'Miete' ? 'rent' : null)
    expect(expressionOf('[Monthly rent] > Miete', { nameOf })).toEqual({ '>': [v('rent'), v('rent')] })
    expect(expressionOf('[Other] > 1', { nameOf })).toEqual({ '>': [v('Other'), 1] })
  })
})

describe('what cannot be read is told with its place', () => {
  const cases: [string, string][] = [
    ['', 'empty "" at 0'],
    ['   ', 'empty "   " at 0'],
    ['kind = ', 'unfinished " " at 6'],
    ['(a or b', 'notClosed "(" at 0'],
    ['count(a; b', 'notClosed "(" at 5'],
    ['{1; 2', 'notClosed "{" at 0'],
    ['kind = "food', 'notClosed "\\"food" at 7'],
    ['[kind', 'notClosed "[kind" at 0'],
    ['a)', 'notOpened ")" at 1'],
    ['a b', 'noOperator "b" at 2'],
    ['(a b)', 'noOperator "b" at 3'],
    ['count(a b)', 'noOperator "b" at 8'],
    ['a = = b', 'noValue "=" at 4'],
    ['and a', 'noValue "and" at 0'],
    ['a # b', 'unknownSign "#" at 2'],
    ['# a', 'unknownSign "#" at 0'],
    ['a = b = c', 'compareTwice "=" at 6'],
    ['1 < a > 2', 'compareTwice ">" at 6'],
    ['1.005 EUR', 'amountDigits "1.005" at 0'],
    ['12 USD', 'otherCurrency "USD" at 3'],
    ['12 $', 'otherCurrency "$" at 3'],
    ['$', 'noValue "$" at 0'],
    ['99999999999999999 EUR', 'number "99999999999999999" at 0'],
    [`${'('.repeat(5000)}1`, 'tooDeep "(" at 200'],
    ['not '.repeat(5000), 'tooDeep "not" at 796'],
    ['-'.repeat(5000), 'tooDeep "-" at 199'],
  ]
  it.each(cases)('%s', (line, fault) => expect(expressionOf(line, { sign: '€' })).toBe(fault))

  it('whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1.,;()[]{}"“”`<>=!&|+-*/ €E$#\n'), maxLength: 30 }), (line) => {
        const parsed = read(line)
        if ('fault' in parsed) expect(parsed.fault.end).toBeLessThanOrEqual(line.length)
        else expect(printFormula(parsed.expression, euros)).not.toBeNull()
        expect(tokensOf(line, true).every(({ start, end }) => end > start)).toBe(true)
      }),
    )
  })
})

describe('printed and read again', () => {
  const name = fc.oneof(fc.constantFrom('age', 'kind', 'home.street', 'rows.0.x', '', 'and', 'Two words', 'count', 'in'), fc.string({ maxLength: 5 }))
  const plain: fc.Arbitrary<Expression> = fc.oneof(
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ maxLength: 6 }),
    name.map(v),
    fc.integer({ min: -1e12, max: 1e12 }).map((money) => ({ money })),
  )
  const operation = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...Object.keys(operations), 'var', 'if', 'and', 'or', '%') },
    { weight: 1, arbitrary: fc.constantFrom('?:', '!!', 'missing_some', 'not', 'true', 'constructor', 'FOO', 'a b') },
  )
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      plain,
      fc.array(tie('expression'), { maxLength: 3 }),
      fc.record({ operation, args: fc.array(tie('expression'), { maxLength: 4 }) }).map(({ operation: of, args }) => ({ [of]: args })),
      fc.record({ operation, arg: tie('expression') }).map(({ operation: of, arg }) => ({ [of]: arg })),
    ),
  }))

  it('an expression stays what it was, to the byte', () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 0, max: 3 }), (given, decimals) => {
        const money = { currency: 'EUR', decimals }
        const line = printFormula(given, money)
        expect(line).not.toBeNull()
        const parsed = parseFormula(line as string, money, given)
        expect('fault' in parsed ? [line, parsed.fault] : JSON.stringify(parsed.expression)).toEqual(JSON.stringify(given))
      }),
      { numRuns: 2000 },
    )
  })
  it('the parts that an edit leaves alone stay as they were written', () => {
    const before: Expression = { and: [{ has: v('a') }, { '===': [{ var: ['b'] }, 1] }] }
    const parsed = read(`${printFormula(before, euros)} and c`, {}, before)
    expect(parsed).toHaveProperty('expression', { and: [{ has: v('a') }, { '===': [{ var: ['b'] }, 1] }, v('c')] })
  })
  it('without what it was made of, it means the same', () => {
    expect(expressionOf(printFormula({ '!==': [{ var: ['b'] }, { has: v('a') }] }, euros) as string)).toEqual({ '!=': [v('b'), { has: [v('a')] }] })
  })
  it('what is no operation has no line', () => {
    for (const odd of [{}, { a: 1, b: 2 }, { '`': [1, 2] }] as Expression[]) expect(printFormula({ '!': odd } as Expression, euros)).toBeNull()
  })
})

it('each part has its place', () => {
  const line = 'kind = "food" and (sum(rows; fee) > 5)'
  const parsed = read(line)
  if ('fault' in parsed) throw new Error(parsed.fault.code)
  const at = (pointer: string) => line.slice(...(parsed.places.get(pointer) as [number, number]))
  expect(at('')).toBe(line)
  expect(at('/and/0/==/1')).toBe('"food"')
  expect(at('/and/0/==/0/var')).toBe('kind')
  expect(at('/and/1')).toBe('(sum(rows; fee) > 5)')
  expect(at('/and/1/>/0/sum/1')).toBe('fee')
  const old: Expression = { has: { var: 'x' } }
  const again = read('has(x)', {}, old) as { places: ReadonlyMap<string, readonly [number, number]> }
  expect(again.places.get('/has')).toEqual([4, 5])
  expect(again.places.get('/has/var')).toEqual([4, 5])
})

it('reads each example of the operations', async () => {
  const { readFileSync } = await import('node:fs')
  const examples = [...readFileSync(new URL('../../../../docs/expressions.md', import.meta.url), 'utf8').matchAll(/\| `(\{.*?\})` +\| `/g)].map(
    ([, json]) => JSON.parse((json as string).replaceAll('\\|', '|')) as Json,
  )
  expect(examples.length).toBeGreaterThan(40)
  for (const example of examples) {
    const line = printFormula(example as Expression, euros)
    expect(read(line as string, {}, example as Expression), line as string).toHaveProperty('expression', example)
  }
})
