import { type Edit, refuse } from './edit.ts'
import { kindOf, nameOf, partAt } from './part.ts'
import { indexOf, write } from './pointer.ts'

export const removeDocument =
  ({ pointer }: { pointer: string }): Edit =>
  (definition) => {
    const document = kindOf(pointer) === 'document' ? partAt(definition, pointer) : null
    if (!document) return refuse('noSuchPart', { pointer })
    const left = (definition.documents?.length ?? 1) - 1
    return {
      definition: left === 0 ? write(definition, '/documents', undefined) : write(definition, pointer, undefined),
      part: left === 0 ? '/documents' : `/documents/${Math.min(indexOf(pointer), left - 1)}`,
      words: { key: 'removeDocument', params: { name: nameOf(definition, document) } },
    }
  }
