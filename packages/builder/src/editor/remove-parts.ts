import { topmost } from './chosen-parts.ts'
import { type Definition, type Edit, isRefused, refuse } from './edit.ts'
import { kindOf } from './part.ts'
import { removeDocument } from './remove-document.ts'
import { removeField } from './remove-field.ts'
import { removePage } from './remove-page.ts'

const removers = { page: removePage, field: removeField, document: removeDocument }

/** Removes parts of any kind, with what is in them: all, or none if one cannot be. */
export const removeParts =
  ({ pointers }: { pointers: readonly string[] }): Edit =>
  (definition) => {
    const parts = topmost(pointers)
    if (parts.length === 0) return refuse('noSuchPart', { pointer: pointers[0] ?? '' })
    let next: Definition = definition
    let part = ''
    // From the last, so that the places of the others stay what they are.
    for (const pointer of parts.toReversed()) {
      const outcome = removers[kindOf(pointer) ?? 'field']({ pointer })(next)
      if (isRefused(outcome)) return outcome
      next = outcome.definition
      part = outcome.part
    }
    return { definition: next, part, words: { key: 'removeParts', params: { number: parts.length } } }
  }
