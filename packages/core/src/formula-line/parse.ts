/** Reads a formula line: an expression and where its parts stand, or what is wrong and where. */
import type { Expression } from '@guichet/schemas'
import { asciiDigits } from '../text.ts'
import { isPlainName, operationOfName, reserved } from './names.ts'
import type { FormulaMoney } from './print.ts'
import { type Token, tokensOf } from './tokens.ts'

export interface FormulaLanguage extends FormulaMoney {
  /** Whether a comma between digits is a decimal one. */
  decimalComma?: boolean
  /** Words of the author's language for `and`, `or`, `not`, `in`, `true`, `false`, `nothing`, to those. */
  words?: ReadonlyMap<string, string>
  /** Whether there is a field of this name; then it is not one of the words. */
  isName?(name: string): boolean
  /** The one name that has this label. */
  nameOf?(label: string): string | null
  /** The currency's own sign, such as €. */
  sign?: string
}

export type FaultCode =
  /** Nothing is there. */
  | 'empty'
  /** It ends where something must follow. */
  | 'unfinished'
  /** A bracket, quote or name has no end. */
  | 'notClosed'
  /** A closing bracket without an opening one. */
  | 'notOpened'
  /** Two things without an operator between them. */
  | 'noOperator'
  /** An operator or bracket where a value must stand. */
  | 'noValue'
  /** A sign that means nothing here. */
  | 'unknownSign'
  /** Comparisons in a row that are not all the same. */
  | 'compareTwice'
  /** An amount with more digits than the currency has. */
  | 'amountDigits'
  /** A sign or code of another currency. */
  | 'otherCurrency'
  /** A number that is none. */
  | 'number'
  /** More brackets in each other than anybody reads. */
  | 'tooDeep'

export interface FormulaFault {
  code: FaultCode
  start: number
  end: number
  /** What stands there. */
  text: string
}

export type ParsedFormula =
  | { expression: Expression /** JSON pointer of each part to its place in the line. */; places: ReadonlyMap<string, readonly [start: number, end: number]> }
  | { fault: FormulaFault }

/** Deeper than any expression may be (`depthLimit`), and shallow enough for every stack. */
const deepest = 200

interface Node {
  value: { name: string } | { operation: string; args: Node[] } | { items: Node[] } | { literal: string | number | boolean | null } | { minor: number }
  start: number
  end: number
  /** It stood in brackets: what follows does not join it. */
  closed?: boolean
}

class Fault extends Error {
  readonly fault: FormulaFault
  constructor(fault: FormulaFault) {
    super(fault.code)
    this.fault = fault
  }
}

const comparisons: ReadonlyMap<string | null, string> = new Map([
  ...['!=', '<', '<=', '>', '>=', 'in'].map((sign): [string, string] => [sign, sign]),
  ['=', '=='],
])
const chains = new Set(['<', '<=', '>', '>='])

/**
 * @param before The expression that the line was made of. Parts that are as they were stay the very same, also where they
 * are written in another way that means the same (`{"has": x}` and `{"has": [x]}`).
 */
