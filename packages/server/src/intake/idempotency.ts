/**
 * The key that makes sending twice the same as sending once. The answer is kept for a retry, but it holds the tracking
 * code: so it is sealed with a key that only the client's own key (and the server's pepper) gives back.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import { openBytes, sealBytes } from '../keys/seal-box.ts'

export interface IdempotencyKey {
  /** What the row is found by. */
  hash: string
  /** Tells whether it is the same body, and nothing else about it. */
  bodyMac: string
  seal(answer: Uint8Array): Uint8Array
  open(sealed: Uint8Array): Uint8Array
}

export function idempotencyKey(key: string, scope: string, body: Uint8Array, pepper: Uint8Array): IdempotencyKey {
  const derive = (use: string) => new Uint8Array(hkdfSync('sha256', key, pepper, `guichet idempotency|${scope}|${use}`, 32))
  const secret = derive('answer')
  return {
    hash: Buffer.from(derive('name')).toString('base64url'),
    bodyMac: createHmac('sha256', derive('body')).update(body).digest('base64url'),
    seal: (answer) => sealBytes(secret, scope, answer),
    open: (sealed) => openBytes(secret, scope, sealed),
  }
}
