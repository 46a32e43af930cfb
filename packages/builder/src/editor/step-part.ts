import { type Definition, type Edit, refuse } from './edit.ts'
import { fieldListOf } from './field-list.ts'
import { moveDocument } from './move-document.ts'
import { moveField } from './move-field.ts'
import { movePage } from './move-page.ts'
import { isGroup, kindOf, partAt } from './part.ts'
import { indexOf, parentOf, read } from './pointer.ts'

export type Step = 'up' | 'down' | 'in' | 'out'

const fieldCount = (definition: Definition, parent: string) => {
  const list = fieldListOf(definition, parent)
  return list === null ? 0 : (read(definition, list) as unknown[]).length
}

function stepField(pointer: string, step: Step): Edit {
  return (definition) => {
    const parent = parentOf(parentOf(pointer))
    const index = indexOf(pointer)
    if (step === 'in') {
      const before = `${parent}/fields/${index - 1}`
      return index > 0 && isGroup(partAt(definition, before)) ? moveField({ pointer, parent: before })(definition) : refuse('noFurther')
    }
    const isOnPage = kindOf(parent) === 'page'
    if (step === 'out') {
      if (isOnPage) return refuse('noFurther')
      return moveField({ pointer, parent: parentOf(parentOf(parent)), index: indexOf(parent) + 1 })(definition)
    }
    const to = step === 'up' ? index - 1 : index + 1
    if (to >= 0 && to < fieldCount(definition, parent)) return moveField({ pointer, parent, index: to })(definition)
    if (!isOnPage) return refuse('noFurther')
    // Over the edge of a page lies the next page.
    const page = indexOf(parent) + (step === 'up' ? -1 : 1)
    if (page < 0 || page >= definition.pages.length) return refuse('noFurther')
    return moveField({ pointer, parent: `/pages/${page}`, ...(step === 'down' ? { index: 0 } : {}) })(definition)
  }
}

/** Moves a part by one place: up or down among its peers (fields also over a page's edge), into the group above, or out of its group. */
export const stepPart =
  ({ pointer, step }: { pointer: string; step: Step }): Edit =>
  (definition) => {
    if (!partAt(definition, pointer)) return refuse('noSuchPart', { pointer })
    const kind = kindOf(pointer)
    if (kind === 'field') return stepField(pointer, step)(definition)
    if (step === 'in' || step === 'out') return refuse('noFurther')
    const index = indexOf(pointer) + (step === 'up' ? -1 : 1)
    return kind === 'page' ? movePage({ pointer, index })(definition) : moveDocument({ pointer, index })(definition)
  }
