/** What each operation takes and gives. The list has exactly the operations of expression.ts. */
import type { Expression, Json } from '@guichet/schemas'
import type { Call } from './expression-check.ts'
import { any, common, fits, isDateLiteral, isZero, type Kind, type KindName, kind, minorUnits } from './expression-check-kinds.ts'
import { nearest } from './nearest.ts'

export interface Signature {
  /** Fewest and most arguments. */
  min: number
  max: number
  result(call: Call): Kind
}

/** Operations of JSON Logic that are not offered, and what does their work here. */
export const insteadOf: Readonly<Record<string, string>> = {
  '?:': 'if',
  '!!': 'has',
  missing: 'has',
  missing_some: 'has',
  merge: 'in',
  reduce: 'sum',
  log: 'cat',
}

const boolean = kind('boolean')
const number = kind('number')
const each = (call: Call, wanted: readonly KindName[]): Kind[] => call.args.map((_, i) => call.want(i, wanted))
const textOf = (literal: Json | undefined) => (typeof literal === 'string' ? literal : undefined)

/** A literal that is none of the field's options: a comparison with it never holds. */
function isDeadOption(call: Call, choice: Kind, other: Kind, path: string): boolean {
  if (choice.is !== 'choice' || !choice.values || !('literal' in other)) return false
  const { literal } = other
  if (typeof literal === 'number' && choice.values.includes(String(literal))) {
    call.report('optionIsText', path, { value: String(literal) })
    return true
  }
  if (typeof literal !== 'string' || choice.values.includes(literal)) return false
  const suggestion = nearest(literal, choice.values)
  call.report('unknownOption', path, { value: literal, options: [...choice.values], ...(suggestion ? { suggestion } : {}) })
  return true
}

/** Whether two values can be equal or be put in order at all; says at `path`, the place of the second, why not. */
function compare(call: Call, a: Kind, b: Kind, path: string): void {
  if (a.is === 'absent' || b.is === 'absent' || isDeadOption(call, a, b, path) || isDeadOption(call, b, a, path) || common(a, b)) return
  const numeric = a.is === 'number' ? a : b.is === 'number' ? b : null
  const [date, text] = a.is === 'date' ? [a, b] : [b, a]
  if (numeric && (a.is === 'money' || b.is === 'money'))
    call.report('moneyAndNumber', path, { minor: minorUnits('literal' in numeric ? numeric.literal : undefined, call.place.program) })
  else if (date.is === 'date' && 'literal' in text && typeof text.literal === 'string') call.report('notADate', path, { value: text.literal })
  else call.report('kindsDiffer', path, { first: a.is, second: b.is })
}

/** The one kind of several values, each compared with the first that says something. */
function alike(call: Call, kinds: readonly { kind: Kind; path: string }[]): Kind {
  let result: Kind | null = null
  for (const { kind: next, path } of kinds) {
    const joined: Kind | null = result ? common(result, next) : next
    if (!joined) {
      compare(call, result as Kind, next, path)
      return any
    }
    result = joined
  }
  return result ?? any
}
const argsAlike = (call: Call, kinds: readonly Kind[]) =>
  alike(
    call,
    kinds.map((one, i) => ({ kind: one, path: call.at(i) })),
  )

const equality: Signature = {
  min: 2,
  max: 2,
  result(call) {
    compare(call, call.kind(0), call.kind(1), call.at(1))
    return boolean
  },
}

/** What has an earlier and a later, a smaller and a greater. */
const inOrder = ['number', 'money', 'date', 'time', 'month'] as const

const order: Signature = {
  min: 2,
  max: 3,
  result(call) {
    argsAlike(call, each(call, inOrder))
    return boolean
  },
}

const logic: Signature = {
  min: 1,
  max: Number.POSITIVE_INFINITY,
  result(call) {
    each(call, ['boolean'])
    return boolean
  },
}

/** Sums and differences stay what they are of; money is not mixed with plain numbers, but for 0. */
const additive: Signature = { min: 1, max: Number.POSITIVE_INFINITY, result: (call) => plain(argsAlike(call, each(call, ['number', 'money']))) }
const plain = (value: Kind): Kind => ('literal' in value ? { is: value.is } : value)

