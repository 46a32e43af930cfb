import type { Field } from '@guichet/schemas'
import { type Edit, refuse } from './edit.ts'
import { fieldListOf } from './field-list.ts'
import { kindOf, nameOf, partAt } from './part.ts'
import { afterRemoval, insert, isInside, parentOf, read, write } from './pointer.ts'

/** Moves a field into a page or group. `index` counts without the field itself; last if there is none. */
export const moveField =
  ({ pointer, parent, index }: { pointer: string; parent: string; index?: number }): Edit =>
  (definition) => {
    const field = kindOf(pointer) === 'field' ? partAt(definition, pointer) : null
    if (!field) return refuse('noSuchPart', { pointer })
    if (isInside(parent, pointer)) return refuse('intoItself')
    if (fieldListOf(definition, parent) === null) return refuse('notAGroup', { pointer: parent })
    const without = write(definition, pointer, undefined)
    // The target's own place may have moved up by one.
    const list = `${afterRemoval(parent, pointer) as string}/fields`
    const count = (read(without, list) as Field[]).length
    const at = Math.max(0, Math.min(index ?? count, count))
    const part = `${list}/${at}`
    if (part === pointer && parentOf(parentOf(pointer)) === parent) return refuse('noFurther')
    return { definition: insert(without, list, at, field), part, words: { key: 'moveField', params: { name: nameOf(definition, field) } } }
  }
