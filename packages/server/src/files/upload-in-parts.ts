/**
 * A file that arrives in parts, as "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload) has it: begun with its
 * size, appended to where it ends, asked how far it has come, given up, finished. Each part is a file of its own, sealed and
 * on disk before its end is told to anybody; which parts there are stands in the database, so that any replica goes on. When
 * it is whole, the parts are read one after the other into the road that a file in one request takes.
 */

import { reopened } from '../cases/case-box.ts'
import { newAttachmentId, newSecret } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { evidenceOf } from '../intake/admit.ts'
import { openBox, type Sealing } from '../keys/seal-box.ts'
import { type Limited, limited, type Rates } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import { Conflict } from '../store/store.ts'
import type { UploadPart, UploadRecord } from '../store/uploads.ts'
import { attachmentOwner, nameOf } from './attachment.ts'
import { FileTooLarge } from './files.ts'
import { type Attachment, keepFile, placed, type Upload, uploadBox } from './upload.ts'

/** Bytes of a part. Smaller ones cost a file and a row each for little; larger ones lose more when the line breaks. The last one may be smaller. */
export const leastPart = 65_536
export const largestPart = 4_194_304

const hour = 3600_000
/** A town hall's readers share one address: this is 12 GB an hour in the parts that the runtime sends. */
export const uploadPartRate = (rates: Rates): Limited => limited(rates, 'upload part', { size: 12_000, period: hour })

/** Who asks, for which service, about the upload with this id. */
export interface UploadAsk extends Omit<Upload, 'target' | 'name' | 'declared' | 'declaredSize' | 'content'> {
  id: string
}

export interface Part {
  /** Null: not said. */
  offset: number | null
  complete: boolean | null
  /** Of this part and of the whole file, as `sha256-…`; null: not said. */
  contentDigest: string | null
  reprDigest: string | null
  declaredSize: number | null
  content: ReadableStream<Uint8Array> | null
}

export interface UploadState {
  offset: number
  size: number
  /** Seconds for which it can still be gone on with. */
  maxAge: number
  /** Null: it is not finished. */
  attachment: Attachment | null
}

/** An id has 256 bits, so no slow hash is needed. */
const hashOf = (id: string) => digestOf('guichet upload|', id)
const lasts = ({ config }: Pick<UploadAsk, 'config'>) => config.purgeAfterHours * hour
const labelOf = (idHash: string) => `upload ${idHash}`

const ownerOf = ({ signedIn }: Pick<UploadAsk, 'signedIn'>) =>
  signedIn && signedIn !== 'ended' ? digestOf('guichet upload owner|', JSON.stringify([signedIn.provider, signedIn.subject])) : null

const stateOf = (ask: Pick<UploadAsk, 'config' | 'now'>, { received, size, createdAt }: UploadRecord, attachment: Attachment | null = null): UploadState => ({
  offset: received,
  size,
  maxAge: Math.max(0, Math.floor((Date.parse(createdAt) + lasts(ask) - ask.now.getTime()) / 1000)),
  attachment,
})

/** As draft-ietf-httpbis-resumable-upload, 4.1.4, has it. */
export const limitField = (maxAge: number, maxSize?: number) =>
  [...(maxSize === undefined ? [] : [`max-size=${maxSize}`]), `min-append-size=${leastPart}`, `max-append-size=${largestPart}`, `max-age=${maxAge}`].join(', ')

const unknown = () => new Refused(404, 'upload-unknown')
const finished = () => new Refused(400, 'completed-upload', { headers: { 'Upload-Complete': '?1' } })
const inconsistent = () => new Refused(400, 'inconsistent-upload-length')
const elsewhere = (expected: number, provided: number) =>
  new Refused(409, 'mismatching-upload-offset', {
    members: { 'expected-offset': expected, 'provided-offset': provided },
    headers: { 'Upload-Offset': String(expected), 'Upload-Complete': '?0' },
  })