const extreme: Signature = {
  min: 1,
  max: Number.POSITIVE_INFINITY,
  result(call) {
    const kinds = call.args.map((_, i) => {
      const found = call.want(i, ['number', 'money', 'date', 'list'])
      if (found.is !== 'list') return found
      if (['number', 'money', 'date'].some((name) => fits(found.of, name as KindName))) return found.of
      call.report('wrongKind', call.at(i), { wanted: ['number', 'money', 'date'], found: found.of.is })
      return any
    })
    return plain(argsAlike(call, kinds))
  },
}

const rounding: Signature = {
  min: 1,
  max: 2,
  result(call) {
    if (call.args.length > 1) call.want(1, ['number'])
    return plain(call.want(0, ['number', 'money']))
  },
}

/** Whether a list is named directly, so that what the body reads is known without evaluating. */
function isDirect(expression: Expression | undefined, withBody: boolean): boolean {
  if (Array.isArray(expression)) return !withBody || expression.every((item) => typeof item !== 'object')
  if (typeof expression !== 'object' || expression === null) return false
  const [operation = ''] = Object.keys(expression)
  return operation === 'var' || operation === 'filter' || (operation === 'map' && !withBody)
}

/** The kind of one item of the list in the first argument. */
function itemOf(call: Call): Kind {
  const list = call.kind(0)
  if (list.is === 'any') return any
  if (list.is !== 'list' && list.is !== 'rows') {
    call.report('notAList', call.at(0), { operation: call.operation, found: list.is })
    return any
  }
  if (!isDirect(call.args[0], call.args.length > 1)) call.report('listNotNamed', call.at(0), { operation: call.operation })
  return list.is === 'rows' ? list : list.of
}

const overItems = (min: number, result: (call: Call, item: Kind) => Kind): Signature => ({ min, max: 2, result: (call) => result(call, itemOf(call)) })
const everyItem = overItems(2, (call, item) => {
  call.want(1, ['boolean'], item)
  return boolean
})

function rowKind(call: Call): Kind {
  const [name] = call.args
  const { tables = {} } = call.place.program.definition
  const key = call.want(1, ['text', 'number'])
  if (typeof name !== 'string') {
    call.report('tableNotNamed', call.at(0))
    return any
  }
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (!table) {
    const suggestion = nearest(name, Object.keys(tables))
    call.report('unknownTable', call.at(0), { name, ...(suggestion ? { suggestion } : {}) })
    return any
  }
  const keys = Object.keys(table)
  const literal = 'literal' in key ? textOf(key.literal) : undefined
  if (literal !== undefined && !keys.includes(literal)) {
    const suggestion = nearest(literal, keys)
    call.report('unknownRow', call.at(1), { name: literal, table: name, ...(suggestion ? { suggestion } : {}) })
  }
  const missing = key.is === 'choice' && key.values ? key.values.filter((value) => !keys.includes(value)) : []
  if (missing.length > 0) call.report('optionsWithoutRow', call.at(1), { options: missing, table: name }, 'warning')
  const [, , column] = call.args
  if (typeof column !== 'string') {
    call.want(2, ['text'])
    return any
  }
  const cells = Object.values(table).flatMap((cells) => (Object.hasOwn(cells, column) ? [cells[column] as Json] : []))
  if (cells.length === 0 && keys.length > 0) {
    const columns = new Set(Object.values(table).flatMap((cells) => Object.keys(cells)))
    const suggestion = nearest(column, columns)
    call.report('unknownColumn', call.at(2), { name: column, table: name, ...(suggestion ? { suggestion } : {}) })
    return any
  }
  for (const is of ['number', 'boolean'] as const) if (cells.every((cell) => typeof cell === is)) return kind(is)
  if (!cells.every((cell) => typeof cell === 'string')) return any
  return cells.every((cell) => isDateLiteral({ is: 'text', literal: cell })) ? kind('date') : kind('text')
}

