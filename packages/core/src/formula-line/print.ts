/** An expression as the line that `parseFormula` reads back as the same expression. */
import type { Expression, Json } from '@guichet/schemas'
import { isPlainCall, isPlainName, nameOfOperation } from './names.ts'

export interface FormulaMoney {
  /** ISO 4217 code. */
  currency: string
  /** Its minor digits. */
  decimals: number
}

/** How tightly each operation binds; what stands in it must bind tighter, or is put in brackets. */
const strengths: Readonly<Record<string, readonly [sign: string, strength: number, most: number]>> = {
  or: ['or', 1, Number.POSITIVE_INFINITY],
  and: ['and', 2, Number.POSITIVE_INFINITY],
  '==': ['=', 4, 2],
  '===': ['=', 4, 2],
  '!=': ['!=', 4, 2],
  '!==': ['!=', 4, 2],
  '<': ['<', 4, 3],
  '<=': ['<=', 4, 3],
  '>': ['>', 4, 3],
  '>=': ['>=', 4, 3],
  in: ['in', 4, 2],
  '+': ['+', 5, Number.POSITIVE_INFINITY],
  '-': ['-', 5, Number.POSITIVE_INFINITY],
  '*': ['*', 6, Number.POSITIVE_INFINITY],
  '/': ['/', 6, 2],
}
const negation = 3
const unary = 7
const whole = 8

interface Printed {
  text: string
  strength: number
}

/** Thrown where an expression has no line: an object that is no operation, a name that no quotes can hold. */
class NoLine extends Error {}

const minorText = (minor: number, { currency, decimals }: FormulaMoney): string => {
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0')
  const amount = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return `${minor < 0 ? '-' : ''}${amount} ${currency}`
}

/** Null where no line can say it: an object that is no operation. */
export function printFormula(expression: Expression, money: FormulaMoney): string | null {
  const literal = (value: Json): Printed => {
    if (value === null) return { text: 'nothing', strength: whole }
    if (typeof value === 'number') return { text: String(value), strength: value < 0 ? unary : whole }
    return { text: typeof value === 'string' ? JSON.stringify(value) : String(value), strength: whole }
  }
  const within = (inner: Expression, least: number): string => {
    const { text, strength } = print(inner)
    return strength < least ? `(${text})` : text
  }
  const list = (items: readonly Expression[]) => items.map((item) => within(item, 0)).join('; ')
  const call = (operation: string, args: readonly Expression[]): Printed => {
    const name = nameOfOperation(operation)
    if (name.includes('`')) throw new NoLine()
    return { text: `${isPlainCall(operation) || name !== operation ? name : `\`${name}\``}(${list(args)})`, strength: whole }
  }
  const print = (at: Expression): Printed => {
    if (Array.isArray(at)) return { text: `{${list(at)}}`, strength: whole }
    if (typeof at !== 'object' || at === null) return literal(at)
    const [entry, ...more] = Object.entries(at)
    if (!entry || more.length > 0) throw new NoLine()
    const [operation, given] = entry as [string, Expression]
    const args = (Array.isArray(given) ? given : [given]) as Expression[]
    const [only] = args
    if (operation === 'var' && args.length === 1 && typeof only === 'string') {
      if (isPlainName(only)) return { text: only, strength: whole }
      return only.includes(']') ? call(operation, args) : { text: `[${only}]`, strength: whole }
    }
    if (operation === 'money' && args.length === 1 && typeof only === 'number' && Number.isSafeInteger(only) && !Object.is(only, -0))
      return { text: minorText(only, money), strength: only < 0 ? unary : whole }
    if (operation === '!' && args.length === 1) return { text: `not ${within(only as Expression, whole)}`, strength: negation }
    // Before a number the sign would be the number's own.
    if (operation === '-' && args.length === 1) {
      const { text, strength } = print(only as Expression)
      return { text: strength < whole || /^\p{Nd}/u.test(text) ? `-(${text})` : `-${text}`, strength: unary }
    }
    const known = Object.hasOwn(strengths, operation) ? strengths[operation] : undefined
    if (known && args.length > 1 && args.length <= known[2]) {
      const [sign, strength] = known
      const parts = args.map((arg, i) => {
        const { text, strength: inner } = print(arg)
        return inner > strength || (i === 0 && inner === strength && goesOn(arg, operation)) ? text : `(${text})`
      })
      return { text: parts.join(` ${sign} `), strength }
    }
    return call(operation, args)
  }
  /** Whether a sum goes on after a difference, or a product after a quotient, as it is read from the left. */
  const goesOn = (first: Expression, operation: string): boolean => {
    const [inner = ''] = Object.keys(first as object)
    if (operation === '/') return inner === '/' || inner === '*'
    return (operation === '+' && inner === '-') || (operation === '-' && inner === '+') || (operation === '*' && inner === '/')
  }
  try {
    return print(expression).text
  } catch (error) {
    if (error instanceof NoLine) return null
    throw error
  }
}
