import { compile, type FieldTypes } from '@guichet/core'
import { whatComesOf } from '@guichet/core/saved-examples'
import type { Answers } from '@guichet/schemas'
import { type Edit, refuse } from './edit.ts'
import { idFrom } from './ids.ts'
import { insert } from './pointer.ts'

/** As many as the schema of definitions takes. */
const most = 50

/** Keeps answers with what comes of them now, so that a later version that gives something else is noticed. `today`: an ISO date. */
export const keepExample =
  ({ name, answers, today, types }: { name: string; answers: Answers; today: string; types: FieldTypes }): Edit =>
  (definition) => {
    const examples = definition.examples ?? []
    if (examples.length >= most) return refuse('tooManyExamples', { count: most })
    const id = idFrom(name, new Set(examples.map((example) => example.id)), 'example')
    const example = { id, name, today, answers, expects: whatComesOf(compile(definition, types), answers, today) }
    return { definition: insert(definition, '/examples', examples.length, example), part: '', words: { key: 'keepExample', params: { name } } }
  }
