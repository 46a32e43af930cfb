import type { Expression } from '@guichet/schemas'
import type { FieldContext } from './field-type.ts'
import { namedRows } from './named-rows.ts'
import type { FieldNode, Program } from './program.ts'

type JsonSchema = Record<string, unknown>

/**
 * JSON Schema 2020-12 of the stored answers of a definition. It is a second, independent wall behind core's own
 * validation: whatever core accepts is valid against it. Conditions cannot be said in it, so only answers that are asked
 * for in every case are `required`.
 */
export function submissionSchema(program: Program, id?: string): JsonSchema {
  const { definition } = program
  const context: Pick<FieldContext, 'tables' | 'locale'> = { locale: definition.locale, tables: (definition.tables ?? {}) as FieldContext['tables'] }
  const languages = definition.languages

  const described = (node: FieldNode, schema: JsonSchema): JsonSchema => {
    const title = languages.map((language) => node.field.label?.[language]).find(Boolean)
    return { ...(title ? { title } : {}), ...schema }
  }
  const always = (node: FieldNode) => node.conditions.length === 0 && (node.group !== null || node.page.when === undefined)
  /** A checkbox is never absent and a group's rows are always stored, so `optional` does not matter there. */
  const required = (node: FieldNode) => always(node) && !node.field.optional

  const object = (nodes: Iterable<FieldNode>): JsonSchema => {
    const held = [...nodes].filter((node) => node.type.answers !== false && node.field.type !== 'computed' && (node.rows || node.children.length === 0))
    return {
      type: 'object',
      properties: Object.fromEntries(held.map((node) => [node.field.id, described(node, property(node))])),
      required: held.filter(required).map((node) => node.field.id),
      additionalProperties: false,
    }
  }
  const property = (node: FieldNode): JsonSchema => {
    if (!node.rows) return node.type.schema(node.field as never, context)
    const { min = 0, max } = node.field.repeat as { min?: number; max?: number }
    const named = namedRows(node, context)
    if (named) {
      const { name, values } = named
      const rows = values.map((value) => ({ type: 'object', properties: { [name.field.id]: { const: value } } }))
      return { type: 'array', minItems: rows.length, maxItems: rows.length, items: object(node.rows.values()), allOf: [{ prefixItems: rows }] }
    }
    return { type: 'array', minItems: min, ...(max === undefined ? {} : { maxItems: max }), items: object(node.rows.values()) }
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...(id ? { $id: id } : {}),
    title: languages.map((language) => definition.title[language]).find(Boolean) ?? definition.id,
    ...object(program.scope.values()),
  }
}

/** Whether an expression is the same whatever is answered and whenever it is asked. */
export function isConstant(expression: Expression): boolean {
  if (typeof expression !== 'object' || expression === null) return true
  if (Array.isArray(expression)) return expression.every(isConstant)
  return Object.entries(expression).every(([name, args]) => name !== 'var' && name !== 'today' && name !== 'age' && isConstant(args))
}
