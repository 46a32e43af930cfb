/**
 * A service being filled in. The session keeps what the person typed, also where it is not relevant just now; every
 * expression sees an irrelevant answer as absent, and `stored` leaves it out. What it says depends on the inputs alone,
 * never on the order they came in: caches are dropped along the program's dependencies.
 */
import type { Answers, Expression, Json } from '@guichet/schemas'
import { type Environment, evaluate, type Scope } from './expression.ts'
import type { FieldContext, Finding } from './field-type.ts'
import type { FieldNode, Program, Vertex } from './program.ts'

export interface SessionOptions {
  /** ISO date in the service's time zone. */
  today: string
  /** What was typed so far, or stored answers. */
  answers?: Answers
  /** Required document id to the attachments given. */
  documents?: Readonly<Record<string, readonly string[]>>
  /** Documents that will be handed in at the desk. */
  atDesk?: readonly string[]
  /** Steps of all its expressions together, for as long as it lives. Absent: each evaluation has its own alone. */
  steps?: number
}

export interface Session {
  readonly program: Program
  readonly context: FieldContext
  readonly environment: Environment
  documents: Readonly<Record<string, readonly string[]>>
  atDesk: readonly string[]
  /** What was typed: the raw inputs, a tree of the same shape as the answers. */
  readonly inputs: Readonly<Answers>
  /** What was typed at an instance path such as `members/0/name`. */
  input(instance: string): Json
  /** Takes an input. Gives the paths (`members.name`) whose value or relevance may have changed. */
  set(instance: string, input: Json): ReadonlySet<string>
  addRow(instance: string): ReadonlySet<string>
  removeRow(instance: string, index: number): ReadonlySet<string>
  isRelevant(node: FieldNode, at?: string): boolean
  /** The value expressions see: null if absent, irrelevant or not parsable. */
  value(node: FieldNode, at?: string): Json
  /** Why the input is no value of its type, if it is none. */
  finding(node: FieldNode, at?: string): Finding | null
  computed(id: string): Json
  evaluate(expression: Expression, group?: FieldNode | null, at?: string): Json
  /** The answers to send and store: parsed, relevant, without computed values and empty ones. */
  stored(): Answers
}

type Row = Record<string, Json>
type Parsed = ReturnType<FieldNode['type']['parse']>

/**
 * What is known by path: outside rows once, inside them by place. Neither of the things kept is ever undefined. Asked for
 * each field several times a submission, so nothing is made for the asking.
 */
function createCache<T extends Json | Parsed>() {
  const once = new Map<string, T>()
  const byPlace = new Map<string, Map<string, T>>()
  return {
    get: (path: string, at: string): T | undefined => (at === '' ? once.get(path) : byPlace.get(path)?.get(at)),
    set(path: string, at: string, known: T) {
      if (at === '') once.set(path, known)
      else {
        const places = byPlace.get(path)
        if (places) places.set(at, known)
        else byPlace.set(path, new Map([[at, known]]))
      }
    },
    forget(path: string) {
      once.delete(path)
      byPlace.delete(path)
    },
  }
}

/** The next ids down an instance path. */
const split = (instance: string) => instance.split('/').filter((part) => part !== '')
const rowAt = (at: string) => /^(.*?)([^/]+)\/(\d+)\/$/.exec(at)

