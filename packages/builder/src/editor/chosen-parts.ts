/** Several parts at once: which of those chosen an edit is about, and in what order. */
import { type Edit, refuse } from './edit.ts'
import { kindOf, type PartKind } from './part.ts'
import { isInside, keysOf } from './pointer.ts'

const inOrder = (a: string, b: string): number => {
  const [one, other] = [keysOf(a), keysOf(b)]
  for (const [i, key] of one.entries()) {
    const against = other[i]
    if (against === undefined) return 1
    if (key !== against) return /^\d+$/.test(key) && /^\d+$/.test(against) ? Number(key) - Number(against) : key < against ? -1 : 1
  }
  return one.length - other.length
}

/** In the order of the service, without those that lie in another one of them. */
export const topmost = (pointers: Iterable<string>): string[] => {
  const sorted = [...new Set(pointers)].filter((pointer) => kindOf(pointer)).sort(inOrder)
  return sorted.filter((pointer) => !sorted.some((other) => other !== pointer && isInside(pointer, other)))
}

/** The one kind that all are of; null if they are of several, or there are none. */
export function kindOfAll(pointers: readonly string[]): PartKind | null {
  const [kind = null, ...more] = new Set(pointers.map(kindOf))
  return more.length === 0 ? kind : null
}

/** Hands the topmost parts to `edit`; refused if they are of several kinds. */
export const withParts =
  (pointers: readonly string[], edit: (parts: readonly string[], kind: PartKind) => Edit): Edit =>
  (definition) => {
    const parts = topmost(pointers)
    const kind = kindOfAll(parts)
    if (parts.length === 0) return refuse('noSuchPart', { pointer: pointers[0] ?? '' })
    return kind === null ? refuse('severalKinds') : edit(parts, kind)(definition)
  }
