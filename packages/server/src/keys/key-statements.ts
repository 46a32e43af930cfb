/** A new signing key is vouched for by the one before it, in the form of a receipt's signature (compact JWS, Ed25519). */
import { sign } from 'node:crypto'
import { canonical } from '../digest.ts'
import type { SigningKey } from './signing-keys.ts'

const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')

/** `keys` newest first, and so is what is given. The same each time: Ed25519 takes no random number. */
export const statementsOf = (keys: readonly SigningKey[]): string[] =>
  keys.slice(0, -1).map((key, i) => {
    const before = keys[i + 1] as SigningKey
    const signed = `${part({ alg: 'Ed25519', kid: before.public.kid, typ: 'guichet-key+jws' })}.${part({ key: key.public })}`
    return `${signed}.${sign(null, Buffer.from(signed), before.secret).toString('base64url')}`
  })
