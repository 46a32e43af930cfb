/** Takes one file: the policy is asked, the bytes are streamed and synced, the content looked at, and only then noted. */

import { fileMark, sealedSize, sealedTarget } from '@guichet/sealing/envelope'
import type { Adapters } from '../adapters.ts'
import { newAttachmentId } from '../codes.ts'
import type { Config } from '../config.ts'
import { evidenceOf } from '../intake/admit.ts'
import type { Intake } from '../intake/stages.ts'
import { newBox, openBox, type SealBox } from '../keys/seal-box.ts'
import { Refused } from '../problem.ts'
import { ScannerDown } from '../scanners/scanner.ts'
import type { LiveService } from '../services/live.ts'
import { attachmentOwner, pictureEvidence } from './attachment.ts'
import { mediaTypes } from './file-kind.ts'
import { FileTooLarge } from './files.ts'
import { limitsAt } from './limits.ts'

export interface Upload extends Omit<Intake, 'body' | 'idempotencyKey'> {
  adapters: Adapters
  config: Config
  service: LiveService
  /** Document id, or path of a file field; an instance path (`members/0/photo`) is one as well. */
  target: string
  name: string
  declared: string
  declaredSize: number | null
  content: ReadableStream<Uint8Array> | null
}

export interface Attachment {
  id: string
  name: string
  type: string
  size: number
  digest: string
}

/** What the scanner says; `pending`: there is one, and it cannot say. */
export async function lookedAt(
  { scanner, log }: Pick<Adapters, 'scanner' | 'log'>,
  content: ReadableStream<Uint8Array>,
): Promise<'clean' | 'infected' | 'pending'> {
  if (!scanner) {
    await content.cancel()
    return 'clean'
  }
  try {
    return await scanner.scan(content)
  } catch (error) {
    if (!(error instanceof ScannerDown)) throw error
    log.warn({ reason: error.message }, 'the scanner does not answer')
    return 'pending'
  }
}

/** A name may hide what it ends in behind marks that turn the writing direction, and must not be a path. */
const cleanName = (name: string) =>
  [
    ...name
      .toWellFormed()
      .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
      .split(/[/\\]/)
      .at(-1)!,
  ]
    .slice(0, 200)
    .join('')
    .trim() || 'file'

export async function upload(request: Upload): Promise<Attachment> {
  const { adapters, config, service, content, now } = request
  const { agency, version, policy, program } = service
  const refusal = await policy.admit(evidenceOf('upload', request, null))
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  const target = request.target
    .split(/[/.]/)
    .filter((part) => !/^\d+$/.test(part))
    .join('.')
  const limits = service.sealed && target === sealedTarget ? {} : limitsAt(program, target)
  if (!limits) throw new Refused(422, 'target')
  const most = Math.min(config.maxUploadBytes, limits.maxBytes ?? config.maxUploadBytes)
  const limit = service.sealed ? sealedSize(most) : most
  if (request.declaredSize !== null && request.declaredSize > limit) throw new Refused(413, 'file-too-large', { params: { count: limit } })
  if (!content) throw new Refused(422, 'file-refused')

  const id = newAttachmentId()
  const name = cleanName(request.name)
  const declared = (request.declared.split(';')[0] ?? '').trim().toLowerCase()
  const box = policy.seal({
    atRest: () => newBox(adapters.keys.currentKek(agency.id, now), attachmentOwner(agency.id, version.service, id)),
    asIs: () => openBox,
  })
  try {
    const { size, digest } = await adapters.files.put(agency.id, id, content, limit, box)
    await adapters.quotas.file(agency, size, now)
    if (service.sealed) return await takeSealed(request, { id, target, box, size, digest })
    const open = () => adapters.files.read(agency.id, id, box)
    const { kind, fault } = await adapters.inspect(open, declared, name)
    const picture = await pictureEvidence(adapters.files, agency.id, { id, kind, box }, limits)
    const refused = await policy.inspect({ files: [{ size, kind, declared, name, accept: limits.accept, maxBytes: limits.maxBytes, picture }] })
    if (refused || !kind) throw new Refused(refused?.status ?? 422, refused?.code ?? 'file-refused', refused ?? {})
    if (fault) throw new Refused(422, 'file-dangerous')
    // Down is not clean, and no reason to send a citizen away: nobody is handed the file before it was looked at.
    if ((await lookedAt(adapters, open())) === 'infected') throw new Refused(422, 'file-infected')
    const type = mediaTypes[kind]?.[0] as string
    await agency.addAttachment(
      {
        id,
        service: version.service,
        target,
        name: box.seal('name', new TextEncoder().encode(name)),
        type,
        size,
        digest,
        sealing: box.sealing,
        receivedAt: now.toISOString(),
        submission: null,
      },
      { actor: 'citizen', at: now.toISOString(), details: { size, digest } },
    )
    return { id, name, type, size, digest }
  } catch (error) {
    // If this fails too, the file is one without a row, which the clean-up removes.
    await adapters.files.remove(agency.id, id).catch((failed) => adapters.log.warn({ err: failed }, 'an upload was left behind'))
    if (error instanceof FileTooLarge) throw new Refused(413, 'file-too-large', { params: { count: limit } })
    throw error
  }
}

