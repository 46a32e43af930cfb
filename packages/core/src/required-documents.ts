/** The documents that follow from the answers: asked for while people fill in, before anything else of the outcome is. */
import type { Expression, RequiredDocument } from '@guichet/schemas'
import type { Session } from './session.ts'

export interface AskedDocument {
  document: RequiredDocument
  /** Files needed, at least. */
  copies: number
  /** Files taken, at most. */
  maxFiles: number
}

export const holds = (session: Session, when: Expression | undefined) => when === undefined || session.evaluate(when) === true

/** The documents that the answers so far call for, in the order of the definition. */
export function requiredDocuments(session: Session): AskedDocument[] {
  return (session.program.definition.documents ?? [])
    .filter((document) => holds(session, document.when))
    .map((document) => {
      const wanted = document.copies === undefined ? 1 : session.evaluate(document.copies)
      const copies = typeof wanted === 'number' ? Math.max(0, Math.min(50, Math.ceil(wanted))) : 1
      return { document, copies, maxFiles: Math.max(copies, document.maxFiles ?? 1) }
    })
    .filter(({ copies }) => copies > 0)
}
