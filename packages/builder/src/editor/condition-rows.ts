/**
 * The conditions most authors need, as rows of (field, operator, value) that all or any must hold, in groups where some
 * belong together, and of a repeated group how many of its rows there are, for which a condition holds, or what they sum up
 * to. What does not fit stays a formula among the rows: nothing is ever rewritten that they cannot say exactly.
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
  | 'sumAtLeast'
  | 'sumAtMost'
  | 'anyRow'
  | 'everyRow'
  | 'noRow'

export interface Row {
  name: string
  operator: Operator
  /** Null where the operator takes none. */
  value: Json
  /** The value is money, in minor units: the language keeps it apart from plain numbers. */
  money?: true
  /** Which field of a repeated group is summed up. */
  field?: string
  /** What must hold for a row of a repeated group to count. */
  where?: Rows
}

/** What rows cannot say. */
export interface Formula {
  formula: Expression
}

export interface Rows {
  join: 'all' | 'any'
  /** `Rows` among them are a group of their own. */
  rows: readonly (Row | Rows | Formula)[]
}

export type Item = Rows['rows'][number]

export const isRow = (item: Item): item is Row => 'operator' in item
export const isRows = (item: Item): item is Rows => 'rows' in item

/** Whether no part of it is left to the formula. */
export const areRowsEnough = ({ rows }: Rows): boolean =>
  rows.every((item) => (isRows(item) ? areRowsEnough(item) : isRow(item) && (item.where === undefined || areRowsEnough(item.where))))

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
  rows: ['rowsAtLeast', 'rowsAtMost', 'anyRow', 'everyRow', 'noRow', 'sumAtLeast', 'sumAtMost'],
  object: answer,
  none: [],
}

export const takesValue = (operator: Operator): boolean => !answer.includes(operator) && !Object.hasOwn(quantified, operator)

const comparisons = { is: '==', isNot: '!=', less: '<', atMost: '<=', atLeast: '>=', more: '>' } as const
const measured = { ageAtLeast: ['>=', 'age'], ageBelow: ['<', 'age'], rowsAtLeast: ['>=', 'count'], rowsAtMost: ['<=', 'count'] } as const
const quantified = { anyRow: 'some', everyRow: 'all', noRow: 'none' } as const
const summed = { sumAtLeast: '>=', sumAtMost: '<=' } as const

function expressionOfRow({ name, operator, value, money, field: inRow, where }: Row): Expression {
  const field = { var: name }
  const amount = money ? { money: value as Expression } : (value as Expression)
  const body = where === undefined ? undefined : expressionOf(where)
  switch (operator) {
    case 'anyRow':
    case 'everyRow':
    case 'noRow':
      // Rows of which nothing is asked yet: the formula says that something is missing, and so do the checks.
      return { [quantified[operator]]: [field, ...(body === undefined ? [] : [body])] }
    case 'sumAtLeast':
    case 'sumAtMost':
      return { [summed[operator]]: [{ sum: [field, { var: inRow ?? '' }] }, amount] }
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
      return { [compare]: [{ [measure]: [field, ...(measure === 'count' && body !== undefined ? [body] : [])] }, value as Expression] }
    }
    default:
      return { [comparisons[operator]]: [field, amount] }
  }
}

/** No rows: no condition. */
export function expressionOf({ join, rows }: Rows): Expression | undefined {
  if (rows.length === 0) return undefined
  const all = rows.map((item) => (isRow(item) ? expressionOfRow(item) : isRows(item) ? joined(item) : item.formula))
  return all.length === 1 ? (all[0] as Expression) : { [join === 'all' ? 'and' : 'or']: all }
}

/** A group stays one, also with one row in it. */
const joined = ({ join, rows }: Rows): Expression => {
  const inner = expressionOf({ join, rows }) ?? null
  return { [join === 'all' ? 'and' : 'or']: rows.length > 1 ? (Object.values(inner as object)[0] as Expression) : [inner] }
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
  const quantifier = keyFor(quantified, (key: string) => key === operation)
  if (quantifier && name !== null && second !== undefined) return { name, operator: quantifier, value: null, where: bodyOf(second) }
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
  const [measure, of] = operationOf(first) ?? []
  const measuredName = nameIn(of?.[0])
  if (of === undefined || measuredName === null) return null
  const sum = keyFor(summed, (sign: string) => sign === operation)
  const inRow = nameIn(of[1])
  if (measure === 'sum' && sum && of.length === 2 && inRow !== null) {
    const [wrap, [minor, ...more] = []] = operationOf(second) ?? []
    if (wrap === 'money' && typeof minor === 'number' && more.length === 0)
      return { name: measuredName, operator: sum, value: minor, money: true, field: inRow }
    return typeof second === 'number' ? { name: measuredName, operator: sum, value: second, field: inRow } : null
  }
  const operator = keyFor(measured, ([sign, what]: readonly [string, string]) => sign === operation && what === measure)
  if (!operator || typeof second !== 'number' || of.length > (measure === 'count' ? 2 : 1)) return null
  return { name: measuredName, operator, value: second, ...(of[1] === undefined ? {} : { where: bodyOf(of[1]) }) }
}

/** What a row must hold; a formula where rows cannot say it. */
const bodyOf = (expression: Expression): Rows => rowsWithFormulas(expression)

/** An expression as rows, with formulas among them where rows cannot say it. */
export function rowsWithFormulas(expression: Expression | undefined): Rows {
  if (expression === undefined) return { join: 'all', rows: [] }
  const [operation, args] = operationOf(expression) ?? []
  const isJoined = (operation === 'and' || operation === 'or') && args !== undefined && args.length > 0
  const items = (isJoined ? args : [expression]).map((part): Item => {
    const row = rowOf(part)
    if (row) return row
    const [inner, parts] = operationOf(part) ?? []
    return isJoined && (inner === 'and' || inner === 'or') && parts?.length ? groupOf(inner, parts) : { formula: part }
  })
  return { join: operation === 'or' ? 'any' : 'all', rows: items }
}

/** A group among others, whatever it holds. */
function groupOf(operation: 'and' | 'or', parts: readonly Expression[]): Rows {
  const { rows } = rowsWithFormulas({ [operation]: [...parts, null] })
  return { join: operation === 'or' ? 'any' : 'all', rows: rows.slice(0, -1) }
}

/** The expression as rows; null if rows alone cannot say it. */
export function rowsOf(expression: Expression | undefined): Rows | null {
  const rows = rowsWithFormulas(expression)
  return areRowsEnough(rows) ? rows : null
}
