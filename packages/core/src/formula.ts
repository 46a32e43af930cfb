/** An expression as one line to read, as in a spreadsheet: infix signs, the labels of what it reads, amounts as money. */
import type { Expression, Json } from '@guichet/schemas'

/** How names and literals are said. Each gives null where it has nothing better than the formula's own way. */
export interface FormulaWords {
  /** Label of a field or computed value. */
  name(name: string): string | null
  /** Label of a choice, where a literal stands beside the name. */
  choice?(name: string, value: Json): string | null
  money(minorUnits: number): string
  /** `and`, `or`, `not`, `true`, `false`, `nothing` in the reader's language. */
  word?(key: FormulaWord): string | null
}

export type FormulaWord = 'and' | 'or' | 'not' | 'true' | 'false' | 'nothing'

const infix: Readonly<Record<string, readonly [sign: string, strength: number]>> = {
  or: ['or', 1],
  and: ['and', 2],
  '==': ['=', 3],
  '===': ['=', 3],
  '!=': ['≠', 3],
  '!==': ['≠', 3],
  '<': ['<', 3],
  '<=': ['≤', 3],
  '>': ['>', 3],
  '>=': ['≥', 3],
  in: ['∈', 3],
  '+': ['+', 4],
  '-': ['−', 4],
  '*': ['×', 5],
  '/': ['÷', 5],
}
const tightest = 7

const nameIn = (expression: Expression | undefined): string | null => {
  if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return null
  const given = (expression as Record<string, Json>).var
  const name = Array.isArray(given) && given.length === 1 ? given[0] : given
  return typeof name === 'string' && name !== '' ? name : null
}

export function formulaOf(expression: Expression, words: FormulaWords): string {
  const word = (key: FormulaWord) => words.word?.(key) ?? key
  const literal = (value: Json, beside: string | null): string => {
    if (value === null) return word('nothing')
    if (typeof value === 'boolean') return word(value ? 'true' : 'false')
    if (typeof value === 'string') {
      const label = beside === null ? null : (words.choice?.(beside, value) ?? null)
      return label === null ? JSON.stringify(value) : `“${label}”`
    }
    return typeof value === 'number' ? String(value) : JSON.stringify(value)
  }

  /** `around`: how tightly what stands around it binds; `beside`: the name that a literal is compared with. */
  const say = (at: Expression, around: number, beside: string | null): string => {
    if (Array.isArray(at)) return `[${at.map((item) => say(item, 0, beside)).join('; ')}]`
    if (typeof at !== 'object' || at === null) return literal(at, beside)
    const [operation = '', given = null] = Object.entries(at)[0] ?? []
    const args = (Array.isArray(given) ? given : [given]) as Expression[]
    const name = nameIn(at)
    if (name !== null) return words.name(name) ?? name
    if (operation === 'money' && typeof args[0] === 'number') return words.money(args[0])
    if (operation === '!' && args.length === 1) {
      const text = `${word('not')} ${say(args[0] as Expression, 6, null)}`
      return around > 6 ? `(${text})` : text
    }
    if (operation === '-' && args.length === 1) return `−${say(args[0] as Expression, tightest, null)}`
    const sign = Object.hasOwn(infix, operation) ? infix[operation] : undefined
    if (sign && args.length > 1) {
      const [text, strength] = sign
      const shown = text === 'and' || text === 'or' ? word(text) : text
      const named = args.map(nameIn).find((one) => one !== null) ?? null
      // What takes away or divides binds its right side tighter: a − (b − c).
      const parts = args.map((arg, i) => say(arg, i > 0 && (operation === '-' || operation === '/') ? strength + 1 : strength, named))
      const line = parts.join(` ${shown} `)
      // Comparisons in a row would read as one; the rest of the same strength needs no brackets.
      return around > strength || (around === strength && strength === 3) ? `(${line})` : line
    }
    return `${operation}(${args
      .filter((arg, i) => !(arg === null && i === 0 && args.length === 1))
      .map((arg) => say(arg, 0, null))
      .join('; ')})`
  }
  return say(expression, 0, null)
}
