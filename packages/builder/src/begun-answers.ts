/** What a new version does to what people have begun and saved: the runtime moves drafts along the same lines (draft-content.ts). */
import type { FieldTypes } from '@guichet/core'
import { isAskedAlike, questionsOf } from '@guichet/core/kept-answers'
import { partName } from '@guichet/core/part-name'
import type { Field } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'

/** Names of questions and documents. */
export interface BegunAnswers {
  /** Answered before, and no longer asked. */
  gone: string[]
  /** Asked otherwise: an answer stays if it still fits. */
  again: string[]
  /** Asked now, and not before. */
  added: string[]
}

export function begunAnswers(before: Definition, after: Definition, types: FieldTypes, reader: string): BegunAnswers {
  const isAsked = ({ type }: Field) => type !== 'computed' && type !== 'hidden' && types[type]?.answers !== false
  const askedIn = (definition: Definition) => new Map([...questionsOf(definition)].filter(([, field]) => isAsked(field)))
  const namedIn = (definition: Definition) => (part: { id: string }) => partName(part, [reader, ...definition.languages]) || part.id
  const [then, now] = [askedIn(before), askedIn(after)]
  const [nameThen, nameNow] = [namedIn(before), namedIn(after)]
  /** Those that are not among others; of a list that is not, the list alone. */
  const missing = (from: ReadonlyMap<string, Field>, among: ReadonlyMap<string, Field>) =>
    [...from].flatMap(([path, field]) => {
      const list = path.slice(0, Math.max(0, path.lastIndexOf('.')))
      return among.has(path) || (list !== '' && !among.has(list)) ? [] : [field]
    })
  const papers = (from: Definition, among: Definition) => (from.documents ?? []).filter(({ id }) => !among.documents?.some((one) => one.id === id))
  return {
    gone: [...missing(then, now), ...papers(before, after)].map(nameThen),
    // In a list, each of its questions is looked at by itself.
    again: [...now].filter(([path, field]) => !field.repeat && !isAskedAlike(then.get(path) ?? field, field)).map(([, field]) => nameNow(field)),
    added: [...missing(now, then), ...papers(after, before)].map(nameNow),
  }
}
