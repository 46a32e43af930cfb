import { type Edit, refuse } from './edit.ts'
import { nameOf, partAt } from './part.ts'
import { indexOf, write } from './pointer.ts'

/** Removes a page with its fields. A service keeps at least one page. */
export const removePage =
  ({ pointer }: { pointer: string }): Edit =>
  (definition) => {
    const page = partAt(definition, pointer)
    if (!page || !/^\/pages\/\d+$/.test(pointer)) return refuse('noSuchPart', { pointer })
    if (definition.pages.length === 1) return refuse('lastPage')
    return {
      definition: write(definition, pointer, undefined),
      part: `/pages/${Math.min(indexOf(pointer), definition.pages.length - 2)}`,
      words: { key: 'removePage', params: { name: nameOf(definition, page) } },
    }
  }
