/**
 * The conditions most authors need, as rows of (field, operator, value) that all or any must hold. What does not fit is
 * left to the JSON editor: nothing is ever rewritten that the rows cannot say exactly.
 */

import type { ValueKind } from '@guichet/core'
import type { Expression, Json } from '@guichet/schemas'
import { isObject } from './pointer.ts'

export type Operator =
  | 'is'
  | 'isNot'
  | 'oneOf'
  | 'includes'
  | 'less'
  | 'atMost'
  | 'atLeast'
  | 'more'
  | 'answered'
  | 'notAnswered'
  | 'ageAtLeast'
  | 'ageBelow'
  | 'rowsAtLeast'
  | 'rowsAtMost'

export interface Row {
  name: string
  operator: Operator
  /** Null where the operator takes none. */
  value: Json
  /** The value is money, in minor units: the language keeps it apart from plain numbers. */
  money?: true
}

export interface Rows {
  join: 'all' | 'any'
  rows: readonly Row[]
}

const answer: readonly Operator[] = ['answered', 'notAnswered']
const order: readonly Operator[] = ['less', 'atMost', 'atLeast', 'more']

/** Operators for each kind of value, the commonest first. */
export const operatorsOf: Readonly<Record<ValueKind, readonly Operator[]>> = {
  text: ['is', 'isNot', ...answer],
  number: ['is', 'isNot', ...order, ...answer],
  money: ['is', 'isNot', ...order, ...answer],
  boolean: ['is', ...answer],
  date: [...order, 'is', 'ageAtLeast', 'ageBelow', ...answer],
  time: [...order, 'is', ...answer],
  month: [...order, 'is', ...answer],
  choice: ['is', 'isNot', 'oneOf', ...answer],
  list: ['includes', ...answer],
  rows: ['rowsAtLeast', 'rowsAtMost'],
  object: answer,
  none: [],
}

export const takesValue = (operator: Operator): boolean => !answer.includes(operator)

const comparisons = { is: '==', isNot: '!=', less: '<', atMost: '<=', atLeast: '>=', more: '>' } as const
const measured = { ageAtLeast: ['>=', 'age'], ageBelow: ['<', 'age'], rowsAtLeast: ['>=', 'count'], rowsAtMost: ['<=', 'count'] } as const

function expressionOfRow({ name, operator, value, money }: Row): Expression {
  const field = { var: name }
  switch (operator) {
    case 'answered':
      return { has: [field] }
    case 'notAnswered':
      return { '!': [{ has: [field] }] }
    case 'oneOf':
      return { in: [field, value as Expression] }
    case 'includes':
      return { in: [value as Expression, field] }
    case 'ageAtLeast':
    case 'ageBelow':
    case 'rowsAtLeast':
    case 'rowsAtMost': {
      const [compare, measure] = measured[operator]
      return { [compare]: [{ [measure]: [field] }, value as Expression] }
    }
    default:
      return { [comparisons[operator]]: [field, money ? { money: [value as Expression] } : (value as Expression)] }
  }
}

/** No rows: no condition. */
export function expressionOf({ join, rows }: Rows): Expression | undefined {
  if (rows.length === 0) return undefined
  const all = rows.map(expressionOfRow)
  return all.length === 1 ? (all[0] as Expression) : { [join === 'all' ? 'and' : 'or']: all }
}

/** An operation and its arguments, if the expression is one. */
function operationOf(expression: Expression | undefined): [string, Expression[]] | null {
  if (!isObject(expression)) return null
  const [name, given] = Object.entries(expression)[0] ?? []
  return name === undefined ? null : [name, (Array.isArray(given) ? given : [given]) as Expression[]]
}

function nameIn(expression: Expression | undefined): string | null {
  const [operation, args] = operationOf(expression) ?? []
  return operation === 'var' && args?.length === 1 && typeof args[0] === 'string' ? args[0] : null
}

const isLiteral = (value: Expression | undefined): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value)
const keyFor = <Key extends string>(table: Readonly<Record<Key, unknown>>, holds: (value: never) => boolean): Key | undefined =>
  (Object.keys(table) as Key[]).find((key) => holds(table[key] as never))

function rowOf(expression: Expression): Row | null {
  const [operation, args] = operationOf(expression) ?? []
  if (operation === undefined || args === undefined) return null
  const [first, second] = args
  if (operation === 'has' && args.length === 1) {
    const name = nameIn(first)
    return name === null ? null : { name, operator: 'answered', value: null }
  }
  if (operation === '!' && args.length === 1) {
    const inner = first === undefined ? null : rowOf(first)
    return inner?.operator === 'answered' ? { ...inner, operator: 'notAnswered' } : null
  }
  if (args.length !== 2) return null
  const name = nameIn(first)
  if (operation === 'in') {
    if (name !== null && Array.isArray(second) && second.every(isLiteral)) return { name, operator: 'oneOf', value: second as Json }
    const list = nameIn(second)
    return list !== null && isLiteral(first) ? { name: list, operator: 'includes', value: first } : null
  }
  if (name !== null) {
    const operator = keyFor(comparisons, (sign: string) => sign === operation)
    const [wrap, [minor, ...more] = []] = operationOf(second) ?? []
    if (operator && wrap === 'money' && typeof minor === 'number' && more.length === 0) return { name, operator, value: minor, money: true }
    return operator && isLiteral(second) ? { name, operator, value: second } : null
  }
  if (!isLiteral(second)) return null
  const [measure, of] = operationOf(first) ?? []
  const measuredName = of?.length === 1 ? nameIn(of[0]) : null
  const operator = keyFor(measured, ([sign, what]: readonly [string, string]) => sign === operation && what === measure)
  return measuredName !== null && operator && typeof second === 'number' ? { name: measuredName, operator, value: second } : null
}

/** The expression as rows; null if rows cannot say it. */
export function rowsOf(expression: Expression | undefined): Rows | null {
  if (expression === undefined) return { join: 'all', rows: [] }
  const [operation, args] = operationOf(expression) ?? []
  const isJoined = operation === 'and' || operation === 'or'
  const rows = (isJoined && args ? args : [expression]).map(rowOf)
  if (rows.length === 0 || rows.includes(null)) return null
  return { join: operation === 'or' ? 'any' : 'all', rows: rows as Row[] }
}