/** Begins one; the policy is asked, and its place reserved, before a byte is taken. Gives its id. @throws Refused */
export async function beginUpload(request: Omit<Upload, 'content'>): Promise<UploadState & { id: string; limit: number }> {
  const { adapters, service, declaredSize: size, now } = request
  const { agency, version, policy } = service
  const refusal = await policy.admit(evidenceOf('upload', request, null), request.rules)
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  if (size === null) throw new Refused(400, 'upload-headers')
  if (size === 0) throw new Refused(422, 'file-refused')
  const { target, limit, name, declared: type } = placed(request)
  await adapters.quotas.file(agency, size, now)
  const id = newSecret()
  const idHash = hashOf(id)
  const box = uploadBox(request, labelOf(idHash))
  const createdAt = now.toISOString()
  const sealedName = box.seal('name', new TextEncoder().encode(name))
  const upload = { service: version.service, idHash, target, name: sealedName, sealing: box.sealing, type, size, ownerHash: ownerOf(request), createdAt }
  await agency.beginUpload(upload)
  return { ...stateOf(request, { ...upload, received: 0, attachment: null }), id, limit }
}

/** How far it has come; what it has become, until a submission has it. @throws Refused */
export async function lookAtUpload(ask: UploadAsk): Promise<UploadState> {
  const upload = await admitted(ask)
  const { adapters, service } = ask
  if (upload.attachment === null) return stateOf(ask, upload)
  const [row] = await service.agency.attachments([upload.attachment])
  if (!row || row.submission !== null) throw unknown()
  const { id, type, size, digest } = row
  return stateOf(ask, upload, { id, name: nameOf(adapters, service.agency.id, row), type, size, digest })
}

/** Gives it up: nothing of it is left. @throws Refused */
export async function cancelUpload(ask: UploadAsk): Promise<void> {
  const { idHash } = await admitted(ask)
  if (!(await discard(ask, idHash))) throw unknown()
}

/** Appends a part and, if it is the last one, finishes. @throws Refused */
export async function appendToUpload(ask: UploadAsk, part: Part): Promise<UploadState> {
  const upload = await admitted(ask)
  const { offset, complete, content } = part
  if (offset === null || complete === null) throw new Refused(400, 'upload-headers')
  if (upload.attachment !== null) throw finished()
  if (offset !== upload.received) throw elsewhere(upload.received, offset)
  const size = content ? await takePart(ask, upload, { ...part, offset, complete, content }) : 0
  const received = offset + size
  if (!complete) return stateOf(ask, { ...upload, received })
  if (received !== upload.size) throw inconsistent()
  const attachment = await finishUpload(ask, { ...upload, received }, part.reprDigest)
  return stateOf(ask, { ...upload, received }, attachment)
}

