/**
 * The service as the canvas shows it: all that may be asked, whatever the answers. Conditions are taken out, and repeated
 * groups have an entry, so that what is in them can be chosen and moved. What it is for is only ever drawn. Parts that are the
 * same give the same again, so that only others need be drawn.
 */
import type { Field, Page, RequiredDocument } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import type { Holder } from './editor/part.ts'

/** Makes something of a part once. */
function onceFor<Part extends object>(make: (part: Part) => Part): (part: Part) => Part {
  const made = new WeakMap<Part, Part>()
  return (part) => {
    const before = made.get(part)
    if (before) return before
    const now = make(part)
    made.set(part, now)
    return now
  }
}

const shownField = onceFor((field: Field): Field => {
  const { when: _, ...rest } = field as Holder & { repeat?: { min?: number; each?: string } }
  const inner = Array.isArray(rest.fields) ? { fields: (rest.fields as Field[]).map(shownField) } : {}
  const first = rest.repeat && !rest.repeat.each && !rest.repeat.min ? { repeat: { ...rest.repeat, min: 1 } } : {}
  return { ...rest, ...inner, ...first } as Field
})

/**
 * A list that nobody opens shows none of its options, of which a page may have thousands. It fills the width that there is, with
 * them and without; among the columns of a table, whose widths hang on what is in them, it keeps them.
 */
const shownOnPage = onceFor((field: Field): Field => {
  const shown = shownField(field)
  if (field.type !== 'select') return shown
  const { optionsFrom: _, ...rest } = shown as Field & { optionsFrom?: unknown }
  return { ...rest, options: [] } as Field
})

const shownPage = onceFor((page: Page): Page => {
  const { when: _, ...rest } = page
  return { ...rest, fields: page.fields.map(shownOnPage) } as Page
})

/** How many are needed may follow from answers: one is drawn. */
const shownDocument = onceFor((document: RequiredDocument): RequiredDocument => {
  const { when: _, copies, ...rest } = document
  return typeof copies === 'number' && copies > 0 ? { ...rest, copies } : rest
})

const shownDocuments = onceFor((documents: readonly RequiredDocument[]): readonly RequiredDocument[] => documents.map(shownDocument))

export function asOnCanvas(definition: Definition): Definition {
  const { documents } = definition
  return {
    ...definition,
    pages: definition.pages.map(shownPage) as Definition['pages'],
    ...(documents ? { documents: shownDocuments(documents) as RequiredDocument[] } : {}),
  }
}
