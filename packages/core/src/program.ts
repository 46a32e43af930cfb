/**
 * A definition made ready to run: its fields as nodes in order, and who depends on whom. Nothing here looks at answers.
 */
import type { Expression, Field, Page, ServiceDefinition } from '@guichet/schemas'
import { reads } from './expression.ts'
import type { FieldType, FieldTypes } from './field-type.ts'

/** One field of the definition. Groups that do not repeat only arrange: their fields belong to the scope around them. */
export interface FieldNode {
  /** Ids of the repeated groups it is in and its own, joined by dots: `members.birth`. */
  readonly path: string
  readonly field: Field
  readonly type: FieldType<never>
  readonly page: Page
  /** The repeated group it is a row's part of. */
  readonly group: FieldNode | null
  /** Its own condition and those of the arranging groups around it. All must hold. */
  readonly conditions: readonly Expression[]
  /** Fields of a row, if this is a repeated group. */
  readonly rows: ReadonlyMap<string, FieldNode> | null
  /** Direct children in order (both kinds of group). */
  readonly children: readonly FieldNode[]
}

export interface Program {
  readonly definition: ServiceDefinition
  readonly types: FieldTypes
  /** Every node by path, in the order of the pages. Arranging groups are under `path` too, but hold no value. */
  readonly nodes: ReadonlyMap<string, FieldNode>
  /** Nodes directly on each page, by page id. */
  readonly pages: ReadonlyMap<string, readonly FieldNode[]>
  /** Names readable outside repeated groups. */
  readonly scope: ReadonlyMap<string, FieldNode>
  readonly computed: ReadonlyMap<string, Expression>
  /** Who reads whom; see `Vertex`. */
  readonly dependents: ReadonlyMap<Vertex, readonly Vertex[]>
  /** Everything that may change when the answer at a path changes, itself included. */
  affected(path: string): ReadonlySet<Vertex>
}

/** `v:<path>`: a value (answer, rows, computed value). `r:<path>`: whether it is relevant. */
export type Vertex = `${'v' | 'r'}:${string}`

/** Thrown for a definition that no session can be made of; lint finds these first. */
export class DefinitionError extends Error {}

interface Repeating extends Field {
  fields?: Field[]
  repeat?: object
  value?: Expression
}

/** Finds what a name means inside a group: the innermost row field, else a field or computed value outside. */
export function resolve(program: Pick<Program, 'scope' | 'computed'>, name: string, group: FieldNode | null): FieldNode | string | null {
  for (let at = group; at; at = at.group) {
    const found = at.rows?.get(name)
    if (found) return found
  }
  return program.scope.get(name) ?? (program.computed.has(name) ? name : null)
}

/** The paths an expression reads when it stands at a field of `group` (null: outside all repeated groups). */
export function readPaths(program: Pick<Program, 'scope' | 'computed'>, expression: Expression | undefined, group: FieldNode | null): string[] {
  const paths: string[] = []
  for (const read of reads(expression)) {
    let at = group
    for (const list of read.inside) {
      const found = resolve(program, list, at)
      if (found && typeof found === 'object' && found.rows) at = found
    }
    const found = resolve(program, read.name, at)
    if (found) paths.push(typeof found === 'string' ? found : found.path)
  }
  return paths
}

/** @throws DefinitionError if a field's type is unknown. */
export function compile(definition: ServiceDefinition, types: FieldTypes): Program {
  const nodes = new Map<string, FieldNode>()
  const pages = new Map<string, FieldNode[]>()
  const scope = new Map<string, FieldNode>()
  const computed = new Map(
    (definition.computed ?? []).map((value) => [
      value.id as string,
      value.when === undefined ? value.value : ({ if: [value.when, value.value] } as Expression),
    ]),
  )

  const add = (field: Repeating, page: Page, group: FieldNode | null, names: Map<string, FieldNode>, conditions: readonly Expression[]): FieldNode => {
    const type = Object.hasOwn(types, field.type) ? types[field.type] : undefined
    if (!type) throw new DefinitionError(`field type "${field.type}" of field "${field.id}" is unknown`)
    const own = field.when === undefined ? conditions : [...conditions, field.when]
    const children: FieldNode[] = []
    const rows = field.repeat ? new Map<string, FieldNode>() : null
    const node: FieldNode = { path: group ? `${group.path}.${field.id}` : field.id, field, type, page, group, conditions: own, rows, children }
    nodes.set(node.path, node)
    // An arranging group holds no value, so that no expression can read it.
    if (rows || !field.fields) names.set(field.id, node)
    for (const child of field.fields ?? []) children.push(rows ? add(child, page, node, rows, []) : add(child, page, group, names, own))
    return node
  }
  for (const page of definition.pages) {
    const list: FieldNode[] = []
    pages.set(page.id, list)
    for (const field of page.fields) list.push(add(field, page, null, scope, []))
  }

  const dependents = new Map<Vertex, Vertex[]>()
  const edge = (from: Vertex, to: Vertex) => {
    const list = dependents.get(from)
    if (list) list.push(to)
    else dependents.set(from, [to])
  }
  const base = { scope, computed }
  for (const node of nodes.values()) {
    const relevance: Vertex = `r:${node.path}`
    edge(relevance, `v:${node.path}`)
    for (const condition of node.conditions) for (const path of readPaths(base, condition, node.group)) edge(`v:${path}`, relevance)
    if (node.group) {
      edge(`r:${node.group.path}`, relevance)
      edge(`v:${node.path}`, `v:${node.group.path}`)
    } else for (const path of readPaths(base, node.page.when, null)) edge(`v:${path}`, relevance)
    for (const path of readPaths(base, (node.field as Repeating).value, node.group)) edge(`v:${path}`, `v:${node.path}`)
  }
  for (const [id, value] of computed) for (const path of readPaths(base, value, null)) edge(`v:${path}`, `v:${id}`)

  const closures = new Map<string, ReadonlySet<Vertex>>()
  const affected = (path: string): ReadonlySet<Vertex> => {
    let closure = closures.get(path)
    if (!closure) {
      const seen = new Set<Vertex>([`v:${path}`])
      for (const vertex of seen) for (const next of dependents.get(vertex) ?? []) seen.add(next)
      closure = seen
      closures.set(path, closure)
    }
    return closure
  }
  return { definition, types, nodes, pages, scope, computed, dependents, affected }
}

/** A circle of vertices in which each depends on the one before, or null. */
export function findCycle(program: Pick<Program, 'dependents'>): Vertex[] | null {
  const done = new Set<Vertex>()
  const trail: Vertex[] = []
  const on = new Set<Vertex>()
  const visit = (vertex: Vertex): Vertex[] | null => {
    if (on.has(vertex)) return trail.slice(trail.indexOf(vertex))
    if (done.has(vertex)) return null
    trail.push(vertex)
    on.add(vertex)
    for (const next of program.dependents.get(vertex) ?? []) {
      const cycle = visit(next)
      if (cycle) return cycle
    }
    trail.pop()
    on.delete(vertex)
    done.add(vertex)
    return null
  }
  for (const vertex of program.dependents.keys()) {
    const cycle = visit(vertex)
    if (cycle) return cycle
  }
  return null
}
