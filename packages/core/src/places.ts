/** Where the fields of a session stand: rows are many places of one field. */
import type { FieldNode } from './program.ts'
import type { Session } from './session.ts'

/** One field in one place: a node, and the row it is in. `at` is "" outside rows, else `members/0/`. */
export interface Place {
  readonly node: FieldNode
  readonly at: string
}

/** Every place of the nodes in order: rows are entered, irrelevant parts left out. */
export function places(session: Session, nodes: Iterable<FieldNode>, at = '', found: Place[] = []): Place[] {
  for (const node of nodes) {
    if (!session.isRelevant(node, at)) continue
    found.push({ node, at })
    if (!node.rows) {
      if (node.children.length > 0) places(session, node.children, at, found)
      continue
    }
    const rows = session.input(at + node.field.id)
    for (let i = 0; i < (Array.isArray(rows) ? rows.length : 0); i++) places(session, node.children, `${at}${node.field.id}/${i}/`, found)
  }
  return found
}
