import { withParts } from './chosen-parts.ts'
import { type Definition, type Edit, refuse } from './edit.ts'
import { moveParts, type Place } from './move-parts.ts'
import { isGroup, kindOf, partAt } from './part.ts'
import { indexOf, parentOf, read } from './pointer.ts'
import { type Step, stepPart } from './step-part.ts'

/** Where fields go that move as one; null: no further. */
function placeOf(definition: Definition, parts: readonly string[], step: Step): Place | null {
  const [first, last] = [parts[0] as string, parts.at(-1) as string]
  const parent = parentOf(parentOf(first))
  if (step === 'in') {
    const before = `${parentOf(first)}/${indexOf(first) - 1}`
    return indexOf(first) > 0 && isGroup(partAt(definition, before)) ? { parent: before } : null
  }
  const isOnPage = kindOf(parent) === 'page'
  if (step === 'out') return isOnPage ? null : { parent: parentOf(parentOf(parent)), index: indexOf(parent) + 1 }
  if (step === 'up') {
    if (indexOf(first) > 0) return { parent, index: indexOf(first) - 1 }
    const page = indexOf(parent) - 1
    return isOnPage && page >= 0 ? { parent: `/pages/${page}` } : null
  }
  const holder = parentOf(parentOf(last))
  if (indexOf(last) + 1 < (read(definition, parentOf(last)) as unknown[]).length) return { parent: holder, index: indexOf(last) + 2 }
  const page = indexOf(holder) + 1
  return kindOf(holder) === 'page' && page < definition.pages.length ? { parent: `/pages/${page}`, index: 0 } : null
}

/** Moves several parts by one place as one: they come to stand beside each other. */
export const stepParts = ({ pointers, step }: { pointers: readonly string[]; step: Step }): Edit =>
  withParts(pointers, (parts, kind) => (definition) => {
    const [first, last] = [parts[0] as string, parts.at(-1) as string]
    if (parts.length === 1) return stepPart({ pointer: first, step })(definition)
    if (kind === 'field') {
      const place = placeOf(definition, parts, step)
      return place === null ? refuse('noFurther') : moveParts({ pointers: parts, ...place })(definition)
    }
    if (step === 'in' || step === 'out') return refuse('noFurther')
    const index = step === 'up' ? indexOf(first) - 1 : indexOf(last) + 2
    return index < 0 ? refuse('noFurther') : moveParts({ pointers: parts, parent: '', index })(definition)
  })
