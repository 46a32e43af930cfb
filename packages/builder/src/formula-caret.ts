/** What helps at the caret of a formula line: what may be written there, and which argument of which function one is in. */
import { operationOfName, reserved, type Token, tokensOf } from '@guichet/core/formula-line'
import type { ReadableName } from './editor/readable-names.ts'

/** Functions that are called by name; signs and words between values are no functions. */
export const functions = [
  'if',
  'has',
  'count',
  'sum',
  'some',
  'all',
  'none',
  'filter',
  'map',
  'min',
  'max',
  'round',
  'floor',
  'ceil',
  'mod',
  'today',
  'age',
  'days',
  'cat',
  'substr',
  'row',
  'overlap',
  'money',
] as const
export type FunctionName = (typeof functions)[number]

/** Functions whose later arguments are read in each row of the list that is their first. */
const overRows = new Set(['count', 'sum', 'some', 'all', 'none', 'filter', 'map', 'overlap'])

export interface Completion {
  kind: 'name' | 'function' | 'value' | 'word'
  /** What is put in. */
  text: string
  /** Where the caret stands then, counted from the end of what was put in. */
  back: number
  /** What it is called: a label, for a name or a value. */
  label: string
}

export interface Completions {
  /** What is replaced. */
  start: number
  end: number
  options: readonly Completion[]
}

interface Call {
  name: string
  /** Which argument, from 0. */
  argument: number
  /** The first argument, where it is a bare name. */
  list: string | null
}

const isName = (token: Token | undefined): boolean => (token?.kind === 'word' && !reserved.has(token.value)) || token?.kind === 'name'
const endsValue = (token: Token | undefined): boolean =>
  token !== undefined &&
  (['number', 'text', 'name', 'currency'].includes(token.kind) || isName(token) || (token.kind === 'sign' && [')', '}'].includes(token.value)))

/** The calls around the caret, innermost first. */
function callsAt(tokens: readonly Token[], caret: number): Call[] {
  const open: (Call | null)[] = []
  for (const [i, token] of tokens.entries()) {
    if (token.end > caret) break
    if (token.kind !== 'sign') continue
    const before = tokens[i - 1]
    if (token.value === '(') {
      const called = before?.kind === 'operation' || (before?.kind === 'word' && (!reserved.has(before.value) || before.value === 'in')) ? before : null
      const [first, second] = [tokens[i + 1], tokens[i + 2]]
      const list = first?.kind === 'word' && second?.kind === 'sign' && second.value === ';' ? first.value : null
      open.push(called ? { name: called.value.toLowerCase(), argument: 0, list } : null)
    } else if (token.value === '{') open.push(null)
    else if (token.value === ')' || token.value === '}') open.pop()
    else if (token.value === ';') {
      const call = open.at(-1)
      if (call) call.argument++
    }
  }
  return open.filter((call) => call !== null).reverse()
}

/** The function whose arguments the caret stands in, and in which; null if in none that there is. */
export function callAt(line: string, caret: number, decimalComma: boolean): { name: FunctionName; argument: number } | null {
  const [call] = callsAt(tokensOf(line, decimalComma), caret)
  const known = functions.find((name) => name === call?.name)
  return call && known ? { name: known, argument: call.argument } : null
}

const startsWord = (text: string, prefix: string) => ` ${text.toLocaleLowerCase()}`.includes(` ${prefix}`)

/**
 * What may be written at the caret: names by their key and their label, functions, and the choices of a name that is
 * compared. `asked`: also where nothing is typed yet.
 */
export function completionsAt(line: string, caret: number, names: readonly ReadableName[], decimalComma: boolean, asked = false): Completions | null {
  const tokens = tokensOf(line, decimalComma)
  const index = tokens.findIndex(({ start, end, open }) => start < caret && (caret <= end || (open === true && end === line.length)))
  const at = tokens[index]
  const inside = at && (at.kind === 'word' || at.kind === 'name' || (at.kind === 'text' && (at.open || caret < at.end))) ? at : undefined
  if (!inside && (!asked || (at && at.end > caret))) return null
  const before = tokens.filter(({ end }) => end <= (inside?.start ?? caret))
  const typed = line.slice(inside?.start ?? caret, caret)
  const prefix = typed.replace(/^["“„«[]/u, '').toLocaleLowerCase()
  const range = { start: inside?.start ?? caret, end: inside?.end ?? caret }

  // Fields of the rows first, if the caret is in a call that goes through them.
  const rows = callsAt(tokens, range.start).flatMap(({ name, argument, list }) =>
    argument > 0 && overRows.has(operationOfName(name)) ? (names.find((one) => one.name === list)?.fields ?? []) : [],
  )
  const readable = [...rows, ...names.filter(({ name }) => !rows.some((row) => row.name === name))]

  const compared = comparedName(before)
  const values = readable.find(({ name }) => name === compared)?.choices ?? []
  const options: Completion[] = []
  if (compared !== null)
    for (const { value, label } of values)
      if (startsWord(label, prefix) || value.toLocaleLowerCase().startsWith(prefix))
        options.push({ kind: 'value', text: JSON.stringify(value), back: 0, label })
  if (inside?.kind === 'text') return options.length > 0 ? { ...range, options } : null

  if (endsValue(before.at(-1))) {
    for (const word of ['and', 'or', 'in']) if (word.startsWith(prefix)) options.push({ kind: 'word', text: `${word} `, back: 0, label: word })
    return options.length > 0 ? { ...range, options } : null
  }
  const exact = readable.filter(({ name, label }) => name.startsWith(prefix) || startsWord(label, prefix))
  const loose = readable.filter(
    (one) => prefix.length > 2 && !exact.includes(one) && (one.name.includes(prefix) || one.label.toLocaleLowerCase().includes(prefix)),
  )
  for (const { name, label } of [...exact, ...loose]) options.push({ kind: 'name', text: reserved.has(name) ? `[${name}]` : name, back: 0, label })
  if (inside?.kind !== 'name') {
    const isCalled = /^\s*\(/.test(line.slice(range.end))
    for (const name of functions)
      if (name.startsWith(prefix))
        options.push({ kind: 'function', text: isCalled ? name : `${name}()`, back: isCalled || name === 'today' ? 0 : 1, label: name })
    if ('not'.startsWith(prefix)) options.push({ kind: 'word', text: 'not ', back: 0, label: 'not' })
  }
  // Nothing is left to complete.
  const [only] = options
  return options.length === 0 || (options.length === 1 && only?.text === typed && !asked) ? null : { ...range, options }
}

/** The name whose value stands on the other side of a comparison, or before a list. */
function comparedName(before: readonly Token[]): string | null {
  let i = before.length - 1
  // Back to the beginning of a list.
  if (before[i]?.kind === 'sign' && ['{', ';'].includes((before[i] as Token).value)) {
    while (i >= 0 && !(before[i]?.kind === 'sign' && before[i]?.value === '{')) i--
    i--
  }
  const sign = before[i]
  const isCompared = (sign?.kind === 'sign' && ['=', '!=', 'in'].includes(sign.value)) || (sign?.kind === 'word' && sign.value === 'in')
  const name = before[i - 1]
  return isCompared && isName(name) ? (name as Token).value : null
}
