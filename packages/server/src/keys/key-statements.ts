/**
 * What signing keys say of each other, in the form of a receipt's signature (compact JWS, Ed25519): a new one is vouched for by
 * the one before it, and one that is in other hands is revoked by another.
 */
import { sign } from 'node:crypto'
import { canonical } from '../digest.ts'
import type { SigningKey } from './signing-keys.ts'

const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')

function said(by: SigningKey, typ: string, what: object): string {
  const signed = `${part({ alg: 'Ed25519', kid: by.public.kid, typ })}.${part(what)}`
  return `${signed}.${sign(null, Buffer.from(signed), by.secret).toString('base64url')}`
}

/** `keys` newest first, and so is what is given. The same each time: Ed25519 takes no random number. */
export const statementsOf = (keys: readonly SigningKey[]): string[] =>
  keys.slice(0, -1).map((key, i) => said(keys[i + 1] as SigningKey, 'guichet-key+jws', { key: key.public }))

/** That the key of that name is not to be believed any more. */
export const revocationBy = (by: SigningKey, kid: string, now: Date): string => said(by, 'guichet-revocation+jws', { kid, revokedAt: now.toISOString() })