export function createSession(program: Program, options: SessionOptions): Session {
  const { definition } = program
  const tables = (definition.tables ?? {}) as FieldContext['tables']
  const context: FieldContext = { locale: definition.locale, today: options.today, tables }
  const environment: Environment = { today: options.today, tables, ...(options.steps === undefined ? {} : { together: { left: options.steps } }) }
  let inputs: Answers = options.answers ?? {}
  const relevance = createCache<boolean>()
  const values = createCache<Json>()
  /** What the types made of the inputs, whether relevant or not. */
  const parses = createCache<Parsed>()
  const forget = (vertex: Vertex) => {
    const path = vertex.slice(2)
    if (vertex.startsWith('r:')) relevance.forget(path)
    else {
      values.forget(path)
      parses.forget(path)
    }
  }

  const input = (instance: string): Json => {
    // Nearly every question stands outside of rows.
    if (!instance.includes('/')) return instance !== '' && Object.hasOwn(inputs, instance) ? (inputs[instance] as Json) : instance === '' ? inputs : null
    let value: Json = inputs
    for (const key of split(instance)) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null
      value = (value as Row)[key] as Json
    }
    return value
  }
  const rowsAt = (instance: string): Json[] => {
    const rows = input(instance)
    return Array.isArray(rows) ? rows : []
  }

  /** Copy on write along the path, so that `inputs` handed out before stays as it was. */
  const write = (instance: string, value: Json) => {
    const keys = split(instance)
    const put = (into: Json, depth: number): Json => {
      if (depth === keys.length) return value
      const key = keys[depth] as string
      if (Array.isArray(into)) return into.map((item, i) => (String(i) === key ? put(item, depth + 1) : item))
      const object = typeof into === 'object' && into !== null ? into : {}
      const next = Object.hasOwn(object, key) ? (object[key] as Json) : null
      return { ...object, [key]: put(next, depth + 1) }
    }
    session.inputs = inputs = put(inputs, 0) as Answers
  }

  const changed = (instance: string): ReadonlySet<string> => {
    const path = split(instance)
      .filter((part) => !/^\d+$/.test(part))
      .join('.')
    const paths = new Set<string>()
    const drop = (from: string) => {
      for (const vertex of program.affected(from)) {
        forget(vertex)
        paths.add(vertex.slice(2))
      }
    }
    drop(path)
    // Rows came or went: everything inside them is new.
    const inside = (node: FieldNode | undefined) => {
      for (const child of node?.rows?.values() ?? []) {
        drop(child.path)
        forget(`r:${child.path}`)
        inside(child)
      }
    }
    inside(program.nodes.get(path))
    return paths
  }

  const rowScope = (group: FieldNode, at: string): Scope => {
    const [, before = ''] = rowAt(at) ?? []
    return {
      read: (name) => {
        const node = group.rows?.get(name)
        return node && value(node, at)
      },
      outer: group.group ? rowScope(group.group, before) : rootScope,
    }
  }
  const rootScope: Scope = {
    read: (name) => {
      const node = program.scope.get(name)
      return node ? value(node, '') : program.computed.has(name) ? computed(name) : undefined
    },
  }
  const run = (expression: Expression, group: FieldNode | null = null, at = ''): Json =>
    evaluate(expression, group ? rowScope(group, at) : rootScope, environment)

  // A circle, which lint refuses, ends at what is said of a thing while it is being found out, instead of overflowing.
  const isRelevant = (node: FieldNode, at = ''): boolean => {
    const { group, page, conditions } = node
    if (group === null && page.when === undefined && conditions.length === 0) return true
    const known = relevance.get(node.path, at)
    if (known !== undefined) return known
    relevance.set(node.path, at, false)
    const relevant =
      (group ? isRelevant(group, rowAt(at)?.[1] ?? '') : page.when === undefined || run(page.when) === true) &&
      conditions.every((condition) => run(condition, group, at) === true)
    relevance.set(node.path, at, relevant)
    return relevant
  }

  const parse = (node: FieldNode, at: string): Parsed => {
    let parsed = parses.get(node.path, at)
    if (parsed === undefined) {
      parsed = node.type.parse(input(at + node.field.id), node.field as never, context) as Parsed
      parses.set(node.path, at, parsed)
    }
    return parsed
  }

  const value = (node: FieldNode, at = ''): Json => {
    const known = values.get(node.path, at)
    if (known !== undefined) return known
    values.set(node.path, at, null)
    const found = isRelevant(node, at) ? madeOf(node, at) : null
    values.set(node.path, at, found)
    return found
  }
  const madeOf = (node: FieldNode, at: string): Json => {
    const { rows } = node
    if (rows) {
      return rowsAt(at + node.field.id).map((_, i) => {
        const row: Row = {}
        for (const [id, child] of rows) row[id] = value(child, `${at}${node.field.id}/${i}/`)
        return row
      })
    }
    if (node.field.type === 'computed') return run(node.field.value as Expression, node.group, at)
    const parsed = parse(node, at)
    return 'value' in parsed ? parsed.value : null
  }

  const computed = (id: string): Json => {
    const known = values.get(id, '')
    if (known !== undefined) return known
    values.set(id, '', null)
    const found = run(program.computed.get(id) ?? null)
    values.set(id, '', found)
    return found
  }

  const finding = (node: FieldNode, at = ''): Finding | null => {
    const parsed = parse(node, at)
    return 'finding' in parsed ? parsed.finding : null
  }

  const storedOf = (nodes: Iterable<FieldNode>, at: string): Answers => {
    const answers: Answers = {}
    for (const node of nodes) {
      if (node.type.answers === false || node.field.type === 'computed' || !isRelevant(node, at)) continue
      const { rows } = node
      const held = rows ? rowsAt(at + node.field.id).map((_, i) => storedOf(rows.values(), `${at}${node.field.id}/${i}/`)) : value(node, at)
      if (held !== null) answers[node.field.id] = held
    }
    return answers
  }

  // `inputs` is no accessor: each session would get a hidden class of its own, which only a full collection frees.
  const session: Session & { inputs: Readonly<Answers> } = {
    program,
    context,
    environment,
    documents: options.documents ?? {},
    atDesk: options.atDesk ?? [],
    inputs,
    input,
    set(instance, next) {
      write(instance, next)
      return changed(instance)
    },
    addRow(instance) {
      write(instance, [...rowsAt(instance), {}])
      return changed(instance)
    },
    removeRow(instance, index) {
      write(
        instance,
        rowsAt(instance).filter((_, i) => i !== index),
      )
      return changed(instance)
    },
    isRelevant,
    value,
    finding,
    computed,
    evaluate: run,
    stored: () => storedOf(program.scope.values(), ''),
  }
  return session
}
