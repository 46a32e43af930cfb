import { type Edit, refuse } from './edit.ts'
import { write } from './pointer.ts'

/** An empty name is not taken: the one before stays. */
export const renameExample =
  ({ index, name }: { index: number; name: string }): Edit =>
  (definition) => {
    const example = definition.examples?.[index]
    if (!example) return refuse('noSuchPart', { pointer: `/examples/${index}` })
    const wanted = name.trim().slice(0, 200) || example.name
    return {
      definition: wanted === example.name ? definition : write(definition, `/examples/${index}/name`, wanted),
      part: '',
      words: { key: 'renameExample', params: { name: wanted } },
      merge: `example ${example.id}`,
    }
  }
