import { type Edit, refuse } from './edit.ts'
import { nameOf, partAt } from './part.ts'
import { insert, write } from './pointer.ts'

/** Moves a page so that it stands at `index`. */
export const movePage =
  ({ pointer, index }: { pointer: string; index: number }): Edit =>
  (definition) => {
    const page = partAt(definition, pointer)
    if (!page || !/^\/pages\/\d+$/.test(pointer)) return refuse('noSuchPart', { pointer })
    if (index < 0 || index >= definition.pages.length || pointer === `/pages/${index}`) return refuse('noFurther')
    return {
      definition: insert(write(definition, pointer, undefined), '/pages', index, page),
      part: `/pages/${index}`,
      words: { key: 'movePage', params: { name: nameOf(definition, page) } },
    }
  }
