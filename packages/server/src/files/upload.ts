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
import { type AttachmentRecord, Conflict, type Deed } from '../store/store.ts'
import { attachmentOwner, pictureEvidence } from './attachment.ts'
import { mediaTypes } from './file-kind.ts'
import { FileTooLarge } from './files.ts'
import { type Limits, limitsAt } from './limits.ts'

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
  /** Rules that are asked whether it may come; absent: all. */
  rules?: readonly string[]
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

/** A file that may come: where it goes, what it may be, and what it is called. */
export interface Placed {
  target: string
  limits: Limits
  /** Bytes of it as it is sent. */
  limit: number
  name: string
  declared: string
}

/** Asks what the place allows, before a byte is taken. @throws Refused */
export function placed({ config, service, target: path, name, declared, declaredSize }: Omit<Upload, 'content'>): Placed {
  const target = path
    .split(/[/.]/)
    .filter((part) => !/^\d+$/.test(part))
    .join('.')
  const limits = service.sealed && target === sealedTarget ? {} : limitsAt(service.program, target)
  if (!limits) throw new Refused(422, 'target')
  const most = Math.min(config.maxUploadBytes, limits.maxBytes ?? config.maxUploadBytes)
  const limit = service.sealed ? sealedSize(most) : most
  if (declaredSize !== null && declaredSize > limit) throw new Refused(413, 'file-too-large', { params: { count: limit } })
  return { target, limits, limit, name: cleanName(name), declared: (declared.split(';')[0] ?? '').trim().toLowerCase() }
}

export async function upload(request: Upload): Promise<Attachment> {
  const { adapters, service, content, now } = request
  const { agency } = service
  const refusal = await service.policy.admit(evidenceOf('upload', request, null), request.rules)
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  const place = placed(request)
  if (!content) throw new Refused(422, 'file-refused')
  return keepFile(request, place, content, {
    arrived: ({ size }) => adapters.quotas.file(agency, size, now),
    note: (row, by) => agency.addAttachment(row, by),
  })
}

/** A box for what is kept of an upload, as the service's policy has it. `id`: what it is bound to. */
export const uploadBox = ({ adapters, service: { agency, version, policy }, now }: Pick<Upload, 'adapters' | 'service' | 'now'>, id: string): SealBox =>
  policy.seal({
    atRest: () => newBox(adapters.keys.currentKek(agency.id, now), attachmentOwner(agency.id, version.service, id)),
    asIs: () => openBox,
  })

interface Steps {
  /** Called when all of it has come, before it is looked at. */
  arrived(file: { size: number; digest: string }): Promise<void> | void
  /** The last step: from then on it is there. */
  note(row: AttachmentRecord, by: Deed): Promise<void>
}

/** Keeps the bytes, looks at them and notes them; of what is refused nothing is left. @throws Refused */
export async function keepFile(
  request: Pick<Upload, 'adapters' | 'service' | 'now'>,
  { target, limits, limit, name, declared }: Placed,
  content: ReadableStream<Uint8Array>,
  { arrived, note }: Steps,
): Promise<Attachment> {
  const { adapters, service, now } = request
  const { agency, version, policy } = service
  const id = newAttachmentId()
  const box = uploadBox(request, id)
  let noting = false
  const end: Steps['note'] = (row, by) => {
    noting = true
    return note(row, by)
  }
  try {
    const { size, digest } = await adapters.files.put(agency.id, id, content, limit, box)
    await arrived({ size, digest })
    const row = { id, service: version.service, target, size, digest, sealing: box.sealing, receivedAt: now.toISOString(), submission: null }
    const by: Deed = { actor: 'citizen', at: row.receivedAt, details: { size, digest } }
    const open = () => adapters.files.read(agency.id, id, box)
    if (service.sealed) {
      // Nothing of a sealed file can be looked at, but that it is one. Its name and kind travel among the sealed answers.
      if (!(await beginsWith(open(), fileMark))) throw new Refused(422, 'sealed')
      await end({ ...row, name: box.seal('name', new TextEncoder().encode(sealedTarget)), type: sealedType }, by)
      return { id, name: sealedTarget, type: sealedType, size, digest }
    }
    const { kind, fault } = await adapters.inspect(open, declared, name, agency.id)
    const picture = await pictureEvidence(adapters.files, agency.id, { id, kind, box }, limits)
    const refused = await policy.inspect({ files: [{ size, kind, declared, name, accept: limits.accept, maxBytes: limits.maxBytes, picture }] })
    if (refused || !kind) throw new Refused(refused?.status ?? 422, refused?.code ?? 'file-refused', refused ?? {})
    if (fault) throw new Refused(422, 'file-dangerous')
    // Down is not clean, and no reason to send a citizen away: nobody is handed the file before it was looked at.
    if ((await lookedAt(adapters, open())) === 'infected') throw new Refused(422, 'file-infected')
    const type = mediaTypes[kind]?.[0] as string
    await end({ ...row, name: box.seal('name', new TextEncoder().encode(name)), type }, by)
    return { id, name, type, size, digest }
  } catch (error) {
    // Where nobody knows whether it was noted, it stays: one without a row goes with the clean-up, as where this fails too.
    const known = !noting || error instanceof Conflict
    if (known) await adapters.files.remove(agency.id, id).catch((failed) => adapters.log.warn({ err: failed }, 'an upload was left behind'))
    if (error instanceof FileTooLarge) throw new Refused(413, 'file-too-large', { params: { count: limit } })
    throw error
  }
}

/** Of sealed files alone. */
export const sealedType = 'application/octet-stream'

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
    await agency.purgeVerifications(await lived.before(agency))
    await agency.purgeCitizenSessions(await lived.before(agency))
    const forgotten = [...(await agency.purgeUploads(before)), ...(await agency.purge(before, await lived.before(agency, answersKept)))]
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
