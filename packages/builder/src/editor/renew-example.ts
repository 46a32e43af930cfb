import { compile, type FieldTypes } from '@guichet/core'
import { whatComesOf } from '@guichet/core/saved-examples'
import type { Answers } from '@guichet/schemas'
import { type Edit, refuse } from './edit.ts'
import { write } from './pointer.ts'

/** What comes of the example now is what is to come of it from now on. */
export const renewExample =
  ({ index, types }: { index: number; types: FieldTypes }): Edit =>
  (definition) => {
    const example = definition.examples?.[index]
    if (!example) return refuse('noSuchPart', { pointer: `/examples/${index}` })
    const expects = whatComesOf(compile(definition, types), example.answers as Answers, example.today)
    return {
      definition: write(definition, `/examples/${index}/expects`, expects as never),
      part: '',
      words: { key: 'renewExample', params: { name: example.name } },
    }
  }
