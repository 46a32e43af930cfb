/** Seals what a citizen answered, in the browser, to everybody who may open it. */
import type { Answers } from '@guichet/schemas'
import { base64url, canonical, digestOf, joined, sha256, utf8 } from './bytes.ts'
import { bodyInfo, type ClearPart, caseLength, keyInfo, type SealedManifest, type SealedPart, sizes, suiteName } from './envelope.ts'
import { sealTo } from './hpke.ts'
import { keyId, type RecipientSet } from './recipients.ts'

/** A file that was sealed and sent before: how it is opened, and what it was. */
export interface FileNote {
  id: string
  key: string
  name: string
  type: string
  /** Bytes of the file itself. */
  size: number
  /** Of the sealed bytes. */
  sealed: { size: number; digest: string }
}

/** What is sealed: all that was answered, also what stands in the clear part, so that officers see whether the two agree. */
export interface SealedContent {
  format: 1
  answers: Answers
  documents: ClearPart['documents']
  atDesk: readonly string[]
  files: readonly Pick<FileNote, 'id' | 'key' | 'name' | 'type' | 'size'>[]
}

/** What the submission is for, as the server says with the recipients. */
export interface SealedService extends RecipientSet {
  version: number
  definition: string
  policy: string
}

export interface ToSeal {
  clear: ClearPart
  answers: Answers
  files: readonly FileNote[]
}

/** There is more than the largest size takes. */
export class TooLong extends Error {}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const newCase = () => Array.from(crypto.getRandomValues(new Uint8Array(caseLength)), (byte) => alphabet[byte & 31]).join('')

/** @throws TooLong */
export async function sealSubmission(service: SealedService, { clear, answers, files }: ToSeal): Promise<SealedPart> {
  const place = { agency: service.agency, service: service.service, version: service.version, case: newCase() }
  const content: SealedContent = {
    format: 1,
    answers,
    documents: clear.documents,
    atDesk: clear.atDesk,
    files: files.map(({ id, key, name, type, size }) => ({ id, key, name, type, size })),
  }
  const text = utf8(canonical(content))
  const size = sizes.find((each) => each >= text.length)
  if (size === undefined) throw new TooLong()
  // Blanks after JSON mean nothing, so nobody has to take them off.
  const padded = new Uint8Array(size).fill(32)
  padded.set(text)

  const secret = crypto.getRandomValues(new Uint8Array(32))
  const dataKey = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt'])
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const body = joined(iv, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(bodyInfo(place)) }, dataKey, padded)))

  const recipients = await Promise.all(service.recipients.map(async ({ key }) => ({ id: await keyId(key), key })))
  const manifest: SealedManifest = {
    format: 1,
    suite: suiteName,
    ...place,
    definition: service.definition,
    policy: service.policy,
    epoch: service.epoch,
    clear: await digestOf(canonical(clear)),
    body: { size, digest: await digestOf(body) },
    files: files.map(({ id, sealed }) => ({ id, ...sealed })),
    recipients: recipients.map(({ id }) => id).sort(),
  }
  // The key opens for nobody who was handed another manifest, and with it another case, file or clear part.
  const about = await sha256(utf8(canonical(manifest)))
  const keys = await Promise.all(recipients.map(async ({ id, key }) => ({ recipient: id, ...(await sealTo(key, keyInfo(place, id), about, secret)) })))
  secret.fill(0)
  return { manifest, keys, body: base64url(body) }
}
