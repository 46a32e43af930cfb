/** A fee that may come out below nothing: the least that its lines can add up to, by the limits of what they are worked out from. */
import type { Expression, Json } from '@guichet/schemas'
import { type FieldNode, type Program, resolve } from '../program.ts'
import { type LintContext, type LintRule, warning } from './finding.ts'
import { impossible } from './possible.ts'

type Range = readonly [least: number, most: number]

const any: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
const nothing: Range = [0, 0]
/** What a field type counts by itself, such as the quantity of an item: its author cannot say a least, and it has one. */
const counted: Range = [0, Number.POSITIVE_INFINITY]
const partsOf = ({ field, type }: FieldNode) => type.parts?.(field as never) ?? {}
/** Lines with conditions of which each combination is looked at; beyond that each is taken as it is worst. */
const combinedAtMost = 8

const numberOr = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)
/** 0 × ∞ is 0 here: no item costs nothing, however dear items are. */
const times = (a: number, b: number) => (a === 0 || b === 0 ? 0 : a * b)
const within = (values: readonly number[]): Range => (values.length === 0 ? nothing : [Math.min(...values), Math.max(...values)])
const union = (ranges: readonly Range[]): Range => within(ranges.flat())

function ofField({ field, type }: FieldNode): Range {
  const { min, max } = field as { min?: unknown; max?: unknown }
  switch (type.kind(field as never)) {
    case 'money':
      return [numberOr(min, 0), numberOr(max, Number.POSITIVE_INFINITY)]
    case 'number':
      return [numberOr(min, Number.NEGATIVE_INFINITY), numberOr(max, Number.POSITIVE_INFINITY)]
    default:
      return any
  }
}

/** What rules keep from falling below a number, by how it is written: `days` from the first to the last, say. */
export type Floors = ReadonlyMap<string, number>

export function floorsOf({ definition, fields }: Pick<LintContext, 'definition' | 'fields'>): Floors {
  const floors = new Map<string, number>()
  const keep = (rule: Expression) => {
    if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return
    const { and, '>=': over } = rule as Record<string, Json>
    if (Array.isArray(and)) for (const part of and) keep(part as Expression)
    if (Array.isArray(over) && over.length === 2 && typeof over[1] === 'number') floors.set(JSON.stringify(over[0]), over[1])
  }
  for (const { field, node } of fields) if (!node?.group) for (const { rule } of field.rules ?? []) keep(rule)
  for (const page of definition.pages) for (const { rule, when } of page.checks ?? []) if (when === undefined) keep(rule)
  return floors
}

/** The range of a number or an amount. Wider than it is where more cannot be said. */
export function rangeOf(
  program: Program,
  floors: Floors,
  expression: Expression | undefined,
  group: FieldNode | null = null,
  trail: readonly string[] = [],
): Range {
  const [least, most] = rangeByParts(program, floors, expression, group, trail)
  const floor = group === null && typeof expression === 'object' ? floors.get(JSON.stringify(expression)) : undefined
  return floor === undefined ? [least, most] : [Math.max(least, floor), Math.max(most, floor)]
}

