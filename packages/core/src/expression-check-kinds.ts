/** Kinds of values as the checker knows them: a little more than a field's kind, so that literals can be judged. */
import type { Json } from '@guichet/schemas'
import { dayNumber } from './expression.ts'
import type { ValueKind } from './field-type.ts'
import type { FieldNode, Program } from './program.ts'

export type SimpleKind = 'boolean' | 'number' | 'money' | 'text' | 'date' | 'time' | 'month' | 'object' | 'absent' | 'any'

export type Kind =
  /** `literal`: the number or text itself, where it is written out. `parts`: of an object, where its type names them. */
  | { is: SimpleKind; literal?: Json; parts?: Readonly<Record<string, Kind>> }
  /** `values`: what may be chosen; null if the type does not say. */
  | { is: 'choice'; values: readonly string[] | null }
  | { is: 'list'; of: Kind }
  | { is: 'rows'; node: FieldNode }

export const any: Kind = { is: 'any' }
export const kind = (is: SimpleKind): Kind => ({ is })
export const kindNames = ['boolean', 'number', 'money', 'text', 'date', 'time', 'month', 'object', 'absent', 'any', 'choice', 'list', 'rows'] as const
export type KindName = (typeof kindNames)[number]

const simple: ReadonlySet<string> = new Set<ValueKind>(['boolean', 'number', 'money', 'text', 'date', 'time', 'month', 'object'])

/** An object of a field type, with the parts that the type names. */
function objectOf(node: FieldNode): Kind {
  const parts = node.type.parts?.(node.field as never)
  if (!parts) return any
  const kinds = Object.entries(parts).map(([name, is]): [string, Kind] => [name, simple.has(is) ? { is: is as SimpleKind } : any])
  return { is: 'object', parts: Object.fromEntries(kinds) }
}

/** The kind of a field's value; null if it has none (content, a group that only arranges). */
export function kindOfNode(node: FieldNode, program: Pick<Program, 'definition'>): Kind | null {
  if (node.rows) return { is: 'rows', node }
  if (node.children.length > 0) return null
  const is = node.type.kind(node.field as never)
  const choices = () => node.type.choices?.(node.field as never, { tables: (program.definition.tables ?? {}) as never }) ?? null
  if (is === 'none') return null
  if (is === 'choice') return { is, values: choices() }
  if (is === 'list') {
    const values = choices()
    return { is, of: values ? { is: 'choice', values } : objectOf(node) }
  }
  if (is === 'object' && node.type.parts) return objectOf(node)
  return simple.has(is) ? { is: is as SimpleKind } : any
}

export const isZero = (value: Kind) => value.is === 'number' && value.literal === 0
/** A date written out: `"2026-01-31"`, `"2026-01-31T10:00"`. */
export const isDateLiteral = (value: Kind) =>
  value.is === 'text' && typeof value.literal === 'string' && /^[\d-]{10}(T\d\d:\d\d)?$/.test(value.literal) && dayNumber(value.literal) !== null

/** Times and months written out: `"08:30"`, `"2026-01"`. */
const written = { time: /^([01]\d|2[0-3]):[0-5]\d$/, month: /^\d{4}-(0[1-9]|1[0-2])$/ }
const isLiteral = (value: Kind, pattern: RegExp) => value.is === 'text' && typeof value.literal === 'string' && pattern.test(value.literal)

/** Whether a value may stand where `wanted` is asked for. What is unknown may: its own finding was made already. */
export function fits(value: Kind, wanted: KindName): boolean {
  if (value.is === 'any' || wanted === 'any' || value.is === wanted) return true
  if (wanted === 'money') return isZero(value)
  if (wanted === 'date') return isDateLiteral(value)
  if (wanted === 'time' || wanted === 'month') return isLiteral(value, written[wanted])
  if (wanted === 'text') return value.is === 'choice'
  return wanted === 'list' && value.is === 'rows'
}

/** The one kind that both are, or null. */
export function common(a: Kind, b: Kind): Kind | null {
  if (a.is === 'absent') return b
  if (b.is === 'absent') return a
  if (a.is === 'any' || b.is === 'any') return any
  if (a.is === 'choice' && b.is === 'choice') return { is: 'choice', values: a.values && b.values && [...new Set([...a.values, ...b.values])] }
  if (a.is === 'list' && b.is === 'list') {
    const of = common(a.of, b.of)
    return of && { is: 'list', of }
  }
  if (a.is === 'rows' && b.is === 'rows') return a.node === b.node ? a : null
  if (a.is === 'text' && b.is === 'text' && isDateLiteral(a) && isDateLiteral(b)) return a
  if (isZero(a) && isZero(b)) return a
  for (const is of ['boolean', 'number', 'money', 'date', 'time', 'month', 'text', 'object'] as const) {
    if ((a.is === is || b.is === is) && fits(a, is) && fits(b, is)) return { is }
  }
  return null
}

/** What an amount would be in minor units, for the sentence that shows how to write it: as text, for it is code. */
export const minorUnits = (literal: Json | undefined, { definition }: Pick<Program, 'definition'>): string =>
  String(Math.round((typeof literal === 'number' ? literal : 12.5) * 10 ** (definition.locale?.decimals ?? 2)))
