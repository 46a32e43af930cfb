import { computedValues, createSession, feeOf, type Problem, places, requiredDocuments, routeOf, type Session, validate } from '@guichet/core'
import type { Json } from '@guichet/schemas'
import { localDate } from '../clock.ts'
import { Refused } from '../problem.ts'
import type { Admitted, GivenAttachment, Valid } from './stages.ts'

/** Core's validation with the version that was filled in, then the version's own schema as a second wall. @throws Refused */
export async function validateAnswers(admitted: Admitted): Promise<Valid> {
  const { filledIn, submission, intake } = admitted
  const { definition } = filledIn.version
  const session = createSession(filledIn.program, {
    today: localDate(intake.now, definition.locale.timeZone),
    answers: submission.answers,
    documents: submission.documents ?? {},
    atDesk: submission.atDesk ?? [],
  })
  try {
    const problems: Problem[] = validate(session)
    if (problems.length > 0) throw new Refused(422, 'answers', { errors: problems })
    const answers = session.stored()
    if (!filledIn.fits(answers)) {
      // Core let through what its own schema refuses: a fault of ours, and nothing is stored on a fault of ours.
      intake.adapters.log.error(
        { service: filledIn.version.service, version: filledIn.version.version, at: filledIn.fits.errors?.[0]?.schemaPath },
        'schema disagrees with core',
      )
      throw new Refused(422, 'answers', { errors: (filledIn.fits.errors ?? []).map((error) => ({ pointer: error.instancePath, code: 'shape.invalid' })) })
    }
    const outcome = { documents: requiredDocuments(session), computed: computedValues(session), fee: feeOf(session), route: routeOf(session) }
    return {
      ...admitted,
      answers,
      outcome,
      given: givenAttachments(
        session,
        outcome.documents.map(({ document }) => document.id),
      ),
    } as unknown as Valid
  } catch (error) {
    if (error instanceof RangeError) throw new Refused(422, 'too-complex')
    throw error
  }
}

/** Files of documents that are not asked for are left behind, like answers that are not relevant. */
function givenAttachments(session: Session, asked: readonly string[]): GivenAttachment[] {
  const given: GivenAttachment[] = asked.flatMap((document) =>
    (Object.hasOwn(session.documents, document) ? (session.documents[document] ?? []) : []).map((id) => ({
      id,
      target: document,
      pointer: `/documents/${document}`,
      said: null,
    })),
  )
  for (const nodes of session.program.pages.values()) {
    for (const { node, at } of places(session, nodes)) {
      const value = node.type.attachments ? session.value(node, at) : null
      if (value !== null)
        for (const id of node.type.attachments?.(value) ?? []) given.push({ id, target: node.path, pointer: `/${at}${node.field.id}`, said: saidOf(value, id) })
    }
  }
  return given
}

/** The part of a file field's answer that is about this file. */
function saidOf(value: Json, id: string): { size?: unknown; type?: unknown } {
  for (const part of Array.isArray(value) ? value : [value])
    if (typeof part === 'object' && part !== null && !Array.isArray(part) && part.id === id) return part
  return {}
}
