/**
 * Whether a definition that somebody made is the same service as another. What may differ, and nothing else:
 * - the service's own id, which is its address;
 * - ids of parts and keys of units: each id of the one stands for one id of the other, wherever it is named;
 * - the order of properties and of entries in maps, and of what is chosen from a closed set (lists that the schema calls
 *   unique: kinds of files, decisions, for whom one may act);
 * - how an operation with one operand is written: `{"!": x}` and `{"!": [x]}` mean the same; and whether a yes or no is
 *   compared with yes: `{"==": [{"var": "x"}, true]}` and `{"var": "x"}`;
 * - the bytes of the logo, which the builder draws anew: both must be PNG.
 */
import type { Answers, Json, ServiceDefinition } from '@guichet/schemas'
import definitionSchema from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import type { Expectation } from '../examples/case.ts'

interface Tree {
  [key: string]: Json
}
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Properties whose lists are sets: an order would say nothing. */
const sets = new Set(['accept'])
const gather = (schema: unknown): void => {
  if (typeof schema !== 'object' || schema === null) return
  const { properties = {} } = schema as { properties?: Record<string, { uniqueItems?: boolean; items?: { enum?: unknown } }> }
  for (const [name, property] of Object.entries(properties)) if (property.uniqueItems && property.items?.enum) sets.add(name)
  for (const inner of Object.values(schema)) gather(inner)
}
gather(definitionSchema)

