import { type Edit, refuse } from './edit.ts'
import { kindOf, nameOf, partAt } from './part.ts'
import { insert, write } from './pointer.ts'

/** Moves a required document so that it stands at `index`. */
export const moveDocument =
  ({ pointer, index }: { pointer: string; index: number }): Edit =>
  (definition) => {
    const document = kindOf(pointer) === 'document' ? partAt(definition, pointer) : null
    if (!document) return refuse('noSuchPart', { pointer })
    if (index < 0 || index >= (definition.documents?.length ?? 0) || pointer === `/documents/${index}`) return refuse('noFurther')
    return {
      definition: insert(write(definition, pointer, undefined), '/documents', index, document),
      part: `/documents/${index}`,
      words: { key: 'moveDocument', params: { name: nameOf(definition, document) } },
    }
  }
