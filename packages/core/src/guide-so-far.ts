import { feeOf } from './outcome.ts'
import { places } from './places.ts'
import { type AskedDocument, requiredDocuments } from './required-documents.ts'
import type { Session } from './session.ts'

/** What the answers given so far (the guide's few questions, say) make certain. */
export function guideSoFar(session: Session): { documents: AskedDocument[]; total: number; questions: number } {
  const { definition, pages } = session.program
  let questions = 0
  for (const page of definition.pages) for (const { node } of places(session, pages.get(page.id) ?? [])) if (node.type.answers !== false) questions++
  return { documents: requiredDocuments(session), total: feeOf(session).total, questions }
}
