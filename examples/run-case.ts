/** A case through core alone: no server, no files. The whole road is scripts/cases.ts. */
import { compile, computedValues, createSession, type FieldTypes, feeOf, requiredDocuments, routeOf, type Session, validate } from '@guichet/core'
import type { Answers, ServiceDefinition } from '@guichet/schemas'
import type { Outcome } from './case.ts'

/** A session with as many files as are asked for. */
export function filledIn(definition: ServiceDefinition, types: FieldTypes, today: string, answers: Answers): Session {
  const session = createSession(compile(definition, types), { today, answers })
  session.documents = Object.fromEntries(
    requiredDocuments(session).map(({ document, copies }) => [document.id, Array.from({ length: copies }, (_, i) => `${document.id}${i}`)]),
  )
  return session
}

export function outcomeOf(session: Session): Outcome {
  return {
    errors: validate(session).map((problem) => problem.pointer),
    documents: requiredDocuments(session).map(({ document, copies }) => ({ id: document.id, copies })),
    computed: computedValues(session),
    fee: feeOf(session).total,
    to: routeOf(session)?.to,
    stored: session.stored(),
  }
}
