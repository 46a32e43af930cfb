/**
 * Files in an object store that speaks S3. What leaves is sealed already, in parts of a fixed size: no more than one part
 * of a file is in memory however large it is, because the next one is read when the last one has been acknowledged, and no
 * more than so many files have one. What the store says it has got is compared with what was sent, part by part.
 */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Egress } from '../../egress/egress.ts'
import { ivBytes, type SealBox, tagBytes } from '../../keys/seal-box.ts'
import { type Files, FileTooLarge, filePath } from '../files.ts'
import { createSlots, type Slots } from '../slots.ts'
import { readField, readListing } from './listing.ts'
import type { S3Place } from './place.ts'
import { createSend, digestOf, type Patience, S3Failure, type Send } from './request.ts'

export interface S3Options {
  place: S3Place
  egress: Egress
  now(): Date
  patience?: Patience
  /** By default the least that S3 takes for any part but the last. */
  partBytes?: number
  /** Files larger than `smallBytes` that are on their way at once; the next ones are not read further until there is room. */
  largeAtOnce?: number
  /** Names that the store lists at once; by default the most that S3 gives. */
  pageKeys?: number
}

const part = 'content'
/** Most files are looked at first by their beginning alone. */
const firstRange = 65_536
const largestRange = 4_194_304
/** What any upload may hold; whatever needs more waits for its turn. */
const smallBytes = 262_144

export function openS3Files({ place, egress, now, patience, partBytes = 5_242_880, largeAtOnce = 32, pageKeys = 1000 }: S3Options): Files {
  const send = createSend(place, egress, now, patience)
  const large = createSlots(largeAtOnce)

  return {
    async put(agency, id, content, limit, box) {
      const hash = createHash('sha256')
      let size = 0
      const sealed = async function* () {
        const sealer = box.sealer(part)
        yield sealer.head
        for await (const piece of content) {
          size += piece.byteLength
          if (size > limit) throw new FileTooLarge()
          hash.update(piece)
          yield sealer.update(piece)
        }
        yield sealer.close()
      }
      await putInParts(send, filePath(agency, id), parts(sealed(), partBytes, large))
      return { size, digest: `sha256-${hash.digest('base64url')}` }
    },

    read: (agency, id, box) =>
      Readable.toWeb(Readable.from(pieces(send, filePath(agency, id), box), { highWaterMark: 1 })) as unknown as ReadableStream<Uint8Array>,

    async remove(agency, id) {
      await send({ method: 'DELETE', key: filePath(agency, id), expect: [404] })
    },

    async has(agency, id) {
      return (await send({ method: 'HEAD', key: filePath(agency, id), expect: [404] })).status !== 404
    },

    async *putBefore(agency, time) {
      for (let after: string | null = ''; after !== null; ) {
        const query: Record<string, string> = { prefix: `${agency}/`, 'max-keys': String(pageKeys), ...(after ? { marker: after } : {}) }
        const { objects, more } = readListing((await send({ method: 'GET', key: null, query, maxBytes: 4_194_304 })).body)
        for (const { key, modified } of objects) if (modified < time) yield key.slice(key.lastIndexOf('/') + 1)
        after = more ? (objects.at(-1)?.key ?? null) : null
      }
    },

    async check() {
      // Where nothing stands, and outside of every agency: what is asked is whether we may.
      const key = `-/check-${now().getTime().toString(36)}`
      await putInParts(send, key, parts(Readable.from([Buffer.from('guichet')]), partBytes, large))
      await send({ method: 'DELETE', key })
    },
  }
}

interface Piece {
  body: readonly Uint8Array[]
  last: boolean
}

/** Cuts a stream into parts of exactly `size` bytes, the last of which may be shorter. There is always one. */
async function* parts(stream: AsyncIterable<Uint8Array>, size: number, large: Slots): AsyncGenerator<Piece> {
  let held: Uint8Array[] = []
  let bytes = 0
  let giveBack: (() => void) | null = null
  try {
    for await (const piece of stream) {
      for (let rest = piece; rest.length > 0; ) {
        // Only when more comes is it certain that a full part is not the last one.
        if (bytes === size) {
          yield { body: held, last: false }
          held = []
          bytes = 0
        }
        const taken = rest.subarray(0, size - bytes)
        held.push(taken)
        bytes += taken.length
        rest = rest.subarray(taken.length)
      }
      if (bytes > Math.min(smallBytes, size / 2)) giveBack ??= await large.take()
    }
    yield { body: held, last: true }
  } finally {
    giveBack?.()
  }
}

