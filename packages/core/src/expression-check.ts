/**
 * Checks an expression where an author wrote it: every operation has the parts it needs, of kinds that go together, and
 * every name exists. What passes here can be evaluated to something sensible, and everything it reads is known statically.
 */
import type { Expression, Json } from '@guichet/schemas'
import { any, fits, type Kind, type KindName, kindOfNode, minorUnits } from './expression-check-kinds.ts'
import { insteadOf, signatures } from './expression-check-operations.ts'
import { nearest } from './nearest.ts'
import type { FieldNode, Program } from './program.ts'

export const depthLimit = 32
export const sizeLimit = 2000

export type Expected = 'boolean' | 'number' | 'money' | 'text' | 'date' | 'any'

/** Where the expression stands. */
export interface ExpressionPlace {
  program: Pick<Program, 'definition' | 'nodes' | 'scope' | 'computed'>
  /** The repeated group whose row it belongs to; null outside. */
  group: FieldNode | null
  expects: Expected
}

export interface ExpressionFinding {
  /** Key of the sentence in lint.messages.json, without its `lint.`. */
  code: string
  severity: 'error' | 'warning'
  /** JSON pointer into the expression; "" is all of it. */
  path: string
  params: Record<string, Json>
}

/** Names that can be read at a place; the item of a list is the empty name. */
export interface Names {
  kindOf(name: string): Kind | null | undefined
  all(): Iterable<string>
  outer?: Names
}

/** What an operation's signature may ask about one use of the operation. */
export interface Call {
  readonly operation: string
  readonly args: readonly Expression[]
  readonly place: ExpressionPlace
  /** JSON pointer of an argument; of the operation if there is no such argument. */
  at(index: number): string
  /** The kind of an argument; `item`: inside an item of that kind. */
  kind(index: number, item?: Kind): Kind
  /** The kind of an argument, with a finding if it is none of those wanted. */
  want(index: number, wanted: readonly KindName[], item?: Kind): Kind
  kindOf(expression: Expression, path: string): Kind
  name(name: string, path: string): Kind
  report(code: string, path: string, params?: Record<string, Json>, severity?: ExpressionFinding['severity']): void
}

interface Checked {
  findings: ExpressionFinding[]
  kind: Kind
}

/** Depth and size, without descending further than allowed. */
function measure(expression: Expression): { depth: number; size: number } {
  let depth = 0
  let size = 0
  let level: Expression[] = [expression]
  while (level.length > 0 && depth <= depthLimit && size <= sizeLimit) {
    depth++
    size += level.length
    const next: Expression[] = []
    for (const part of level) if (typeof part === 'object' && part !== null) for (const inner of Object.values(part)) next.push(inner)
    level = next
  }
  return { depth: level.length > 0 && size <= sizeLimit ? depthLimit + 1 : depth, size }
}

const escapeKey = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

function namesAt({ program, group }: ExpressionPlace): Names {
  const kindOfId = (node: FieldNode | undefined) => node && kindOfNode(node, program)
  const root: Names = {
    kindOf(name) {
      const node = program.scope.get(name)
      if (node) return kindOfId(node)
      const computed = program.definition.computed?.find(({ id }) => id === name)
      return computed && { is: computed.type }
    },
    *all() {
      yield* program.scope.keys()
      yield* program.computed.keys()
    },
  }
  const rowsOf = (node: FieldNode): Names => ({
    kindOf: (name) => kindOfId(node.rows?.get(name)),
    all: () => node.rows?.keys() ?? [],
    outer: node.group ? rowsOf(node.group) : root,
  })
  return group ? rowsOf(group) : root
}

/** Inside one item of a list: of rows their fields, of objects their parts, of anything else only the item itself. */
const inItem = (item: Kind, outer: Names, program: ExpressionPlace['program']): Names => {
  const rows = item.is === 'rows' ? item.node.rows : null
  const parts = (item.is === 'object' && item.parts) || {}
  return {
    kindOf(name) {
      if (name === '') return item.is === 'rows' ? { is: 'object' } : item
      if (Object.hasOwn(parts, name)) return parts[name]
      const node = rows?.get(name)
      return node && kindOfNode(node, program)
    },
    all: () => rows?.keys() ?? Object.keys(parts),
    outer,
  }
}