export function parseFormula(line: string, language: FormulaLanguage, before?: Expression): ParsedFormula {
  const tokens = tokensOf(line, language.decimalComma ?? false)
  let at = 0
  let depth = 0
  const fail = (code: FaultCode, token: Pick<Token, 'start' | 'end'> | undefined): never => {
    const { start, end } = token ?? { start: line.trimEnd().length, end: line.length }
    throw new Fault({ code, start, end, text: line.slice(start, end) })
  }
  const next = (): Token | undefined => tokens[at]
  const isSign = (value: string) => next()?.kind === 'sign' && next()?.value === value
  const isName = (name: string) => language.isName?.(name) ?? false

  /** The operator that comes next; words of it are `and`, `or`, `not`, `in`, also in the author's language. */
  const operator = (): string | null => {
    const token = next()
    if (token?.kind === 'sign') return token.value
    return token?.kind === 'word' ? wordOf(token) : null
  }
  const wordOf = ({ value }: Token): string | null => {
    if (reserved.has(value)) return value
    if (isName(value)) return null
    const lower = value.toLocaleLowerCase()
    return reserved.has(lower) ? lower : (language.words?.get(lower) ?? null)
  }

  const joined = (operation: string, first: Node, inner: () => Node, isNext: () => boolean): Node => {
    const args = [first]
    while (isNext()) {
      at++
      args.push(inner())
    }
    return args.length === 1 ? first : { value: { operation, args }, start: first.start, end: (args.at(-1) as Node).end }
  }

  const disjunction = (): Node => {
    if (++depth > deepest) fail('tooDeep', next())
    const node = joined('or', conjunction(), conjunction, () => operator() === 'or')
    depth--
    return node
  }
  const conjunction = (): Node => joined('and', negated(), negated, () => operator() === 'and')
  const negated = (): Node => {
    const token = next()
    if (operator() !== 'not' || !token) return comparison()
    at++
    if (++depth > deepest) fail('tooDeep', token)
    const inner = negated()
    depth--
    return { value: { operation: '!', args: [inner] }, start: token.start, end: inner.end }
  }
  const comparison = (): Node => {
    const first = sum()
    const found = operator()
    const operation = comparisons.get(found)
    if (operation === undefined) return first
    at++
    const args = [first, sum()]
    for (let again = operator(); comparisons.has(again); again = operator()) {
      if (!chains.has(operation) || comparisons.get(again) !== operation || args.length > 2) fail('compareTwice', next())
      at++
      args.push(sum())
    }
    return { value: { operation, args }, start: first.start, end: (args.at(-1) as Node).end }
  }
  /** From the left; the same operator goes on with the same list, another one begins a new one around it. */
  const chain = (inner: () => Node, operations: readonly string[], joins: (operation: string) => boolean): Node => {
    let left = inner()
    for (let sign = operator(); sign !== null && operations.includes(sign); sign = operator()) {
      at++
      const right = inner()
      const { value, start, closed } = left
      const goesOn = !closed && 'operation' in value && value.operation === sign && value.args.length > 1 && joins(sign)
      left = { value: { operation: sign, args: goesOn ? [...value.args, right] : [left, right] }, start, end: right.end }
    }
    return left
  }
  const sum = (): Node => chain(product, ['+', '-'], () => true)
  const product = (): Node => chain(signed, ['*', '/'], (sign) => sign === '*')
  const signed = (): Node => {
    const token = next()
    if (!isSign('-') || !token) return primary()
    at++
    const digits = next()
    if (++depth > deepest) fail('tooDeep', token)
    const inner = signed()
    depth--
    const { value, end } = inner
    const own = digits?.kind === 'number' && digits.end <= end && digits.start === inner.start && !inner.closed
    if (own && 'literal' in value && typeof value.literal === 'number') return { value: { literal: -value.literal }, start: token.start, end }
    if (own && 'minor' in value) return { value: { minor: -value.minor }, start: token.start, end }
    return { value: { operation: '-', args: [inner] }, start: token.start, end }
  }

  const listUntil = (close: string, open: Token): Node[] => {
    const items: Node[] = []
    if (!isSign(close)) {
      items.push(disjunction())
      while (isSign(';')) {
        at++
        items.push(disjunction())
      }
    }
    const token = next()
    if (!token) fail('notClosed', open)
    if (!isSign(close)) fail(token?.kind === 'sign' ? 'notClosed' : 'noOperator', token?.kind === 'sign' ? open : token)
    at++
    return items
  }
  const previousEnd = () => (tokens[at - 1] as Token).end

  /** Minor units of an amount as it was typed. */
  const minorOf = (digits: string, token: Token): number => {
    const [units = '', fraction = ''] = digits.split('.')
    if (fraction.length > language.decimals && /[1-9]/.test(fraction.slice(language.decimals))) fail('amountDigits', token)
    const minor = Number(units + fraction.slice(0, language.decimals).padEnd(language.decimals, '0'))
    if (!Number.isSafeInteger(minor) || /e/i.test(digits)) fail('number', token)
    return minor
  }
  const isCurrency = (token: Token | undefined): boolean =>
    token?.kind === 'currency' || (token?.kind === 'word' && /^[A-Z]{3}$/i.test(token.value) && token.value.toUpperCase() === language.currency)
  const amount = (digits: string, token: Token, money: Token): Node => {
    if (money.kind === 'currency' && money.value !== language.sign) fail('otherCurrency', money)
    return { value: { minor: minorOf(digits, token) }, start: Math.min(token.start, money.start), end: Math.max(token.end, money.end) }
  }
  const digitsOf = ({ value }: Token) => asciiDigits(value).replace(',', '.')

  const primary = (): Node => {
    const token = next()
    if (!token) return fail('unfinished', undefined)
    at++
    const { kind, value, start, end } = token
    if (token.open) return fail('notClosed', token)
    const following = next()
    switch (kind) {
      case 'number': {
        const digits = digitsOf(token)
        if (isCurrency(following)) {
          at++
          return amount(digits, token, following as Token)
        }
        // 12 USD where euros are paid.
        if (following?.kind === 'word' && /^[A-Z]{3}$/.test(following.value)) fail('otherCurrency', following)
        const number = Number(digits)
        if (!Number.isFinite(number)) fail('number', token)
        return { value: { literal: number }, start, end }
      }
      case 'currency': {
        if (following?.kind !== 'number') return fail('noValue', token)
        at++
        return amount(digitsOf(following), following, token)
      }
      case 'text':
        return { value: { literal: value }, start, end }
      case 'name': {
        const name = value.trim()
        return { value: { name: isName(value) || value === '' ? value : (language.nameOf?.(name) ?? value) }, start, end }
      }
      case 'operation':
      case 'word': {
        if (following?.kind === 'sign' && following.value === '(' && (kind === 'operation' || wordOf(token) !== 'not')) {
          at++
          const operation = kind === 'operation' ? value : operationOfName(value.toLowerCase())
          return { value: { operation, args: listUntil(')', following) }, start, end: previousEnd() }
        }
        if (kind === 'operation') return fail('unknownSign', token)
        const word = wordOf(token)
        if (word === 'true' || word === 'false') return { value: { literal: word === 'true' }, start, end }
        if (word === 'nothing') return { value: { literal: null }, start, end }
        if (word !== null) return fail('noValue', token)
        if (isName(value) || isPlainName(value)) return { value: { name: isName(value) ? value : (language.nameOf?.(value) ?? value) }, start, end }
        return { value: { name: language.nameOf?.(value) ?? value }, start, end }
      }
      case 'sign': {
        if (value === '(') {
          const inner = disjunction()
          if (!isSign(')')) fail(next() && next()?.kind !== 'sign' ? 'noOperator' : 'notClosed', next() && next()?.kind !== 'sign' ? next() : token)
          at++
          return { ...inner, start, end: previousEnd(), closed: true }
        }
        if (value === '{') return { value: { items: listUntil('}', token) }, start, end: previousEnd() }
        return fail(value === ')' || value === '}' ? 'notOpened' : 'noValue', token)
      }
      default:
        return fail('unknownSign', token)
    }
  }

  try {
    if (tokens.length === 0) fail('empty', undefined)
    const root = disjunction()
    const rest = next()
    if (rest) {
      const isClosing = rest.kind === 'sign' && (rest.value === ')' || rest.value === '}')
      fail(isClosing ? 'notOpened' : rest.kind === 'unknown' ? 'unknownSign' : 'noOperator', rest)
    }
    const known = partsOf(before)
    const expression = known.get(canonical(expressionOf(root))) ?? keep(expressionOf(root), known)
    const places = new Map<string, readonly [number, number]>()
    place(root, expression, '', places)
    return { expression, places }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.fault }
    throw error
  }
}