/** The upload, for whoever has its id, within its time. Everybody else is told the same, whatever there is. @throws Refused */
async function admitted(ask: UploadAsk): Promise<UploadRecord> {
  const { adapters, service, id, client, now } = ask
  // What its beginning was admitted by may be over by now: the submission will be asked for it again.
  const refusal = await service.policy.admit(evidenceOf('upload', ask, null), ['origins', 'sign-in'])
  if (refusal) throw new Refused(refusal.status, refusal.code, refusal)
  const wait = await adapters.uploadParts.take(client ?? '', now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
  const upload = await found(ask, hashOf(id))
  if (!upload || (upload.ownerHash !== null && upload.ownerHash !== ownerOf(ask))) throw unknown()
  return upload
}

const found = (ask: UploadAsk, idHash: string) =>
  ask.service.agency.upload(ask.service.version.service, idHash, new Date(ask.now.getTime() - lasts(ask)).toISOString())

/** Keeps a part and notes it; of two for one place only one is noted. Gives its size. @throws Refused */
async function takePart(
  ask: UploadAsk,
  upload: UploadRecord,
  { offset, complete, contentDigest, declaredSize, content }: Part & { offset: number; complete: boolean; content: ReadableStream<Uint8Array> },
): Promise<number> {
  const { adapters, service } = ask
  const { agency, version } = service
  const room = upload.size - offset
  if (declaredSize !== null) {
    if (declaredSize > room || (complete && declaredSize !== room)) throw inconsistent()
    if (declaredSize > largestPart) throw tooLarge(ask, upload)
  }
  const file = newAttachmentId()
  const box = uploadBox(ask, file)
  const remove = () => adapters.files.remove(agency.id, file).catch((error) => adapters.log.warn({ err: error }, 'a part was left behind'))
  let kept: { size: number; digest: string }
  try {
    kept = await adapters.files.put(agency.id, file, content, Math.min(room, largestPart), box)
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error
    throw room > largestPart ? tooLarge(ask, upload) : inconsistent()
  }
  const { size, digest } = kept
  const refused =
    declaredSize !== null && declaredSize !== size
      ? new Refused(400, 'incomplete')
      : contentDigest !== null && contentDigest !== digest
        ? new Refused(400, 'digest')
        : complete && size !== room
          ? inconsistent()
          : !complete && size > 0 && size < Math.min(leastPart, room)
            ? new Refused(400, 'upload-headers')
            : null
  if (refused || size === 0) {
    await remove()
    if (refused) throw refused
    return 0
  }
  try {
    await agency.appendPart(version.service, upload.idHash, { start: offset, size, file, sealing: box.sealing })
  } catch (error) {
    // Where nobody knows whether it was noted, the file stays; one that was not goes with the clean-up.
    if (!(error instanceof Conflict)) throw error
    await remove()
    throw await movedOn(ask, upload.idHash, offset)
  }
  return size
}

const tooLarge = (ask: UploadAsk, upload: UploadRecord) =>
  new Refused(413, 'file-too-large', { params: { count: largestPart }, headers: { 'Upload-Limit': limitField(stateOf(ask, upload).maxAge) } })

/** What has become of it meanwhile. */
async function movedOn(ask: UploadAsk, idHash: string, offset: number): Promise<Refused> {
  const upload = await found(ask, idHash)
  if (!upload) return unknown()
  return upload.attachment === null ? elsewhere(upload.received, offset) : finished()
}

/** @throws Refused; of a file that is refused for what it is, nothing is left */
async function finishUpload(ask: UploadAsk, upload: UploadRecord, reprDigest: string | null): Promise<Attachment> {
  const { service } = ask
  const { agency, version } = service
  const { idHash, target, type, size } = upload
  const parts = await agency.uploadParts(version.service, idHash)
  const name = new TextDecoder().decode(boxOf(ask, upload.sealing, labelOf(idHash)).open('name', upload.name))
  try {
    const place = placed({ ...ask, target, name, declared: type, declaredSize: size })
    const attachment = await keepFile(ask, place, streamOf(joined(ask, parts)), {
      arrived: ({ digest }) => {
        if (reprDigest !== null && reprDigest !== digest) throw new Refused(422, 'digest')
      },
      note: (row, by) => agency.finishUpload(version.service, idHash, row, by),
    })
    await removeFiles(
      ask,
      parts.map(({ file }) => file),
    )
    return attachment
  } catch (error) {
    if (error instanceof Refused) {
      await discard(ask, idHash)
      throw new Refused(error.status, error.code, { ...error.extras, headers: { ...error.extras.headers, 'Upload-Complete': '?1' } })
    }
    // Somebody else has finished or cancelled it, and the parts are gone.
    const now = await found(ask, idHash)
    if (now?.attachment === null) throw error
    throw now ? finished() : unknown()
  }
}

const boxOf = ({ adapters, service: { agency, version } }: UploadAsk, sealing: Sealing | null, label: string) =>
  sealing ? reopened(adapters.keys, agency.id, sealing, attachmentOwner(agency.id, version.service, label)) : openBox

async function* joined(ask: UploadAsk, parts: readonly UploadPart[]): AsyncGenerator<Uint8Array> {
  const { adapters, service } = ask
  for (const { file, sealing } of parts) yield* adapters.files.read(service.agency.id, file, boxOf(ask, sealing, file))
}

function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

/** False if there was nothing any more. */
async function discard(ask: UploadAsk, idHash: string): Promise<boolean> {
  const { agency, version } = ask.service
  const files = await agency.deleteUpload(version.service, idHash)
  if (files) await removeFiles(ask, files)
  return files !== null
}

/** What is left behind here goes with the clean-up. */
async function removeFiles({ adapters, service: { agency } }: UploadAsk, files: readonly string[]): Promise<void> {
  for (const file of files) await adapters.files.remove(agency.id, file).catch((error) => adapters.log.warn({ err: error }, 'a part was left behind'))
}
