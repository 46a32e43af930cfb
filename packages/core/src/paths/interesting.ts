/**
 * The answers to a field that are worth trying: its choices, and the values at which a comparison turns, with one to
 * either side. What a field would not take is left out.
 */
import type { Expression, Json } from '@guichet/schemas'
import type { FieldContext } from '../field-type.ts'
import { type FieldNode, type Program, resolve } from '../program.ts'
import { daysAfter, sampleOf, taken } from './sample.ts'

/** Numbers and texts that stand beside a field in a comparison, by the field's path. */
type Beside = Map<string, Set<string | number>>

/** Most values of a field. */
const most = 14

const comparing = new Set([
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'min',
  'max',
  '+',
  '-',
  '*',
  '/',
  '%',
  'days',
  'age',
  'round',
  'floor',
  'ceil',
])

function collect(program: Program, expression: Expression | undefined, group: FieldNode | null, beside: Beside): void {
  if (typeof expression !== 'object' || expression === null) return
  if (Array.isArray(expression)) {
    for (const item of expression) collect(program, item, group, beside)
    return
  }
  const name = Object.keys(expression)[0] as string
  const given = expression[name] as Expression
  const args = Array.isArray(given) ? given : [given]
  if (comparing.has(name)) {
    const constants = new Set<string | number>()
    const paths = new Set<string>()
    const inside = (part: Expression): void => {
      if (typeof part === 'string' || typeof part === 'number') constants.add(part)
      else if (Array.isArray(part)) part.forEach(inside)
      else if (typeof part === 'object' && part !== null) {
        const key = Object.keys(part)[0] as string
        const value = part[key] as Expression
        const path = key === 'var' ? pathOf(program, Array.isArray(value) ? value[0] : value, group) : undefined
        if (path !== undefined) {
          for (const each of path) paths.add(each)
          // What a computed value is made with stands beside the field as well.
          const [first] = Array.isArray(value) ? value : [value]
          for (const constant of constantsOf(program.computed.get(String(first)))) constants.add(constant)
        } else (Array.isArray(value) ? value : [value]).forEach(inside)
      }
    }
    args.forEach(inside)
    for (const path of paths) {
      const known = beside.get(path) ?? new Set()
      beside.set(path, known)
      for (const constant of constants) known.add(constant)
    }
  }
  const first = args[0]
  const list = typeof first === 'object' && first !== null && !Array.isArray(first) && 'var' in first ? (first as { var: Expression }).var : undefined
  const rows = list === undefined ? null : resolve(program, String(Array.isArray(list) ? list[0] : list), group)
  args.forEach((arg, i) => {
    collect(program, arg, i > 0 && rows && typeof rows === 'object' && rows.rows ? rows : group, beside)
  })
}

const constantsOf = (expression: Expression | undefined): (string | number)[] =>
  typeof expression === 'string' || typeof expression === 'number'
    ? [expression]
    : typeof expression === 'object' && expression !== null
      ? Object.entries(expression).flatMap(([key, part]) => (key === 'var' || key === 'row' ? [] : constantsOf(part as Expression)))
      : []

/** The field that a `var` reads; of a computed value the fields behind it. */
function pathOf(program: Program, name: Json | undefined, group: FieldNode | null, depth = 0): string[] | undefined {
  if (typeof name !== 'string') return undefined
  const found = resolve(program, name.split('.')[0] as string, group)
  if (found === null) return undefined
  if (typeof found !== 'string') return [found.path]
  if (depth > 5) return []
  const names = new Set<string>()
  const read = (part: Expression | undefined): void => {
    if (Array.isArray(part)) part.forEach(read)
    else if (typeof part === 'object' && part !== null)
      for (const [key, value] of Object.entries(part)) key === 'var' ? names.add(String(Array.isArray(value) ? value[0] : value)) : read(value as Expression)
  }
  read(program.computed.get(found))
  return [...names].flatMap((each) => pathOf(program, each, null, depth + 1) ?? [])
}

export function besideOf(program: Program): Beside {
  const beside: Beside = new Map()
  const { definition } = program
  const add = (expression: Expression | undefined, group: FieldNode | null = null) => collect(program, expression, group, beside)
  for (const page of definition.pages) {
    add(page.when)
    for (const check of page.checks ?? []) {
      add(check.when)
      add(check.rule)
    }
  }
  const each = (node: FieldNode) => {
    add(node.field.when, node.group)
    for (const { rule } of node.field.rules ?? []) add(rule, node.group)
    if (node.field.type === 'computed') add(node.field.value as Expression | undefined, node.group)
    node.children.forEach(each)
  }
  for (const nodes of program.pages.values()) nodes.forEach(each)
  for (const expression of program.computed.values()) add(expression)
  for (const document of definition.documents ?? []) {
    add(document.when)
    add(document.copies)
  }
  for (const line of definition.fee?.lines ?? []) add(line.when)
  for (const route of definition.routes ?? []) add(route.when)
  return beside
}

/** Values of a field that holds one; null first where it may stay empty. Not for repeated groups. */
export function interestingOf(node: FieldNode, beside: Beside, context: FieldContext): Json[] {
  const { type, field } = node
  const settings = field as never
  const kind = type.kind(settings)
  const constants = [...(beside.get(node.path) ?? [])]
  const found = new Map<string, Json>()
  const offer = (input: Json) => {
    const value = found.size < most ? taken(node, input, context) : undefined
    if (value !== undefined) found.set(JSON.stringify(value), value)
  }
  const choices = type.choices?.(settings, context) ?? []
  for (const constant of constants) if (kind === 'choice' || kind === 'text' || kind === 'list') offer(kind === 'list' ? [constant] : constant)
  for (const choice of choices) offer(kind === 'list' ? [choice] : choice)
  if (kind === 'list' && choices.length > 1) offer(choices.slice(0, 4))
  if (kind === 'boolean') [true, false].forEach(offer)
  if (kind === 'number' || kind === 'money') {
    for (const constant of constants) if (typeof constant === 'number') for (const step of [0, -1, 1, -0.5, 0.5]) offer(constant + step)
    for (const number of [field.min, field.max, 0, 1, 100, 100_000]) if (typeof number === 'number') offer(number)
  }
  if (kind === 'date') {
    for (const constant of constants) {
      if (typeof constant === 'string') for (const days of [0, -1, 1]) offer(daysAfter(constant, days))
      // A number beside a date counts years of age, or days.
      else if (constant > 0 && constant < 130) for (const days of [-1, 1]) offer(daysAfter(yearsBefore(context.today, constant), days))
      if (typeof constant === 'number' && Number.isInteger(constant))
        for (const days of [constant - 1, constant, constant + 1]) for (const way of [1, -1]) offer(daysAfter(context.today, way * days))
    }
    for (const days of [0, 1, -1, 365, -365, -12_000]) offer(daysAfter(context.today, days))
  }
  const values = [...found.values()]
  if (values.length === 0) {
    const sample = sampleOf(node, context)
    if (sample !== undefined) values.push(sample)
  }
  return field.optional ? [null, ...values] : values
}

const yearsBefore = (iso: string, years: number) =>
  `${String(Number(iso.slice(0, 4)) - Math.floor(years)).padStart(4, '0')}-${iso.slice(5, 7)}-${iso.slice(5) === '02-29' ? '28' : iso.slice(8, 10)}`