/** @throws whatever went wrong; nothing is left behind then, as far as the store still listens */
async function putInParts(send: Send, key: string, from: AsyncGenerator<Piece>): Promise<void> {
  let upload: string | null = null
  const taken: Part[] = []
  const whole = createHash('md5')
  try {
    for await (const { body, last } of from) {
      if (last && upload === null) {
        await putOne(send, key, body)
        return
      }
      if (upload === null) upload = readField((await send({ method: 'POST', key, query: { uploads: '' } })).body, 'InitiateMultipartUploadResult', 'UploadId')
      for (const piece of body) whole.update(piece)
      taken.push(await putOne(send, key, body, { partNumber: String(taken.length + 1), uploadId: upload }))
    }
    await complete(send, key, upload as string, taken, whole.digest('hex'))
  } catch (error) {
    // It may have been taken although the answer was lost.
    await send({ method: 'DELETE', key, expect: [404], inPassing: true }).catch(() => {})
    if (upload !== null) await send({ method: 'DELETE', key, query: { uploadId: upload }, expect: [404], inPassing: true }).catch(() => {})
    throw error
  }
}

interface Part {
  md5: Buffer
  /** As the store names it: the MD5 as a rule, something else where the store encrypts under a key of its own. */
  tag: string
}

/** The store compares the body with the MD5 and the digest in the signature, and we what it says it has got. */
async function putOne(send: Send, key: string, body: readonly Uint8Array[], query: Record<string, string> = {}): Promise<Part> {
  const md5 = digestOf('md5', body)
  const headers = { 'Content-Type': 'application/octet-stream', 'Content-MD5': md5.toString('base64') }
  const response = await send({ method: 'PUT', key, query, headers, body })
  return { md5, tag: compareTag(response.headers, [md5.toString('hex')]) }
}

/** Gives the tag. A store that encrypts under a key of its own makes it of other things: then its own checks have to do. */
function compareTag(headers: Readonly<Record<string, unknown>>, expected: readonly string[]): string {
  const tag = String(headers.etag ?? '').replace(/^W\/|"/g, '')
  const ofContent = [undefined, 'AES256'].includes(headers['x-amz-server-side-encryption'] as string | undefined)
  if (ofContent && /^[0-9a-f]{32}(-\d+)?$/.test(tag) && !expected.includes(tag)) throw new S3Failure('keep a file', null, 'it got other bytes than were sent')
  return tag
}

async function complete(send: Send, key: string, uploadId: string, taken: readonly Part[], whole: string): Promise<void> {
  const listed = taken.map(({ tag }, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>&quot;${escaped(tag)}&quot;</ETag></Part>`)
  const body = Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${listed.join('')}</CompleteMultipartUpload>`)
  const response = await send({ method: 'POST', key, query: { uploadId }, headers: { 'Content-Type': 'application/xml' }, body: [body] })
  const etag = readField(response.body, 'CompleteMultipartUploadResult', 'ETag')
  const md5 = createHash('md5').update(Buffer.concat(taken.map((each) => each.md5)))
  // Of a file in parts it is the MD5 of the parts' MD5s on S3 itself, and that of the whole elsewhere.
  compareTag({ ...response.headers, etag }, [`${md5.digest('hex')}-${taken.length}`, whole])
}

const escaped = (text: string) => text.replace(/[<&"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The content in pieces, opened if it is sealed. The last piece fails if a single bit was changed. */
async function* pieces(send: Send, key: string, box: SealBox): AsyncGenerator<Uint8Array> {
  const range = async (from: number, to: number) => {
    const { status, headers, body } = await send({ method: 'GET', key, headers: { Range: `bytes=${from}-${to - 1}` }, maxBytes: to - from, expect: [416] })
    // Nothing has no first byte.
    if (status === 416 && from === 0) return { body: new Uint8Array(), total: 0 }
    // The whole of it came where a part was asked for: of a file that fits, the two are the same.
    const [, start, end] = (status === 206 && /^bytes (\d+)-\d+\/(\d+)$/.exec(String(headers['content-range']))) || [null, '0', headers['content-length']]
    const total = Number(end)
    if (!Number.isSafeInteger(total) || Number(start) !== from || body.length !== Math.min(to, total) - from)
      throw new S3Failure('GET a file', status, 'it gave another part than was asked for')
    return { body, total }
  }
  const sealed = box.sealing !== null
  const [head, tail] = sealed ? [ivBytes, tagBytes] : [0, 0]
  const first = await range(0, firstRange)
  const end = first.total - tail
  if (end < head) throw new S3Failure('GET a file', 200, 'it is shorter than it was')
  const tag = !sealed || first.body.length === first.total ? first.body.subarray(end) : (await range(end, first.total)).body
  const opener = box.opener(part, first.body.subarray(0, head), tag)
  yield opener.update(first.body.subarray(head, Math.min(first.body.length, end)))
  let size = firstRange
  for (let position = first.body.length; position < end; ) {
    size = Math.min(size * 4, largestRange)
    const { body, total } = await range(position, Math.min(position + size, end))
    if (total !== first.total) throw new S3Failure('GET a file', 206, 'it changed while it was read')
    yield opener.update(body)
    position += body.length
  }
  const last = opener.close()
  if (last.length > 0) yield last
}
