/**
 * The key that makes sending twice the same as sending once. The answer is kept for a retry, but it holds the tracking
 * code: so it is sealed with a key that only the client's own key (and the server's pepper) gives back.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { openBytes, sealBytes } from '../keys/seal-box.ts'

export interface IdempotencyKey {
  /** What the row is found by. */
  hash: string
  /** Tells whether it is the same body, and nothing else about it. */
  bodyMac: string
  seal(answer: Uint8Array): Uint8Array
  open(sealed: Uint8Array): Uint8Array
}

const hmac = (key: KeyObject) => createHmac('sha256', key)

export function idempotencyKey(key: string, scope: string, body: Uint8Array, pepper: Uint8Array): IdempotencyKey {
  // HKDF (RFC 5869): extracted once, expanded to one block for each use.
  const extracted = createSecretKey(hmac(createSecretKey(pepper)).update(key).digest())
  const derive = (use: string) => hmac(extracted).update(`guichet idempotency|${scope}|${use}\u0001`)
  const secret = () => createSecretKey(derive('answer').digest())
  return {
    hash: derive('name').digest('base64url'),
    bodyMac: hmac(createSecretKey(derive('body').digest()))
      .update(body)
      .digest('base64url'),
    seal: (answer) => sealBytes(secret(), scope, answer),
    open: (sealed) => openBytes(secret(), scope, sealed),
  }
}
