/** Where parts go that are let go over a line of the outline. */
import { kindOfAll } from './editor/chosen-parts.ts'
import type { Place } from './editor/move-parts.ts'
import { indexOf, isInside, parentOf } from './editor/pointer.ts'
import type { OutlineLine } from './outline.ts'

export type Where = 'before' | 'inside' | 'after'

export interface Drop {
  /** The line that shows it. */
  part: string
  where: Where
  place: Place
}

/**
 * @param share How far down the line the pointer is, from 0 to 1.
 * @param isOpen Whether what is in the line shows below it.
 * @returns null if they cannot go there.
 */
export function dropAt(line: OutlineLine, share: number, dragged: readonly string[], isOpen: boolean): Drop | null {
  const kind = kindOfAll(dragged)
  const { part } = line
  if (kind === null || dragged.some((one) => isInside(part, one))) return null
  const half: Where = share < 0.5 ? 'before' : 'after'
  if (kind === 'page' || kind === 'document') {
    if (line.kind === kind) return { part, where: half, place: { parent: '', index: indexOf(part) + (half === 'after' ? 1 : 0) } }
    return null
  }
  const isHolder = line.kind === 'page' || line.kind === 'group'
  if (isHolder && (line.kind === 'page' || (share > 0.25 && (share < 0.75 || isOpen))))
    return { part, where: 'inside', place: isOpen ? { parent: part, index: 0 } : { parent: part } }
  if (line.kind !== 'field' && line.kind !== 'group') return null
  const where = isHolder ? (share <= 0.25 ? 'before' : 'after') : half
  return { part, where, place: { parent: parentOf(parentOf(part)), index: indexOf(part) + (where === 'after' ? 1 : 0) } }
}