export const signatures: Readonly<Record<string, Signature>> = {
  var: {
    min: 1,
    max: 2,
    result(call) {
      const [name] = call.args
      if (typeof name !== 'string') {
        call.report('nameNotWritten', call.at(0))
        return any
      }
      const found = call.name(name, call.at(0))
      return call.args.length > 1 ? argsAlike(call, [found, call.kind(1)]) : found
    },
  },
  if: {
    min: 2,
    max: Number.POSITIVE_INFINITY,
    result(call) {
      const branches: { kind: Kind; path: string }[] = []
      for (let i = 0; i < call.args.length; i++) {
        if (i % 2 === 0 && i + 1 < call.args.length) call.want(i, ['boolean'])
        else branches.push({ kind: call.kind(i), path: call.at(i) })
      }
      return alike(call, branches)
    },
  },
  and: logic,
  or: logic,
  '!': { ...logic, max: 1 },
  '==': equality,
  '===': equality,
  '!=': equality,
  '!==': equality,
  '<': order,
  '<=': order,
  '>': order,
  '>=': order,
  '+': additive,
  '-': additive,
  '*': {
    min: 1,
    max: Number.POSITIVE_INFINITY,
    result(call) {
      const kinds = each(call, ['number', 'money'])
      const second = kinds.findIndex((one, i) => one.is === 'money' && kinds.findIndex((other) => other.is === 'money') < i)
      if (second >= 0) call.report('moneyTimesMoney', call.at(second))
      return kinds.some(({ is }) => is === 'money') ? kind('money') : kinds.some(({ is }) => is === 'any') ? any : number
    },
  },
  '/': {
    min: 2,
    max: 2,
    result(call) {
      const [a = any, b = any] = each(call, ['number', 'money'])
      if (a.is === 'any' || b.is === 'any') return any
      if (b.is !== 'money') return plain(a)
      if (a.is !== 'money' && !isZero(a)) call.report('numberByMoney', call.at(1))
      return number
    },
  },
  '%': { min: 2, max: 2, result: additive.result },
  min: extreme,
  max: extreme,
  in: {
    min: 2,
    max: 2,
    result(call) {
      const needle = call.kind(0)
      const [, place] = call.args
      if (Array.isArray(place)) {
        place.forEach((item, i) => {
          const path = `${call.at(1)}/${i}`
          compare(call, needle, call.kindOf(item, path), path)
        })
        return boolean
      }
      const found = call.want(1, ['list', 'text'])
      if (found.is === 'list') compare(call, found.of, needle, call.at(0))
      else if (found.is === 'text' || found.is === 'choice') {
        if (!fits(needle, 'text')) call.report('wrongKind', call.at(0), { wanted: ['text'], found: needle.is })
      } else if (found.is === 'rows') call.report('wrongKind', call.at(1), { wanted: ['list', 'text'], found: found.is })
      return boolean
    },
  },
  cat: {
    min: 1,
    max: Number.POSITIVE_INFINITY,
    result(call) {
      each(call, ['text', 'number', 'date'])
      return kind('text')
    },
  },
  substr: {
    min: 2,
    max: 3,
    result(call) {
      call.want(0, ['text', 'date'])
      call.want(1, ['number'])
      if (call.args.length > 2) call.want(2, ['number'])
      return kind('text')
    },
  },
  filter: overItems(2, (call, item) => {
    call.want(1, ['boolean'], item)
    return item.is === 'rows' ? item : item.is === 'any' ? any : { is: 'list', of: item }
  }),
  map: overItems(2, (call, item) => ({ is: 'list', of: call.kind(1, item) })),
  all: everyItem,
  some: everyItem,
  none: everyItem,
  count: overItems(1, (call, item) => {
    if (call.args.length > 1) call.want(1, ['boolean'], item)
    return number
  }),
  sum: overItems(1, (call, item) => {
    if (call.args.length > 1) return plain(call.want(1, ['number', 'money'], item))
    if (fits(item, 'number') || fits(item, 'money')) return plain(item)
    call.report('sumOfWhat', call.at(0))
    return any
  }),
  has: {
    min: 1,
    max: 1,
    result(call) {
      call.kind(0)
      return boolean
    },
  },
  today: { min: 0, max: 0, result: () => kind('date') },
  age: {
    min: 1,
    max: 2,
    result(call) {
      each(call, ['date'])
      return number
    },
  },
  days: {
    min: 2,
    max: 2,
    result(call) {
      each(call, ['date'])
      return number
    },
  },
  round: rounding,
  floor: rounding,
  ceil: rounding,
  money: {
    min: 1,
    max: 1,
    result(call) {
      const minor = call.want(0, ['number'])
      const literal = 'literal' in minor ? minor.literal : undefined
      if (typeof literal === 'number' && !Number.isInteger(literal))
        call.report('amountNotWhole', call.at(0), { minor: minorUnits(literal, call.place.program) })
      return kind('money')
    },
  },
  row: { min: 3, max: 3, result: rowKind },
  overlap: overItems(1, (call, item) => {
    if (call.args.length > 1) call.want(1, ['text'], item)
    else if (!fits(item, 'text')) call.report('wrongKind', call.at(0), { wanted: ['text'], found: item.is })
    return boolean
  }),
}
