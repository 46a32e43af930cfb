/** Opens a sealed submission, in the browser of somebody who holds a key. Nothing is taken on the server's word. */
import { canonical, digestOf, fromBase64url, sha256, textOf, utf8 } from './bytes.ts'
import { bodyInfo, type ClearPart, isOfCase, keyInfo, type SealedPart, suiteName } from './envelope.ts'
import { type KeyPair, openFrom } from './hpke.ts'
import { keyId } from './recipients.ts'
import type { SealedContent } from './seal.ts'

export interface SealedCase {
  agency: string
  service: string
  version: number
  /** Digest of the definition that it is going to be read with. */
  definition: string
  /** Number of the case. */
  submission: string
  clear: ClearPart
  sealed: SealedPart
}

/**
 * `place`: it is of another case, service or version. `clear`: what the server holds in the clear is not what was sent.
 * `body`: the sealed answers are not those that were sent. `recipient`: it was not sealed to this key.
 */
export class CannotOpen extends Error {
  readonly why: 'place' | 'suite' | 'clear' | 'body' | 'recipient'
  constructor(why: CannotOpen['why']) {
    super(why)
    this.why = why
  }
}

/** @throws CannotOpen, or an error of the cipher where a bit was changed */
export async function openSubmission({ sealed, clear, ...at }: SealedCase, pair: KeyPair): Promise<SealedContent> {
  const { manifest, keys, body } = sealed
  if (manifest.suite !== suiteName) throw new CannotOpen('suite')
  const isHere = manifest.agency === at.agency && manifest.service === at.service && manifest.version === at.version
  if (!isHere || manifest.definition !== at.definition || !isOfCase(at.submission, manifest)) throw new CannotOpen('place')
  if (manifest.clear !== (await digestOf(canonical(clear)))) throw new CannotOpen('clear')
  const bytes = fromBase64url(body)
  if (manifest.body.digest !== (await digestOf(bytes))) throw new CannotOpen('body')
  const id = await keyId(pair.public)
  const mine = keys.find(({ recipient }) => recipient === id)
  if (!mine || !manifest.recipients.includes(id)) throw new CannotOpen('recipient')
  const secret = await openFrom(pair.private, keyInfo(manifest, id), await sha256(utf8(canonical(manifest))), mine)
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['decrypt'])
  const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, 12), additionalData: utf8(bodyInfo(manifest)) }, key, bytes.subarray(12))
  return JSON.parse(textOf(new Uint8Array(opened))) as SealedContent
}
