/** Walks a definition once for all rules: its fields, its expressions with what they must give, its texts. */
import type { Expression, Field, Json, ServiceDefinition } from '@guichet/schemas'
import type { Expected } from '../expression-check.ts'
import type { FieldType, FieldTypes } from '../field-type.ts'
import { compile, type FieldNode, type Program } from '../program.ts'
import { type LintContext, type PlacedExpression, type PlacedField, type PlacedText, step } from './finding.ts'

type AnyField = PlacedField['field']

/** Visits every field at any depth, in order. Total: what is no field is passed over. */
export function walkFields(definition: unknown, visit: (field: AnyField, pointer: string) => void): void {
  const inside = (fields: unknown, pointer: string) => {
    if (!Array.isArray(fields)) return
    fields.forEach((field, i) => {
      if (typeof field !== 'object' || field === null || Array.isArray(field)) return
      visit(field, `${pointer}/${i}`)
      inside(field.fields, `${pointer}/${i}/fields`)
    })
  }
  const pages = (definition as Partial<ServiceDefinition> | null)?.pages
  if (Array.isArray(pages))
    pages.forEach((page, i) => {
      inside(page?.fields, `/pages/${i}/fields`)
    })
}

/** Says nothing about its fields: the checker takes their values as they come. */
const standIn = (name: string): FieldType =>
  ({
    name,
    kind: () => 'unknown',
    parse: (value: Json) => ({ value }),
    show: String,
    schema: () => ({}),
  }) as unknown as FieldType

/** The types, with stand-ins for those that do not exist, and which do not look into settings that are wrong. */
function tolerant(types: FieldTypes, definition: ServiceDefinition, faulty: ReadonlySet<unknown>): FieldTypes {
  const result = new Map<string, FieldType>()
  walkFields(definition, ({ type: name }) => {
    if (result.has(name)) return
    const type = (Object.hasOwn(types, name) ? types[name] : standIn(name)) as FieldType
    result.set(name, {
      ...type,
      kind: (field) => (faulty.has(field) ? ('unknown' as never) : type.kind(field)),
      ...(type.choices ? { choices: (field, context) => (faulty.has(field) ? (null as never) : (type.choices?.(field, context) as string[])) } : {}),
    } as FieldType)
  })
  return Object.fromEntries(result) as unknown as FieldTypes
}

function nodesByField(program: Program): ReadonlyMap<Field, FieldNode> {
  const nodes = new Map<Field, FieldNode>()
  const add = (node: FieldNode) => {
    nodes.set(node.field, node)
    node.children.forEach(add)
  }
  for (const list of [...program.pages.values(), program.nodes.values()]) for (const node of list) add(node)
  return nodes
}

const expectedOf = (node: FieldNode): Expected => {
  const kind = node.type.kind(node.field as never)
  return kind === 'boolean' || kind === 'number' || kind === 'money' || kind === 'date' || kind === 'text' ? kind : 'any'
}

function expressionsOf(definition: ServiceDefinition, fields: readonly PlacedField[]): PlacedExpression[] {
  const found: PlacedExpression[] = []
  const add = (expression: Expression | undefined, pointer: string, expects: Expected, group: FieldNode | null = null) => {
    if (expression !== undefined) found.push({ expression, pointer, expects, group })
  }
  const each = <T>(list: readonly T[] | undefined, pointer: string, visit: (item: T, pointer: string) => void) =>
    list?.forEach((item, i) => {
      visit(item, `${pointer}/${i}`)
    })

  each(definition.pages, '/pages', (page, at) => {
    add(page.when, `${at}/when`, 'boolean')
    for (const { field, node, pointer } of fields) {
      if (!pointer.startsWith(`${at}/`) || !node) continue
      add(field.when, `${pointer}/when`, 'boolean', node.group)
      each(field.rules, `${pointer}/rules`, (rule, place) => add(rule.rule, `${place}/rule`, 'boolean', node.group))
      if (field.type === 'computed') add(field.value as Expression | undefined, `${pointer}/value`, expectedOf(node), node.group)
    }
    each(page.checks, `${at}/checks`, (check, place) => {
      add(check.when, `${place}/when`, 'boolean')
      add(check.rule, `${place}/rule`, 'boolean')
    })
  })
  each(definition.computed, '/computed', (computed, at) => {
    add(computed.when, `${at}/when`, 'boolean')
    add(computed.value, `${at}/value`, computed.type)
  })
  each(definition.documents, '/documents', (document, at) => {
    add(document.when, `${at}/when`, 'boolean')
    add(document.copies, `${at}/copies`, 'number')
  })
  each(definition.fee?.lines, '/fee/lines', (line, at) => {
    add(line.when, `${at}/when`, 'boolean')
    add(line.amount, `${at}/amount`, 'money')
  })
  add(definition.payout?.amount, '/payout/amount', 'money')
  each(definition.routes, '/routes', (route, at) => add(route.when, `${at}/when`, 'boolean'))
  each(definition.stages, '/stages', (stage, at) => {
    each(stage.units, `${at}/units`, (unit, place) => add(unit.when, `${place}/when`, 'boolean'))
  })
  add(definition.capacity?.waitlist, '/capacity/waitlist', 'boolean')
  return found
}

/** Where no texts are: expressions, data, names. */
const noTexts = new Set(['when', 'rule', 'value', 'amount', 'copies', 'waitlist', 'tables', 'input', 'output', 'sets', 'locale', 'colours', 'examples'])
/** Properties that are texts whatever their languages are. */
const textProperties = new Set(['label', 'title', 'summary', 'hint', 'example', 'intro', 'message', 'statement', 'purpose', 'reason', 'remedy'])
const isLanguage = (key: string) => /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(key)

function textsOf(definition: ServiceDefinition): PlacedText[] {
  const texts: PlacedText[] = []
  const visit = (value: Json | undefined, property: string, pointer: string) => {
    if (typeof value !== 'object' || value === null || noTexts.has(property) || property.startsWith('x-')) return
    if (Array.isArray(value))
      value.forEach((item, i) => {
        visit(item, '', `${pointer}/${i}`)
      })
    else {
      const keys = Object.keys(value)
      const isText = keys.every((key) => isLanguage(key) && typeof value[key] === 'string')
      if (isText && (textProperties.has(property) || keys.some((key) => definition.languages.includes(key)))) {
        texts.push({ text: value as Record<string, string>, property, pointer })
      } else for (const key of keys) visit(value[key], key, step(pointer, key))
    }
  }
  visit(definition as unknown as Json, '', '')
  return texts
}

/** `faulty`: fields whose settings are wrong already. */
export function contextOf(definition: ServiceDefinition, types: FieldTypes, faulty: ReadonlySet<unknown>): LintContext {
  const program = compile(definition, tolerant(types, definition, faulty))
  const nodes = nodesByField(program)
  const fields: PlacedField[] = []
  walkFields(definition, (field, pointer) => fields.push({ field, node: nodes.get(field) ?? null, pointer }))
  return { definition, program, fields, expressions: expressionsOf(definition, fields), texts: textsOf(definition) }
}