const expressions = new Set(['when', 'rule', 'amount', 'value', 'copies'])
const byText = (a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

/** Written in one way only. */
function settled(value: Json, property: string, inExpression: boolean): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => settled(item, property, inExpression))
    return sets.has(property) ? items.sort(byText) : items
  }
  if (!isTree(value)) return property === 'src' && typeof value === 'string' ? value.replace(/^(data:image\/png;base64,).+$/, '$1') : value
  const within = inExpression || expressions.has(property)
  const entries = Object.entries(value)
  const [only] = entries
  if (within && entries.length === 1 && only) {
    const operands = Array.isArray(only[1]) ? only[1] : [only[1]]
    if (only[0] === '==' && isTree(operands[0]) && 'var' in operands[0] && operands[1] === true) return settled(operands[0], '', true)
    return { [only[0]]: operands.map((operand) => settled(operand, '', true)) }
  }
  // The term of a stage has a `value` too, which is no expression.
  const made = entries.map(([key, inner]) => [key, settled(inner, key, within)] as const)
  return Object.fromEntries(made.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Units by what they are called, as their keys are ids. */
function unitsListed(definition: ServiceDefinition): Json {
  const { $schema: _schema, id: _id, ...rest } = definition as unknown as Tree
  const { units, ...agency } = rest.agency as Tree
  const list = Object.entries((units ?? {}) as Tree).map(([id, name]) => ({ id, name }))
  list.sort((a, b) => byText(a.name, b.name))
  return settled({ ...rest, agency: { ...agency, unitsListed: list } }, '', false)
}

const declared: Readonly<Record<string, string>> = { fields: 'field', computed: 'field', unitsListed: 'unit' }
const named: Readonly<Record<string, string>> = {
  var: 'field',
  from: 'field',
  questions: 'field',
  expiresAfter: 'field',
  validFrom: 'field',
  validTo: 'field',
  after: 'field',
  slots: 'slots',
  slot: 'slots',
  unit: 'unit',
}

/** What kind of part an id at this path names; null where the text is no id. */
function kindAt(path: readonly string[]): string | null {
  const words = path.filter((key) => !/^\d+$/.test(key))
  const last = words.at(-1) as string
  const holder = words.at(-2) ?? ''
  if (last === 'id') return declared[holder] ?? holder
  // Of a term, the unit is a unit of time; where a case goes is a stage or a unit.
  if (last === 'unit' && holder === 'term') return null
  return last === 'to' && holder === 'routes' ? 'to' : (named[last] ?? null)
}

export interface Likeness {
  /** Where they are not the same, in words. */
  differences: string[]
  /** The answers to the other one's questions, as answers to this one's. */
  answersFor(answers: Answers): Answers
  /** What the other one is expected to give, in ids of this one. */
  expectedOf(expected: Expectation): Expectation
}

/** Compares what was made with what it is to be. */
export function likeness(made: ServiceDefinition, wanted: ServiceDefinition): Likeness {
  const differences: string[] = []
  /** Kind and id of this one to the id of the other. */
  const ids = new Map<string, string>()
  /** Where a part stands, and its id in the other, to its id here. */
  const back = new Map<string, string>()
  const pair = (kind: string, id: string, other: string, path: readonly string[]) => {
    const before = ids.get(`${kind} ${id}`)
    if (before !== undefined && before !== other) differences.push(`/${path.join('/')}: ${id} stands for ${before} and for ${other}`)
    ids.set(`${kind} ${id}`, other)
  }
  const walk = (one: Json | undefined, other: Json | undefined, path: readonly string[], scope: string) => {
    const kind = kindAt(path)
    if (typeof one === 'string' && typeof other === 'string' && kind !== null) {
      if (kind === 'to') {
        const stands = ids.get(`stages ${one}`) ?? ids.get(`unit ${one}`) ?? one
        if (stands !== other) differences.push(`/${path.join('/')}: leads to ${one}`)
        return
      }
      pair(kind, one, other, path)
      if (path.at(-1) === 'id') {
        const place = `${kind} ${scope} ${other}`
        if (back.has(place)) differences.push(`/${path.join('/')}: a second ${other}`)
        back.set(place, one)
      }
      return
    }
    if (Array.isArray(one) && Array.isArray(other)) {
      if (one.length !== other.length) differences.push(`/${path.join('/')}: ${one.length} instead of ${other.length}`)
      for (const [i, item] of other.entries()) if (one[i] !== undefined) walk(one[i], item, [...path, String(i)], scope)
      return
    }
    if (isTree(one) && isTree(other)) {
      const inner = isTree(other.repeat as Json) ? String(other.id) : ''
      // Ids first: what names them comes after.
      const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort((a, b) => Number(b === 'id') - Number(a === 'id'))
      for (const key of keys) walk(one[key], other[key], [...path, key], key === 'fields' && inner !== '' ? inner : scope)
      return
    }
    if (one !== other) differences.push(`/${path.join('/')}: ${JSON.stringify(one) ?? 'nothing'} instead of ${JSON.stringify(other) ?? 'nothing'}`)
  }
  const [mine, theirs] = [unitsListed(made), unitsListed(wanted)].map((tree) => tree as Tree) as [Tree, Tree]
  // Where cases go is looked up among the stages.
  for (const key of [...new Set(['stages', ...Object.keys(mine), ...Object.keys(theirs)])].sort((a, b) => Number(a === 'routes') - Number(b === 'routes')))
    walk(mine[key], theirs[key], [key], '')

  const idFor = (kind: string, id: string, scope = '') => back.get(`${kind} ${scope} ${id}`) ?? id
  return {
    differences,
    answersFor: (answers) =>
      Object.fromEntries(
        Object.entries(answers).map(([id, answer]) => [
          idFor('field', id),
          Array.isArray(answer) && answer.every(isTree)
            ? answer.map((row) => Object.fromEntries(Object.entries(row as Tree).map(([inner, value]) => [idFor('field', inner, id), value])))
            : answer,
        ]),
      ) as Answers,
    expectedOf: ({ documents, computed, to, errors, ...rest }) => ({
      ...rest,
      ...(documents && { documents: documents.map((one) => ({ ...one, id: idFor('documents', one.id) })) }),
      ...(computed && { computed: Object.fromEntries(Object.entries(computed).map(([id, value]) => [idFor('field', id), value])) }),
      ...(to && { to: idFor('stages', to) }),
      ...(errors && { errors: errors.map((pointer) => pointer.replace(/^\/([^/]+)/, (_, id: string) => `/${idFor('field', id)}`)) }),
    }),
  }
}