function expressionOf({ value }: Node): Expression {
  if ('name' in value) return { var: value.name }
  if ('minor' in value) return { money: value.minor }
  if ('literal' in value) return value.literal
  if ('items' in value) return value.items.map(expressionOf)
  return { [value.operation]: value.args.map(expressionOf) }
}

const same: ReadonlyMap<string, string> = new Map([
  ['===', '=='],
  ['!==', '!='],
])

/** One text for all ways to write the same: an argument alone or in a list, the two equal signs. */
export function canonical(expression: Expression): string {
  if (Array.isArray(expression)) return `[${expression.map(canonical).join(',')}]`
  if (typeof expression !== 'object' || expression === null) return JSON.stringify(expression)
  const entries = Object.entries(expression).map(([operation, given]) => {
    const args = (Array.isArray(given) ? given : [given]) as Expression[]
    return `${JSON.stringify(same.get(operation) ?? operation)}:[${args.map(canonical).join(',')}]`
  })
  return `{${entries.join(',')}}`
}

/** Every part of an expression by its one text. */
function partsOf(expression: Expression | undefined, found = new Map<string, Expression>()): Map<string, Expression> {
  if (typeof expression !== 'object' || expression === null) return found
  const key = canonical(expression)
  if (!found.has(key)) found.set(key, expression)
  for (const inner of Object.values(expression)) {
    if (Array.isArray(inner) && !Array.isArray(expression)) for (const item of inner) partsOf(item as Expression, found)
    else partsOf(inner as Expression, found)
  }
  return found
}

/** The expression, with the parts that were there before as they were. */
function keep(expression: Expression, known: ReadonlyMap<string, Expression>): Expression {
  if (typeof expression !== 'object' || expression === null) return expression
  const old = known.get(canonical(expression))
  if (old !== undefined) return old
  if (Array.isArray(expression)) return expression.map((item) => keep(item, known))
  const [[operation, args] = ['', []]] = Object.entries(expression)
  return { [operation]: Array.isArray(args) ? args.map((arg) => keep(arg as Expression, known)) : args }
}

const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** Where each part stands, by its pointer in the expression as it is now written. */
function place(node: Node, expression: Expression, path: string, places: Map<string, readonly [number, number]>): void {
  places.set(path, [node.start, node.end])
  const { value } = node
  if ('items' in value && Array.isArray(expression)) {
    for (const [i, item] of value.items.entries()) place(item, expression[i] as Expression, `${path}/${i}`, places)
    return
  }
  if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return
  const [[operation, given] = ['', null]] = Object.entries(expression)
  const own = `${path}/${escapeKey(operation)}`
  places.set(own, [node.start, node.end])
  if (!('operation' in value)) return
  for (const [i, arg] of value.args.entries()) {
    if (Array.isArray(given)) place(arg, given[i] as Expression, `${own}/${i}`, places)
    else place(arg, given as Expression, own, places)
  }
}
