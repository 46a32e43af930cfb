import { type Edit, refuse } from './edit.ts'
import { kindOf, nameOf, partAt } from './part.ts'
import { indexOf, parentOf, read, write } from './pointer.ts'

/** Removes a field, and with a group what is in it. */
export const removeField =
  ({ pointer }: { pointer: string }): Edit =>
  (definition) => {
    const field = kindOf(pointer) === 'field' ? partAt(definition, pointer) : null
    if (!field) return refuse('noSuchPart', { pointer })
    const list = parentOf(pointer)
    const next = write(definition, pointer, undefined)
    const left = (read(next, list) as unknown[]).length
    return {
      definition: next,
      part: left > 0 ? `${list}/${Math.min(indexOf(pointer), left - 1)}` : parentOf(list),
      words: { key: 'removeField', params: { name: nameOf(definition, field) } },
    }
  }
