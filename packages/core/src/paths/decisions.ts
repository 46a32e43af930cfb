/** What a definition decides from answers: each has outcomes, and whoever tries it out wants to see them all. */
import type { Expression } from '@guichet/schemas'
import { routeOf } from '../outcome.ts'
import { places } from '../places.ts'
import { type FieldNode, type Program, readPaths } from '../program.ts'
import { holds } from '../required-documents.ts'
import type { Session } from '../session.ts'

/** `yes`: shown, asked for, charged, taken, kept. `no`: the contrary. For a field in rows: in some row. */
export type Outcome = 'yes' | 'no'

export interface Decision {
  kind: 'page' | 'field' | 'rule' | 'check' | 'document' | 'fee' | 'route'
  /** JSON pointer to what decides: a condition, a rule, a route. */
  pointer: string
  /** Paths of the fields whose answers it depends on, through computed values and conditions as well. */
  factors: readonly string[]
  /** What comes out in a session; nothing where it is not asked. */
  outcomes(session: Session): readonly Outcome[]
}

const said = (value: boolean): Outcome => (value ? 'yes' : 'no')

/** Fields that hold answers and that lead to any of these paths. */
function factorsOf(program: Program, read: readonly string[]): string[] {
  const wanted = new Set(read)
  const vertices = new Set(read.map((path) => `v:${path}`))
  return [...program.nodes.values()]
    .filter(({ type, field }) => type.answers !== false && field.type !== 'computed' && !isArranging(field))
    .filter(({ path }) => wanted.has(path) || [...program.affected(path)].some((vertex) => vertices.has(vertex)))
    .map(({ path }) => path)
}

const isArranging = (field: object) => 'fields' in field && !('repeat' in field)

export function decisionsOf(program: Program): Decision[] {
  const { definition } = program
  const found: Decision[] = []
  const add = (
    kind: Decision['kind'],
    pointer: string,
    expressions: readonly (Expression | undefined)[],
    group: FieldNode | null,
    outcomes: Decision['outcomes'],
  ) => {
    const read = expressions.flatMap((expression) => readPaths(program, expression, group))
    found.push({ kind, pointer, factors: factorsOf(program, read), outcomes })
  }
  const nodes = new Map<object, FieldNode>()
  const know = (node: FieldNode) => {
    nodes.set(node.field, node)
    node.children.forEach(know)
  }
  for (const list of program.pages.values()) list.forEach(know)
  const everywhere = (session: Session, node: FieldNode) => {
    const page = program.pages.get(node.page.id) ?? []
    return places(session, page).filter((place) => place.node === node)
  }

  definition.pages.forEach((page, i) => {
    if (page.when !== undefined) add('page', `/pages/${i}/when`, [page.when], null, (session) => [said(holds(session, page.when))])
    const each = (fields: readonly object[], pointer: string) => {
      fields.forEach((field, j) => {
        const node = nodes.get(field)
        if (!node) return
        const at = `${pointer}/${j}`
        const { when, rules, fields: inner } = node.field as FieldNode['field'] & { fields?: object[] }
        if (when !== undefined) add('field', `${at}/when`, [when, ...node.conditions], node.group, (session) => whereAsked(session, node, when))
        rules?.forEach(({ rule }, k) => {
          add('rule', `${at}/rules/${k}/rule`, [rule, ...node.conditions], node.group, (session) =>
            everywhere(session, node).flatMap((place) => {
              if (!node.rows && session.value(node, place.at) === null) return []
              const kept = session.evaluate(rule, node.group, place.at)
              return typeof kept === 'boolean' ? [said(kept)] : []
            }),
          )
        })
        if (inner) each(inner, `${at}/fields`)
      })
    }
    each(page.fields, `/pages/${i}/fields`)
    page.checks?.forEach((check, k) => {
      add('check', `/pages/${i}/checks/${k}/rule`, [check.rule, check.when, page.when], null, (session) => {
        if (!holds(session, page.when) || !holds(session, check.when)) return []
        const kept = session.evaluate(check.rule)
        return typeof kept === 'boolean' ? [said(kept)] : []
      })
    })
  })
  definition.documents?.forEach((document, i) => {
    if (document.when !== undefined) add('document', `/documents/${i}/when`, [document.when], null, (session) => [said(holds(session, document.when))])
  })
  definition.fee?.lines?.forEach((line, i) => {
    if (line.when !== undefined) add('fee', `/fee/lines/${i}/when`, [line.when], null, (session) => [said(holds(session, line.when))])
  })
  const routes = definition.routes ?? []
  if (routes.length > 1)
    routes.forEach((route, i) => {
      // What an earlier one asks decides as well whether this one is come to.
      add(
        'route',
        `/routes/${i}`,
        routes.slice(0, i + 1).map(({ when }) => when),
        null,
        (session) => [said(routeOf(session) === route)],
      )
    })
  return found
}

/** Whether a field is shown, in each place where that is still open: its page is there, and so is the group around it. */
function whereAsked(session: Session, node: FieldNode, when: Expression): Outcome[] {
  const { page, group } = node
  if (!holds(session, page.when)) return []
  const rows = group ? places(session, session.program.pages.get(page.id) ?? []).filter((place) => place.node === group) : []
  const at = group
    ? rows.flatMap((place) => {
        const held = session.input(place.at + group.field.id)
        return Array.isArray(held) ? held.map((_, i) => `${place.at}${group.field.id}/${i}/`) : []
      })
    : ['']
  return at.map((place) => said(session.evaluate(when, group, place) === true))
}