function rangeByParts(program: Program, floors: Floors, expression: Expression | undefined, group: FieldNode | null, trail: readonly string[]): Range {
  const range = (inner: Expression | undefined, at = group) => rangeOf(program, floors, inner, at, trail)
  if (typeof expression === 'number') return [expression, expression]
  if (expression === null || expression === undefined) return nothing
  if (typeof expression !== 'object' || Array.isArray(expression)) return any
  const [[operation, given] = ['', null]] = Object.entries(expression) as [string, Json][]
  const parts = (Array.isArray(given) ? given : [given]) as Expression[]
  const first = () => range(parts[0])
  switch (operation) {
    case 'money':
      return first()
    case 'var': {
      const [name, fallback] = parts
      if (typeof name !== 'string') return any
      if (group && !group.rows && Object.hasOwn(partsOf(group), name)) return counted
      const found = resolve(program, name, group)
      const value = found === null ? any : typeof found === 'string' ? ofComputed(program, floors, found, trail) : ofNode(program, floors, found, trail)
      return fallback === undefined ? value : union([value, range(fallback)])
    }
    case '+':
      return parts.map((part) => range(part)).reduce(([a, b], [c, d]) => [a + c, b + d], nothing)
    case '-': {
      const [head = nothing, ...rest] = parts.map((part) => range(part))
      if (rest.length === 0) return [-head[1], -head[0]]
      return rest.reduce(([a, b], [c, d]) => [a - d, b - c], head)
    }
    case '*':
      return parts.map((part) => range(part)).reduce(([a, b], [c, d]) => within([times(a, c), times(a, d), times(b, c), times(b, d)]), [1, 1])
    case '/': {
      const [[a, b], [c, d]] = [first(), range(parts[1])]
      // What is divided by something that may be 0, or of either sign, may be anything; what is not negative stays so.
      if (c < 0) return any
      return [a >= 0 ? 0 : c > 0 ? a / c : Number.NEGATIVE_INFINITY, b <= 0 ? 0 : c > 0 ? b / c : Number.POSITIVE_INFINITY].map((edge, i) =>
        edge === 0 && d !== 0 && Number.isFinite(d) ? (i === 0 ? Math.max(0, a) / d : Math.min(0, b) / d) : edge,
      ) as unknown as Range
    }
    case 'min': {
      const ranges = parts.map((part) => range(part))
      return [Math.min(...ranges.map(([least]) => least)), Math.min(...ranges.map(([, most]) => most))]
    }
    case 'max': {
      const ranges = parts.map((part) => range(part))
      return [Math.max(...ranges.map(([least]) => least)), Math.max(...ranges.map(([, most]) => most))]
    }
    case 'round':
    case 'floor':
    case 'ceil': {
      const [least, most] = first()
      return [Math.floor(least), Math.ceil(most)]
    }
    case 'if': {
      const values = parts.filter((_, i) => i % 2 === 1)
      return union([...values, parts.length % 2 === 1 ? parts.at(-1) : undefined].map((value) => range(value)))
    }
    case 'count':
      return [0, Number.POSITIVE_INFINITY]
    case 'sum': {
      const list = parts[0] as { var?: Json } | undefined
      const name = typeof list === 'object' && list !== null ? (Array.isArray(list.var) ? list.var[0] : list.var) : undefined
      const found = typeof name === 'string' ? resolve(program, name, group) : null
      if (found === null || typeof found === 'string' || parts[1] === undefined) return any
      if (!found.rows && Object.keys(partsOf(found)).length === 0) return any
      const [least, most] = range(parts[1], found)
      return [least < 0 ? Number.NEGATIVE_INFINITY : 0, most > 0 ? Number.POSITIVE_INFINITY : 0]
    }
    case 'row': {
      const [table, , column] = parts
      const rows = typeof table === 'string' && Object.hasOwn(program.definition.tables ?? {}, table) ? (program.definition.tables?.[table] ?? {}) : {}
      return within(Object.values(rows).flatMap((row) => (typeof column === 'string' && typeof row[column] === 'number' ? [row[column] as number] : [])))
    }
    default:
      return any
  }
}

function ofNode(program: Program, floors: Floors, node: FieldNode, trail: readonly string[]): Range {
  const { field } = node
  if (field.type !== 'computed') return ofField(node)
  return trail.includes(node.path) ? any : rangeOf(program, floors, (field as { value?: Expression }).value, node.group, [...trail, node.path])
}

const ofComputed = (program: Program, floors: Floors, id: string, trail: readonly string[]): Range =>
  trail.includes(id) ? any : rangeOf(program, floors, program.computed.get(id), null, [...trail, id])

export const negativeFees: LintRule = function* (context) {
  const { definition, program } = context
  if (!definition.fee) return
  const floors = floorsOf(context)
  const lines = (definition.fee?.lines ?? []).map(({ amount, when }) => ({ when, least: rangeOf(program, floors, amount)[0] }))
  if (lines.every(({ least }) => least >= 0)) return
  const certain = lines.filter(({ when }) => when === undefined)
  const perhaps = lines.filter(({ when }) => when !== undefined)
  let sure = certain.reduce((sum, { least }) => sum + least, 0)
  const combined = perhaps.slice(0, combinedAtMost)
  for (const { least } of perhaps.slice(combinedAtMost)) sure += Math.min(0, least)
  for (let chosen = 0; chosen < 1 << combined.length; chosen++) {
    const total = combined.reduce((sum, { least }, i) => (chosen & (1 << i) ? sum + least : sum), sure)
    // Lines whose conditions cannot hold, or fail, together are no combination.
    const said = combined.map(({ when }, i) => ({ expression: (chosen & (1 << i) ? when : { '!': when }) as Expression, group: null }))
    if (total < 0 && !impossible(program, said)) {
      yield warning('fee.negative', '/fee')
      return
    }
  }
}
