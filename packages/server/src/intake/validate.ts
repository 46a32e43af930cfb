import { computedValues, createSession, feeOf, type Place, type Problem, places, requiredDocuments, routeOf, type Session, validate } from '@guichet/core'
import type { Json, Submission } from '@guichet/schemas'
import { sealedTarget } from '@guichet/sealing/envelope'
import { localDate } from '../clock.ts'
import { nameOf } from '../files/attachment.ts'
import { checkChosen } from '../lists/check-chosen.ts'
import { dropUnvouched, mayTake, unvouched } from '../lookups/evidence.ts'
import { Refused } from '../problem.ts'
import { checkSealedOrNot } from '../sealing/check.ts'
import { filledBy } from '../sign-in/road.ts'
import { checkProofs } from '../verification/unproved.ts'
import type { Admitted, GivenAttachment, Intake, Valid } from './stages.ts'

/** Steps of all expressions of a submission together: under a tenth of a second, whatever definition and answers multiply to. */
export const mostSteps = 1_000_000

/** Core's validation with the version that was filled in, then the version's own schema as a second wall. @throws Refused */
export async function validateAnswers(admitted: Admitted): Promise<Valid> {
  const { filledIn, submission, intake } = admitted
  const { definition } = filledIn.version
  const session = createSession(filledIn.program, {
    today: localDate(intake.now, definition.locale.timeZone),
    answers: submission.answers,
    documents: submission.documents ?? {},
    atDesk: submission.atDesk ?? [],
    steps: mostSteps,
  })
  try {
    const missing = await unvouched(intake.adapters.registers, intake.service.agency.id, definition, submission.answers)
    dropUnvouched(session, missing)
    await describeFiles(session, intake)
    const verified = putSignedIn(session, intake)
    const proofs = checkProofs(session, intake, submission.proofs ?? {}, verified)
    const notListed = await checkChosen(session, filledIn, intake.adapters)
    const problems: Problem[] = [...validate(session), ...proofs.problems, ...notListed]
    if (problems.length > 0) throw new Refused(422, 'answers', { errors: problems })
    const answers = session.stored()
    const fault = await filledIn.fits(answers)
    if (fault) {
      // Core let through what its own schema refuses: a fault of ours, and nothing is stored on a fault of ours.
      intake.adapters.log.error(
        { service: filledIn.version.service, version: filledIn.version.version, at: fault.instancePath, keyword: fault.keyword },
        'schema disagrees with core',
      )
      throw new Refused(422, 'answers', { errors: [{ pointer: fault.instancePath, code: 'shape.invalid' }] })
    }
    checkSealedOrNot({ filledIn, submission, answers })
    const outcome = { documents: requiredDocuments(session), computed: computedValues(session), fee: feeOf(session), route: routeOf(session, mayTake(missing)) }
    return {
      ...admitted,
      answers,
      verified: verified.filter((field) => Object.hasOwn(answers, field)),
      proved: proofs.proved,
      outcome,
      given: [
        ...givenAttachments(
          session,
          outcome.documents.map(({ document }) => document.id),
        ),
        ...sealedFiles(submission),
      ],
    } as unknown as Valid
  } catch (error) {
    if (error instanceof RangeError) throw new Refused(422, 'too-complex')
    throw error
  }
}

/**
 * Writes what the person's sign-in says over whatever the client sends there, and takes out what only a sign-in can have put
 * into a hidden field. Gives the fields that somebody else vouches for.
 */
function putSignedIn(session: Session, { service, signedIn }: Intake): string[] {
  const ask = service.policy.asks.signIn
  if (!ask) return []
  const known: Record<string, Json> = signedIn !== null && signedIn !== 'ended' ? filledBy(ask, signedIn) : {}
  for (const field of Object.keys(ask.fills)) {
    if (Object.hasOwn(known, field)) session.set(field, known[field] as Json)
    else if (session.program.nodes.get(field)?.field.type === 'hidden') session.set(field, null)
  }
  return Object.keys(known)
}

/** Files of documents that are not asked for are left behind, like answers that are not relevant. */
export function givenAttachments(session: Session, asked: readonly string[]): GivenAttachment[] {
  const given: GivenAttachment[] = asked.flatMap((document) =>
    (Object.hasOwn(session.documents, document) ? (session.documents[document] ?? []) : []).map((id) => ({
      id,
      target: document,
      pointer: `/documents/${document}`,
    })),
  )
  for (const { node, at, value } of fileAnswers(session))
    for (const id of node.type.attachments?.(value) ?? []) given.push({ id, target: node.path, pointer: `/${at}${node.field.id}` })
  return given
}

/** Files of sealed fields: those that are of no document. Which field they are of only officers see. */
function sealedFiles({ sealed, documents = {} }: Submission): GivenAttachment[] {
  const ofDocuments = new Set(Object.values(documents).flat())
  return (sealed?.manifest.files ?? []).filter(({ id }) => !ofDocuments.has(id)).map(({ id }) => ({ id, target: sealedTarget, pointer: '/sealed' }))
}

/** The answers that are files, where they are relevant. */
function fileAnswers(session: Session): (Place & { value: Json })[] {
  const found: (Place & { value: Json })[] = []
  if (![...session.program.nodes.values()].some(({ type }) => type.attachments)) return found
  for (const nodes of session.program.pages.values()) {
    for (const { node, at } of places(session, nodes)) {
      const value = node.type.attachments ? session.value(node, at) : null
      if (value !== null) found.push({ node, at, value })
    }
  }
  return found
}

/**
 * Writes our own record of each file into the answer, over whatever the client says of it: officers will read it there,
 * and the checks that follow are of what was really sent. Files that are not ours are left for stage inspect to refuse.
 */
export async function describeFiles(session: Session, { service, adapters }: Pick<Intake, 'service' | 'adapters'>): Promise<void> {
  const answers = fileAnswers(session)
  if (answers.length === 0) return
  const ids = answers.flatMap(({ node, value }) => node.type.attachments?.(value) ?? [])
  const rows = new Map((await service.agency.attachments([...new Set(ids)])).map((row) => [row.id, row]))
  for (const { node, at, value } of answers) {
    const described = (part: Json): Json => {
      if (typeof part !== 'object' || part === null || Array.isArray(part) || typeof part.id !== 'string') return part
      const row = rows.get(part.id)
      if (!row || row.service !== service.version.service || row.target !== node.path) return part
      const known: Record<string, Json> = { name: nameOf(adapters, service.agency.id, row), size: row.size, type: row.type }
      return Object.fromEntries(Object.entries(part).map(([key, said]) => [key, Object.hasOwn(known, key) ? (known[key] as Json) : said]))
    }
    session.set(`${at}${node.field.id}`, Array.isArray(value) ? value.map(described) : described(value))
  }
}
