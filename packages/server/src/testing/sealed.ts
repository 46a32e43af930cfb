/** A sealed service with its keys, what a citizen's browser sends, and what an officer's opens. For tests. */
import { clearPartOf, compile, createSession, requiredDocuments } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Answers, Policy, ServiceDefinition, Submission } from '@guichet/schemas'
import {
  clearPart,
  type FileNote,
  fileInfo,
  type KeyPair,
  newKeyPair,
  openSubmission,
  type SealedContent,
  type SealedService,
  sealedTarget,
  sealFile,
  sealSubmission,
} from '@guichet/sealing'
import { addEpoch, addRecovery } from './sealing-keys.ts'
import { definitionOf, foreign, type World } from './world.ts'

export interface SealedWorld {
  definition: ServiceDefinition
  epoch: KeyPair
  recovery: KeyPair
}

export const sealedPolicy = (clear: readonly string[], more: Policy['rules'] = {}): Policy => ({
  rules: { origins: { allow: [foreign] }, encryption: { mode: 'sealed', clear: [...clear] }, ...more },
})

/** Makes the keys of a service and publishes it. */
export async function offerSealed(
  world: World,
  clear: readonly string[] = ['student', 'cards'],
  definition = definitionOf(),
  policy = sealedPolicy(clear),
): Promise<SealedWorld> {
  const [epoch, recovery] = await Promise.all([newKeyPair(), newKeyPair()])
  const agency = world.adapters.store.agency(await world.adapters.store.ensureAgency('city', 'Agency city', '2026-01-05T08:00:00.000Z'))
  if ((await agency.sealingKeys('recovery', '')).length === 0) await addRecovery(agency, 1, recovery)
  await addEpoch(agency, definition.id, 1, epoch)
  await world.offer(definition, policy)
  return { definition, epoch, recovery }
}

/** What the server says that a submission is to be sealed to. */
export async function recipientsFor(world: World, service = 'city/library-card'): Promise<SealedService & { fingerprint: string }> {
  const response = await world.request(`/v1/services/${service}/recipients`)
  if (response.status !== 200) throw new Error(`recipients: ${response.status}`)
  return (await response.json()) as unknown as SealedService & { fingerprint: string }
}

/** Seals a file and sends it; `target`: a document, else the file is of a field. */
export async function sendFile(world: World, bytes: Uint8Array, name: string, type: string, target: string = sealedTarget): Promise<FileNote> {
  const { key, content } = await sealFile(new Blob([new Uint8Array(bytes)]).stream(), fileInfo({ agency: 'city', service: 'library-card' }))
  const body = new Uint8Array(await new Response(content).arrayBuffer())
  const response = await world.request(`/v1/services/city/library-card/attachments?target=${target}&name=sealed`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body,
  })
  if (response.status !== 201) throw new Error(`attachments: ${response.status} ${await response.text()}`)
  const { id, size, digest } = (await response.json()) as unknown as { id: string; size: number; digest: string }
  return { id, key, name, type, size: bytes.length, sealed: { size, digest } }
}

export interface Filled {
  answers: Answers
  documents?: Record<string, string[]>
  atDesk?: string[]
  files?: FileNote[]
}

/** The body that a citizen's browser sends. */
export async function sealedBody(service: SealedService, definition: ServiceDefinition, clear: readonly string[], filled: Filled): Promise<Submission> {
  const { answers, documents = {}, atDesk = [], files = [] } = filled
  const whole = compile(definition, fieldTypes as never)
  const session = createSession(compile(clearPartOf(whole, clear).definition, fieldTypes as never), { today: '2026-01-05', answers, documents, atDesk })
  const asked = requiredDocuments(session).map(({ document }) => document.id)
  const given = Object.fromEntries(Object.entries(documents).filter(([id]) => asked.includes(id)))
  const part = clearPart({ language: 'en', answers: session.stored(), documents: given, atDesk })
  return { version: service.version, ...part, documents: given, atDesk, sealed: await sealSubmission(service, { clear: part, answers, files }) }
}

/** Opens a case as the server hands it to an officer. */
export function openSealed(opened: object, pair: KeyPair): Promise<SealedContent> {
  const { submission, service, version, sealed } = opened as {
    submission: string
    service: string
    version: number
    sealed: { part: Parameters<typeof openSubmission>[0]['sealed']; clear: Parameters<typeof openSubmission>[0]['clear']; definition: string }
  }
  return openSubmission({ agency: 'city', service, version, submission, definition: sealed.definition, clear: sealed.clear, sealed: sealed.part }, pair)
}
