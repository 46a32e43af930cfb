/** Keys, and what is signed with them, as a server or a forger makes it. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { canonical } from './canonical.ts'
import { checkpointText, cosignedText, keyIdOf, type NoteKey, signatureLine, timestampBytes } from './note.ts'

export interface Signer {
  x: string
  kid: string
  raw: Uint8Array
  secret: KeyObject
}

export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string }
  const kid = createHash('sha256').update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest('base64url')
  return { x, kid, raw: Buffer.from(x, 'base64url'), secret: privateKey }
}
export const publicOf = ({ x, kid }: Signer) => ({ kty: 'OKP', crv: 'Ed25519', x, kid })

export const rawSign = ({ secret }: Signer, content: string | Uint8Array): Buffer => sign(null, Buffer.from(content), secret)
const part = (value: unknown) => Buffer.from(typeof value === 'string' ? value : canonical(value)).toString('base64url')

/** A compact JWS; `head` replaces what would stand in it. */
export function jwsOf(by: Signer, typ: string, payload: unknown, head: unknown = { alg: 'Ed25519', kid: by.kid, typ }): string {
  const signed = `${part(head)}.${part(payload)}`
  return `${signed}.${rawSign(by, signed).toString('base64url')}`
}
export const vouched = (by: Signer, key: Signer) => jwsOf(by, 'guichet-key+jws', { key: publicOf(key) })
export const revoked = (by: Signer, kid: string, revokedAt = '2026-02-01T00:00:00.000Z') => jwsOf(by, 'guichet-revocation+jws', { kid, revokedAt })

export const noteKey = (name: string, { raw }: Signer, kind: NoteKey['kind'] = 'signature'): NoteKey => ({ name, kind, key: raw })

/** The line of a signer under a text; with `seconds` that of a witness. */
export async function lineOf(name: string, by: Signer, text: string, seconds?: number): Promise<string> {
  if (seconds === undefined) return signatureLine(name, await keyIdOf(noteKey(name, by)), rawSign(by, text))
  const signature = Buffer.concat([timestampBytes(seconds), rawSign(by, cosignedText(text, seconds))])
  return signatureLine(name, await keyIdOf(noteKey(name, by, 'cosignature')), signature)
}

export async function checkpointOf(by: Signer, head: { origin: string; size: number; root: Uint8Array }): Promise<string> {
  const text = checkpointText(head)
  return `${text}\n${await lineOf(head.origin, by, text)}`
}
