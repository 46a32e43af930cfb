/**
 * Sealing at rest: one random data key a submission or file, wrapped by a key of its own that comes from the agency's key
 * of the month, and can be taken out of that one for good (month-key.ts). A blob is bound to its agency, service, owner and
 * part, so that it cannot be moved to another case.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { randomBytes } from '../random.ts'

/** What stands in the row beside a sealed blob: which key opens it. */
export interface Sealing {
  mode: 'at-rest'
  /** Month of the key-encryption key, `2026-01`. */
  bucket: string
  /** The wrapped data key. */
  key: string
  /** How it is wrapped. Absent: directly by the month's key, as earlier versions did. 2: by the owner's leaf of its tree. */
  suite?: 2
}

export interface KeyEncryptionKey {
  bucket: string
  /** The key that wraps this owner's data key, and nothing else. @throws KeyGone */
  wrapping(owner: string): Uint8Array
  /** The data key of this owner that an earlier version wrapped. @throws KeyGone */
  dataKey(owner: string, wrapped: Uint8Array): Uint8Array
}

/** What was sealed cannot be opened any more: its key was destroyed, or is not where keys are. */
export class KeyGone extends Error {
  constructor(bucket: string) {
    super(`a key of ${bucket} is not in the key folder`)
  }
}

/** A key, and what is bound to it. */
export interface SealWith {
  key: Uint8Array
  about: string
}

export interface SealBox {
  /** Null: the box leaves bytes as they are. */
  readonly sealing: Sealing | null
  seal(part: string, content: Uint8Array): Uint8Array
  /** What one part is sealed with, for whoever does it elsewhere; null: nothing is sealed. */
  with(part: string): SealWith | null
  /** @throws if the bytes are not what was sealed for this owner and part */
  open(part: string, sealed: Uint8Array): Uint8Array
  /** Seals a stream piece by piece; `close` gives the last bytes. */
  sealer(part: string): Piecewise
  opener(part: string, head: Uint8Array, tag: Uint8Array): Piecewise
}

export interface Piecewise {
  /** Bytes that stand before the first piece. */
  readonly head: Uint8Array
  update(piece: Uint8Array): Uint8Array
  close(): Uint8Array
}

const algorithm = 'aes-256-gcm'
export const ivBytes = 12
export const tagBytes = 16
const empty = new Uint8Array()

/** The box of a service that keeps answers as they are. */
export const openBox: SealBox = {
  sealing: null,
  seal: (_part, content) => content,
  with: () => null,
  open: (_part, content) => content,
  sealer: () => ({ head: empty, update: (piece) => piece, close: () => empty }),
  opener: () => ({ head: empty, update: (piece) => piece, close: () => empty }),
}

/** Node finds out by an exception that bytes are no key object, which takes three times as long as the cipher. */
const keyObject = (key: KeyObject | Uint8Array): KeyObject => (key instanceof Uint8Array ? createSecretKey(key) : key)

export const sealBytes = (key: KeyObject | Uint8Array, about: string, content: Uint8Array): Buffer => {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, keyObject(key), iv, { authTagLength: tagBytes }).setAAD(Buffer.from(about))
  const sealed = Buffer.allocUnsafe(ivBytes + content.length + tagBytes)
  sealed.set(iv)
  sealed.set(cipher.update(content), ivBytes)
  // A counter mode keeps nothing back for the end.
  cipher.final()
  sealed.set(cipher.getAuthTag(), ivBytes + content.length)
  return sealed
}
export const openBytes = (key: KeyObject | Uint8Array, about: string, sealed: Uint8Array): Buffer => {
  if (sealed.length < ivBytes + tagBytes) throw new Error('sealed bytes are too short')
  const decipher = createDecipheriv(algorithm, keyObject(key), sealed.subarray(0, ivBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(about))
    .setAuthTag(sealed.subarray(sealed.length - tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, sealed.length - tagBytes)), decipher.final()])
}

/** `owner` names what the box belongs to: `agency|service|submission`. */
function box(secret: KeyObject, sealing: Sealing, owner: string): SealBox {
  const about = (part: string) => `${owner}|${part}`
  return {
    sealing,
    seal: (part, content) => sealBytes(secret, about(part), content),
    with: (part) => ({ key: secret.export(), about: about(part) }),
    open: (part, sealed) => openBytes(secret, about(part), sealed),
    sealer(part) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, secret, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(about(part)))
      return { head: iv, update: (piece) => cipher.update(piece), close: () => Buffer.concat([cipher.final(), cipher.getAuthTag()]) }
    },
    opener(part, head, tag) {
      const decipher = createDecipheriv(algorithm, secret, head, { authTagLength: tagBytes })
        .setAAD(Buffer.from(about(part)))
        .setAuthTag(tag)
      return { head: empty, update: (piece) => decipher.update(piece), close: () => decipher.final() }
    },
  }
}

/** What a wrapped data key is bound to. */
export const wrapAbout = (owner: string, bucket: string) => `${owner}|key|${bucket}`

export function newBox(kek: KeyEncryptionKey, owner: string): SealBox {
  const secret = randomBytes(32)
  const key = sealBytes(kek.wrapping(owner), wrapAbout(owner, kek.bucket), secret).toString('base64url')
  return box(createSecretKey(secret), { mode: 'at-rest', bucket: kek.bucket, key, suite: 2 }, owner)
}

/** @throws KeyGone */
export function reopenBox(kek: KeyEncryptionKey, sealing: Sealing, owner: string): SealBox {
  const wrapped = Buffer.from(sealing.key, 'base64url')
  const secret = sealing.suite === 2 ? openBytes(kek.wrapping(owner), wrapAbout(owner, sealing.bucket), wrapped) : kek.dataKey(owner, wrapped)
  return box(createSecretKey(secret), sealing, owner)
}
