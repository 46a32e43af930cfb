/** Mends an answer that is of its type, but does not go with those around it. */
import type { Json } from '@guichet/schemas'
import type { FieldContext } from '../field-type.ts'
import type { FieldNode } from '../program.ts'
import type { Session } from '../session.ts'
import { ownProblem } from '../validate.ts'
import { sampleOf, taken } from './sample.ts'

/** Other values tried. */
const tries = 30

/** Whether it goes now. */
export function settle(session: Session, node: FieldNode, at: string, context: FieldContext): boolean {
  const attempt = (which: FieldNode, value: Json | undefined) => {
    if (value === undefined) return false
    session.set(at + which.field.id, value)
    return !ownProblem(session, node, at)
  }
  const holder = holderOf(session, node)
  if (holder && (holder === node || ownProblem(session, node, at)?.code === 'disagrees')) {
    const claims = claimsOn(session, holder, at)
    for (const sample of holder.type.samples?.(holder.field as never, context, claims) ?? []) if (attempt(holder, taken(holder, sample, context))) return true
    return false
  }
  for (let number = 1; number <= tries; number++) if (attempt(node, sampleOf(node, context, number))) return true
  return false
}

const scopeOf = (session: Session, { group }: FieldNode) => (group ? group.rows : session.program.scope)

/** The identifier of the two that are to agree. */
function holderOf(session: Session, node: FieldNode): FieldNode | undefined {
  const other = scopeOf(session, node)?.get(node.field.agreesWith as string)
  return node.type.facts ? node : other?.type.facts ? other : undefined
}

/** What stands beside an identifier about its holder. */
function claimsOn(session: Session, holder: FieldNode, at: string): { birth?: string; gender?: 'm' | 'f' } {
  const claims: { birth?: string; gender?: 'm' | 'f' } = {}
  for (const node of scopeOf(session, holder)?.values() ?? []) {
    if (node === holder || (node.field.agreesWith !== holder.field.id && holder.field.agreesWith !== node.field.id)) continue
    const value = session.value(node, at)
    if (typeof value !== 'string') continue
    if (node.type.kind(node.field as never) === 'date') claims.birth = value
    else if (value === 'm' || value === 'f') claims.gender = value
  }
  return claims
}
