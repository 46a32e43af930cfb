/** Which fields of a service ask for a code, and how it comes. */
import { type FieldNode, type Program, places, type Session } from '@guichet/core'

/** How a code is sent, by the type of the field. */
export const ways = { email: 'email', phone: 'sms' } as const
export type Way = (typeof ways)[keyof typeof ways]

/** Null: the field asks for no code. */
export const wayOf = ({ field }: Pick<FieldNode, 'field'>): Way | null =>
  (field as { verify?: boolean }).verify === true && Object.hasOwn(ways, field.type) ? ways[field.type as keyof typeof ways] : null

const known = new WeakMap<Program, readonly FieldNode[]>()

/** In a program nothing changes, so it is looked through once. */
export function verifiedFields(program: Program): readonly FieldNode[] {
  let found = known.get(program)
  if (!found) known.set(program, (found = [...program.nodes.values()].filter((node) => wayOf(node) !== null)))
  return found
}

export interface GivenValue {
  /** JSON pointer into the answers. */
  pointer: string
  node: FieldNode
  way: Way
  value: string
}

/** The answers of such fields, where they are relevant. */
export function verifiedValues(session: Session): GivenValue[] {
  if (verifiedFields(session.program).length === 0) return []
  const found: GivenValue[] = []
  for (const nodes of session.program.pages.values())
    for (const { node, at } of places(session, nodes)) {
      const way = wayOf(node)
      const value = way && session.value(node, at)
      if (way && typeof value === 'string') found.push({ pointer: `/${at}${node.field.id}`, node, way, value })
    }
  return found
}
