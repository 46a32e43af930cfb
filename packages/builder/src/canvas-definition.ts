/**
 * The service as the canvas shows it: all that may be asked, whatever the answers. Conditions are taken out, and repeated
 * groups have an entry, so that what is in them can be chosen and moved. What it is for is only ever drawn.
 */
import type { Field, Page, RequiredDocument } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import type { Holder } from './editor/part.ts'

function shownField(field: Field): Field {
  const { when: _, ...rest } = field as Holder & { repeat?: { min?: number; each?: string } }
  const inner = Array.isArray(rest.fields) ? { fields: rest.fields.map(shownField) } : {}
  const first = rest.repeat && !rest.repeat.each && !rest.repeat.min ? { repeat: { ...rest.repeat, min: 1 } } : {}
  return { ...rest, ...inner, ...first } as Field
}

function shownPage(page: Page): Page {
  const { when: _, ...rest } = page
  return { ...rest, fields: page.fields.map(shownField) } as Page
}

/** How many are needed may follow from answers: one is drawn. */
function shownDocument(document: RequiredDocument): RequiredDocument {
  const { when: _, copies, ...rest } = document
  return typeof copies === 'number' && copies > 0 ? { ...rest, copies } : rest
}

export function asOnCanvas(definition: Definition): Definition {
  const { documents } = definition
  return {
    ...definition,
    pages: definition.pages.map(shownPage) as Definition['pages'],
    ...(documents ? { documents: documents.map(shownDocument) } : {}),
  }
}
