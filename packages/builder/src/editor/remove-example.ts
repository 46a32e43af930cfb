import { type Edit, refuse } from './edit.ts'
import { write } from './pointer.ts'

export const removeExample =
  ({ index }: { index: number }): Edit =>
  (definition) => {
    const example = definition.examples?.[index]
    if (!example) return refuse('noSuchPart', { pointer: `/examples/${index}` })
    const pointer = definition.examples?.length === 1 ? '/examples' : `/examples/${index}`
    return { definition: write(definition, pointer, undefined), part: '', words: { key: 'removeExample', params: { name: example.name } } }
  }