/** Of sealed files alone. */
export const sealedType = 'application/octet-stream'

/** A sealed file: nothing of it can be looked at, but that it is one. Its name and kind travel among the sealed answers. */
async function takeSealed(
  { adapters, service: { agency, version }, now }: Upload,
  { id, target, box, size, digest }: { id: string; target: string; box: SealBox; size: number; digest: string },
): Promise<Attachment> {
  if (!(await beginsWith(adapters.files.read(agency.id, id, box), fileMark))) throw new Refused(422, 'sealed')
  const type = sealedType
  const name = box.seal('name', new TextEncoder().encode(sealedTarget))
  const receivedAt = now.toISOString()
  const row = { id, service: version.service, target, name, type, size, digest, sealing: box.sealing, receivedAt, submission: null }
  await agency.addAttachment(row, { actor: 'citizen', at: receivedAt, details: { size, digest } })
  return { id, name: sealedTarget, type, size, digest }
}

async function beginsWith(content: ReadableStream<Uint8Array>, mark: Uint8Array): Promise<boolean> {
  let at = 0
  for await (const piece of content) {
    for (const byte of piece) {
      if (at === mark.length) return true
      if (byte !== mark[at++]) return false
    }
  }
  return false
}

/** A browser that got no answer may ask again at its next visit, for six days: until after that it gets the first one's. */
const answersKept = 7 * 24 * 3600_000

/** Removes drafts that have expired, what no submission has claimed in time, and files that never got a row because the process died. */
export async function purgeUploads(
  { store, files, lived }: Pick<Adapters, 'store' | 'files' | 'lived'>,
  hours: number,
  { orphans = true } = {},
): Promise<number> {
  let removed = 0
  for (const { id } of await store.agencies()) {
    const agency = store.agency(id)
    const before = await lived.before(agency, hours * 3600_000)
    // Drafts first: the files that they held are then nobody's.
    await agency.purgeDrafts(await lived.before(agency))
    const forgotten = await agency.purge(before, await lived.before(agency, answersKept))
    for (const file of forgotten) await files.remove(id, file)
    removed += forgotten.length
    if (!orphans) continue
    for await (const names of gathered(files.putBefore(id, new Date(before)), 500)) {
      const known = new Set((await agency.attachments(names)).map((row) => row.id))
      for (const file of names.filter((name) => !known.has(name))) {
        await files.remove(id, file)
        removed++
      }
    }
  }
  return removed
}

/** What comes one by one, some at a time. */
async function* gathered<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let held: T[] = []
  for await (const item of items) {
    held.push(item)
    if (held.length < size) continue
    yield held
    held = []
  }
  if (held.length > 0) yield held
}