function inspect(expression: Expression, place: ExpressionPlace): Checked {
  const findings: ExpressionFinding[] = []
  const report: Call['report'] = (code, path, params = {}, severity = 'error') => {
    findings.push({ code: `expression.${code}`, severity, path, params })
  }
  const { depth, size } = measure(expression)
  if (size > sizeLimit) report('tooLong', '', { count: sizeLimit })
  else if (depth > depthLimit) report('tooDeep', '', { count: depthLimit })
  if (findings.length > 0) return { findings, kind: any }

  const readName = (name: string, names: Names, path: string): Kind => {
    const [first = '', ...rest] = name.split('.')
    let found: Kind | null | undefined
    for (let at: Names | undefined = names; at && found === undefined; at = at.outer) found = at.kindOf(first)
    if (found === undefined) {
      const elsewhere = [...place.program.nodes.values()].find(({ field }) => field.id === first)
      if (elsewhere && elsewhere.children.length > 0 && !elsewhere.rows) report('noValue', path, { name: first })
      else if (elsewhere?.group) report('insideRows', path, { name: first, group: elsewhere.group.field.id })
      else {
        const known: string[] = []
        for (let at: Names | undefined = names; at; at = at.outer) known.push(...at.all())
        const suggestion = nearest(first, known)
        report('unknownField', path, { name: first, ...(suggestion ? { suggestion } : {}) })
      }
      return any
    }
    if (found === null) {
      report('noValue', path, { name: first })
      return any
    }
    if (rest.length === 0) return found
    if (found.is === 'object' && found.parts) {
      const [part = '', ...deeper] = rest
      const kind = Object.hasOwn(found.parts, part) ? found.parts[part] : undefined
      if (kind && deeper.length === 0) return kind
      const suggestion = nearest(part, Object.keys(found.parts))
      report('unknownPart', path, { name: first, part: rest.join('.'), ...(suggestion && !kind ? { suggestion } : {}) })
      return any
    }
    if (found.is === 'rows') report('insideRows', path, { name: rest.at(-1) as string, group: first })
    else if (found.is !== 'object' && found.is !== 'any') report('noParts', path, { name: first, part: rest.join('.') })
    return any
  }

  const infer = (part: Expression, path: string, names: Names): Kind => {
    if (part === null) return { is: 'absent' }
    if (typeof part === 'boolean') return { is: 'boolean', literal: part }
    if (typeof part === 'number') return { is: 'number', literal: part }
    if (typeof part === 'string') return { is: 'text', literal: part }
    if (Array.isArray(part)) return { is: 'list', of: allAlike(part, path, names) }
    const keys = Object.keys(part)
    const operation = keys[0]
    if (operation === undefined || keys.length > 1) {
      report('oneOperation', path, { count: keys.length, keys: keys.join(', ') })
      return any
    }
    const signature = Object.hasOwn(signatures, operation) ? signatures[operation] : undefined
    if (!signature) {
      if (Object.hasOwn(insteadOf, operation)) report('notOffered', path, { operation, instead: insteadOf[operation] as string })
      else {
        const suggestion = nearest(operation, Object.keys(signatures))
        report('unknownOperation', path, { operation, ...(suggestion ? { suggestion } : {}) })
      }
      return any
    }
    const given = part[operation] as Expression
    const args = Array.isArray(given) ? given : [given]
    const own = `${path}/${escapeKey(operation)}`
    const at = (index: number) => (index >= args.length ? path : Array.isArray(given) ? `${own}/${index}` : own)
    const { min, max } = signature
    if (args.length < min) report('tooFewParts', path, { operation, count: min })
    else if (args.length > max) report('tooManyParts', path, { operation, count: max })
    if (args.length < min) return any
    const kindOf: Call['kind'] = (index, item) => infer(args[index] as Expression, at(index), item ? inItem(item, names, place.program) : names)
    return signature.result({
      operation,
      args,
      place,
      at,
      kind: kindOf,
      kindOf: (inner, innerPath) => infer(inner, innerPath, names),
      name: (name, namePath) => readName(name, names, namePath),
      want(index, wanted, item) {
        const found = kindOf(index, item)
        if (wanted.some((name) => fits(found, name))) return found
        reportUnwanted(found, wanted, at(index))
        return any
      },
      report,
    })
  }

  const reportUnwanted = (found: Kind, wanted: readonly KindName[], path: string) => {
    const literal = 'literal' in found ? found.literal : undefined
    if (wanted.includes('money') && !wanted.includes('number') && found.is === 'number')
      report('amountNotMoney', path, { minor: minorUnits(literal, place.program) })
    else if (typeof literal === 'string' && wanted.includes('date') && (wanted.length === 1 || /^\d{1,4}[-./]\d/.test(literal)))
      report('notADate', path, { value: literal })
    else report('wrongKind', path, { wanted: [...wanted], found: found.is })
  }

  /** Items of a list that is written out are of one kind; whether they fit what they are compared with, `in` asks. */
  const allAlike = (items: readonly Expression[], path: string, names: Names): Kind => {
    const kinds = items.map((item, i): Kind => {
      const found = infer(item, `${path}/${i}`, names)
      if (found.is !== 'rows' && found.is !== 'list') return found
      report('wrongKind', `${path}/${i}`, { wanted: ['text', 'number', 'date'], found: found.is })
      return any
    })
    const [first = any] = kinds
    return kinds.every((item) => item.is === first.is) ? ('literal' in first ? { is: first.is } : first) : any
  }

  const result = infer(expression, '', namesAt(place))
  if (!fits(result, place.expects)) reportUnwanted(result, [place.expects], '')
  return { findings, kind: result }
}

/** Everything that is wrong with an expression, in the order it is written. */
export const checkExpression = (expression: Expression, place: ExpressionPlace): ExpressionFinding[] => inspect(expression, place).findings

/** The kind of an expression's value; `any` where it cannot be known. */
export const kindOfExpression = (expression: Expression, place: ExpressionPlace): KindName => inspect(expression, { ...place, expects: 'any' }).kind.is
