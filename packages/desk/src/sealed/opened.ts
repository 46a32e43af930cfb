/** A sealed case, opened here: checked once more with the same code as when it was filled in. Pure, but for the keys. */
import { compile, computedValues, createSession, feeOf, type Problem, requiredDocuments, validate } from '@guichet/core'
import type { SealedPart, ServiceDefinition } from '@guichet/schemas'
import { type ClearPart, fileInfo, openFile, openSubmission, type SealedContent } from '@guichet/sealing'
import type { Filled } from '../answers-view.ts'
import type { OpenedCase } from '../api.ts'
import { dayIn } from '../due.ts'
import { fieldTypes } from '../known-types.ts'
import type { ServiceKeys } from './api.ts'
import { type KeyRing, NoAccess } from './key-ring.ts'

/** As the server hands it out: closed. */
export interface ClosedPart {
  part: SealedPart
  clear: ClearPart
  /** Digest of the definition of its version. */
  definition: string
}

export interface OpenedSealed {
  filled: Filled
  content: SealedContent
  /** What is wrong with the answers by the rules of their version; empty: nothing. */
  problems: Problem[]
}

const asText = (value: unknown) => JSON.stringify(value)

/** @throws NoAccess, CannotOpen, or an error of the cipher */
export async function openSealedCase(
  agency: string,
  opened: OpenedCase & { sealed: ClosedPart },
  definition: ServiceDefinition,
  keys: ServiceKeys,
  ring: KeyRing,
): Promise<OpenedSealed> {
  const { submission, service, version, language, receivedAt, sealed } = opened
  const { part, clear, definition: digest } = sealed
  const { epoch } = part.manifest
  const pair = await ring.serviceKey(keys, epoch)
  const content = await openSubmission({ agency, service, version, definition: digest, submission, clear, sealed: part }, pair)
  const session = createSession(compile(definition, fieldTypes), {
    // As it was on the day on which it was sent.
    today: dayIn(new Date(receivedAt), definition.locale.timeZone),
    answers: content.answers,
    documents: content.documents,
    atDesk: content.atDesk,
  })
  const problems = validate(session)
  // Whoever sends may have put one thing in the clear and sealed another.
  for (const [field, value] of Object.entries(clear.answers))
    if (asText(session.stored()[field]) !== asText(value)) problems.push({ pointer: `/${field}`, code: 'sealed.clear' })
  const documentOf = new Map(Object.entries(content.documents).flatMap(([id, files]) => files.map((file) => [file, id] as const)))
  const filled: Filled = {
    submission,
    definition,
    language,
    receivedAt,
    answers: content.answers,
    outcome: {
      documents: requiredDocuments(session).map(({ document, copies }) => ({ id: document.id, copies })),
      computed: computedValues(session),
      fee: feeOf(session),
      atDesk: content.atDesk,
    },
    attachments: content.files.map(({ id, name, type, size }) => ({ id, target: documentOf.get(id) ?? '', name, type, size, digest: '' })),
  }
  return { filled, content, problems }
}

/** A file of an opened case, as it was before it was sealed. @throws where a bit was changed, or the end is missing */
export async function openSealedFile(place: { agency: string; service: string }, sealed: ReadableStream<Uint8Array>, key: string, type: string): Promise<Blob> {
  const pieces: BlobPart[] = []
  for await (const piece of piecesOf(openFile(sealed, key, fileInfo(place)))) pieces.push(piece)
  return new Blob(pieces, { type })
}

async function* piecesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

export { NoAccess }
