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

/** All that a box is made of: as data, for whoever seals elsewhere. */
export interface BoxSecret {
  key: Uint8Array
  /** What the box belongs to: `agency|service|submission`. */
  owner: string
  /** How the key is kept: wrapped already, or what it is to be wrapped with. */
  kept: Sealing | { bucket: string; wrapping: Uint8Array }
}

export interface SealBox {
  /** Null: the box leaves bytes as they are. */
  readonly sealing: Sealing | null
  /** Null: the box leaves bytes as they are. */
  readonly secret: BoxSecret | null
  seal(part: string, content: Uint8Array): Uint8Array
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
  secret: null,
  seal: (_part, content) => content,
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

/**
 * What a data key is wrapped with is asked for when somebody wants to keep it. A class, because an object literal with a getter of its own
 * makes V8 a hidden class of its own, which lives until the next full collection, and the keys with it.
 */
class Box implements SealBox {
  readonly secret: BoxSecret
  #sealing: Sealing | null = null
  #object: KeyObject | null = null
  constructor(secret: BoxSecret) {
    this.secret = secret
  }
  get sealing(): Sealing {
    const { key, owner, kept } = this.secret
    return (this.#sealing ??= 'wrapping' in kept ? wrapped(key, owner, kept) : kept)
  }
  seal(part: string, content: Uint8Array): Uint8Array {
    return sealBytes(this.#key(), this.#about(part), content)
  }
  open(part: string, sealed: Uint8Array): Uint8Array {
    return openBytes(this.#key(), this.#about(part), sealed)
  }
  sealer(part: string): Piecewise {
    const iv = randomBytes(ivBytes)
    const cipher = createCipheriv(algorithm, this.#key(), iv, { authTagLength: tagBytes }).setAAD(Buffer.from(this.#about(part)))
    return { head: iv, update: (piece) => cipher.update(piece), close: () => Buffer.concat([cipher.final(), cipher.getAuthTag()]) }
  }
  opener(part: string, head: Uint8Array, tag: Uint8Array): Piecewise {
    const decipher = createDecipheriv(algorithm, this.#key(), head, { authTagLength: tagBytes })
      .setAAD(Buffer.from(this.#about(part)))
      .setAuthTag(tag)
    return { head: empty, update: (piece) => decipher.update(piece), close: () => decipher.final() }
  }
  #key(): KeyObject {
    return (this.#object ??= createSecretKey(this.secret.key))
  }
  #about(part: string): string {
    return `${this.secret.owner}|${part}`
  }
}

export const boxOf = (secret: BoxSecret | null): SealBox => (secret ? new Box(secret) : openBox)

/** What a wrapped data key is bound to. */
export const wrapAbout = (owner: string, bucket: string) => `${owner}|key|${bucket}`

const wrapped = (key: Uint8Array, owner: string, { bucket, wrapping }: { bucket: string; wrapping: Uint8Array }): Sealing => ({
  mode: 'at-rest',
  bucket,
  key: sealBytes(wrapping, wrapAbout(owner, bucket), key).toString('base64url'),
  suite: 2,
})

/** @throws KeyGone */
export const newBox = (kek: KeyEncryptionKey, owner: string): SealBox =>
  boxOf({ key: randomBytes(32), owner, kept: { bucket: kek.bucket, wrapping: kek.wrapping(owner) } })

/** @throws KeyGone */
export function reopenBox(kek: KeyEncryptionKey, sealing: Sealing, owner: string): SealBox {
  const wrapped = Buffer.from(sealing.key, 'base64url')
  const secret = sealing.suite === 2 ? openBytes(kek.wrapping(owner), wrapAbout(owner, sealing.bucket), wrapped) : kek.dataKey(owner, wrapped)
  return boxOf({ key: secret, owner, kept: sealing })
}
