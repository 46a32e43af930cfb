/** Receipts: a signed statement of what was received. Anyone can check it offline with the public keys. */
import type { Answers, Receipt } from '@guichet/schemas'
import { canonical, digestOf } from '../digest.ts'
import type { Keys } from '../keys/key-folder.ts'

/** Digest of the answers with the holder's salt: he can prove the content, nobody else can guess it. */
export const answersDigest = (salt: string, answers: Answers) => digestOf(salt, '.', canonical(answers))

const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')

/** Compact JWS (RFC 7515) by Ed25519 (RFC 9864). */
export function signReceipt(receipt: Receipt, signer: Keys['signer']): string {
  const signed = `${part({ alg: 'Ed25519', kid: signer.kid, typ: 'eservice-receipt+jws' })}.${part(receipt)}`
  return `${signed}.${signer.sign(signed)}`
}
