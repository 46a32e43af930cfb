/** Receipts: a signed statement of what was received. Anyone can check it offline with the public keys. */
import type { Answers, Receipt } from '@guichet/schemas'
import packageFile from '../../package.json' with { type: 'json' }
import { canonical, digestOf } from '../digest.ts'
import type { Signer } from '../keys/signer.ts'

/** What made a receipt. */
export const software = `guichet/${packageFile.version}`

/** Digest of the answers with the holder's salt: he can prove the content, nobody else can guess it. */
export const answersDigest = (salt: string, answers: Answers) => canonicalDigest(salt, canonical(answers))

/** The same of answers that are canonical JSON already. */
export const canonicalDigest = (salt: string, answers: string) => digestOf(`${salt}.${answers}`)

const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')

/** The same for every receipt of a signer. */
const heads = new Map<string, string>()
function headOf({ kid }: Signer): string {
  let head = heads.get(kid)
  if (head === undefined) {
    head = part({ alg: 'Ed25519', kid, typ: 'eservice-receipt+jws' })
    heads.set(kid, head)
  }
  return head
}

/** Compact JWS (RFC 7515) by Ed25519 (RFC 9864). */
export function signReceipt(receipt: Receipt, signer: Signer): string {
  const signed = `${headOf(signer)}.${part(receipt)}`
  return `${signed}.${signer.sign(signed)}`
}
