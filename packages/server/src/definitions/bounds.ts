/**
 * How large a definition may be, counted before anything walks it by recursion or compiles it: a draft is whatever a
 * person, an import or a script sends. docs/limits.md has the figures.
 */
import type { Problem } from '@guichet/core'
import { Refused } from '../problem.ts'

export const definitionBounds = {
  /** Twice the largest service that the benches know. */
  fields: 2000,
  /** Groups in groups. */
  depth: 12,
  /** Of all choices together; one list has its own bound in the schema of its type. */
  options: 25_000,
  /** Parts of all expressions together; one expression has its own bound in core. */
  expressions: 50_000,
  /** Everything: objects, lists, texts, numbers. */
  values: 250_000,
} as const
type Bound = keyof typeof definitionBounds

/** Where expressions stand, in fields and around them. */
const holdsExpression = new Set(['when', 'rule', 'value', 'amount', 'copies', 'waitlist'])

interface Place {
  value: object
  pointer: string
  /** Fields around it. */
  depth: number
  within: 'fields' | 'options' | 'expression' | null
}

/** The first bound that is passed, and where; null: none. Without recursion. */
export function passedBound(definition: unknown): { bound: Bound; pointer: string } | null {
  const counts: Record<Exclude<Bound, 'depth'>, number> = { fields: 0, options: 0, expressions: 0, values: 0 }
  const passed = (bound: keyof typeof counts) => ++counts[bound] > definitionBounds[bound]
  const left: Place[] = []
  if (typeof definition === 'object' && definition !== null) left.push({ value: definition, pointer: '', depth: 0, within: null })
  for (let place = left.pop(); place; place = left.pop()) {
    const { value, pointer, depth, within } = place
    const isList = Array.isArray(value)
    for (const key of Object.keys(value)) {
      const inner: unknown = (value as Record<string, unknown>)[key]
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (passed('values')) return { bound: 'values', pointer: at }
      const isField = isList && within === 'fields'
      if (isField && passed('fields')) return { bound: 'fields', pointer: at }
      if (isField && depth >= definitionBounds.depth) return { bound: 'depth', pointer: at }
      if (isList && within === 'options' && passed('options')) return { bound: 'options', pointer: at }
      const inExpression = within === 'expression' || (!isList && holdsExpression.has(key))
      if (inExpression && passed('expressions')) return { bound: 'expressions', pointer: at }
      if (typeof inner !== 'object' || inner === null) continue
      const next = inExpression ? 'expression' : isList ? null : key === 'fields' ? 'fields' : key === 'options' ? 'options' : null
      left.push({ value: inner, pointer: at, depth: isField ? depth + 1 : depth, within: next })
    }
  }
  return null
}

/** @throws Refused 422 with the place and the bound */
export function keepBounds(definition: unknown): void {
  const passed = passedBound(definition)
  if (!passed) return
  const error: Problem = { pointer: `/definition${passed.pointer}`, code: `bound.${passed.bound}`, params: { count: definitionBounds[passed.bound] } }
  throw new Refused(422, 'definition-too-large', { errors: [error] })
}
