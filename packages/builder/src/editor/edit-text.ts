import { type Edit, isRefused, refuse } from './edit.ts'
import { editPart } from './edit-part.ts'

/** What is written where it is read: the words of a part, of which none may be empty. */
export type WrittenText = 'title' | 'summary' | 'intro' | 'label' | 'hint' | 'heading' | 'body' | 'statement'

/** May have several lines. */
export const hasLines = (property: WrittenText): boolean => ['summary', 'intro', 'hint', 'body', 'statement'].includes(property)

/**
 * Writes one text of a part in one language, as a step of its own, however soon after another. `pointer` '' is the service.
 * Refused where nothing is left of it: what is to be empty is removed in the settings.
 */
export const editText =
  ({ pointer, property, language, text }: { pointer: string; property: WrittenText; language: string; text: string }): Edit =>
  (definition) => {
    const kept = hasLines(property) ? text.trim() : text.replaceAll(/\s+/g, ' ').trim()
    if (kept === '') return refuse('emptyText')
    const outcome = editPart({ pointer, path: `/${property}/${language}`, value: kept })(definition)
    if (isRefused(outcome)) return outcome
    const { merge: _, ...step } = outcome
    return step
  }
