import type { Expression, Field, Json, ServiceDefinition } from '@guichet/schemas'
import type { Validate } from '@guichet/schemas/validators'
import type { Expected } from '../expression-check.ts'
import type { FieldNode, Program } from '../program.ts'
import type { Text } from '../text.ts'

/** Something wrong with a definition, at a place in it. */
export interface LintFinding {
  /** Key of the sentence in lint.messages.json, without its `lint.`. */
  code: string
  /** Errors refuse publishing; warnings do not. */
  severity: 'error' | 'warning'
  /** JSON pointer into the definition. */
  pointer: string
  params: Record<string, Json>
}

/** Settings of each field type, by name: packages/fields/generated/settings-schemas.ts has those of the built-in ones. */
export type FieldSettings = Readonly<Record<string, { validate: Validate; schema?: object }>>

export interface PlacedField {
  field: Field & Record<string, Json | undefined>
  /** Null where two fields have the same id, so that one of them has no node. */
  node: FieldNode | null
  pointer: string
}

export interface PlacedExpression {
  expression: Expression
  pointer: string
  group: FieldNode | null
  expects: Expected
}

export interface PlacedText {
  text: Text
  /** The property that holds it: `label`, `hint` ... */
  property: string
  pointer: string
}

/** What every rule looks at: a definition whose shape holds. */
export interface LintContext {
  definition: ServiceDefinition
  program: Program
  /** Every field at any depth, in order. */
  fields: readonly PlacedField[]
  expressions: readonly PlacedExpression[]
  texts: readonly PlacedText[]
}

/** One rule looks for one thing, in one file of this folder; findings.ts lists them. */
export type LintRule = (context: LintContext) => Iterable<LintFinding>

export const error = (code: string, pointer: string, params: LintFinding['params'] = {}): LintFinding => ({ code, severity: 'error', pointer, params })
export const warning = (code: string, pointer: string, params: LintFinding['params'] = {}): LintFinding => ({ code, severity: 'warning', pointer, params })

/** One more step of a JSON pointer. */
export const step = (pointer: string, key: string | number) => `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** `params` with the suggestion, if there is one. */
export const suggesting = (params: LintFinding['params'], suggestion: string | undefined): LintFinding['params'] =>
  suggestion ? { ...params, suggestion } : params
