/**
 * The key that makes sending twice the same as sending once. The answer is kept for a retry, but it holds the tracking
 * code: so it is sealed with a key that only the client's own key (and the server's pepper) gives back.
 */
import { hmacSha256 } from '../keys/hmac.ts'
import { openBytes, type SealWith, sealBytes } from '../keys/seal-box.ts'

export interface IdempotencyKey {
  /** What the row is found by. */
  hash: string
  /** Tells whether it is the same body, and nothing else about it. */
  bodyMac: string
  seal(answer: Uint8Array): Uint8Array
  /** What `seal` does it with; null: nothing. */
  with(): SealWith | null
  open(sealed: Uint8Array): Buffer
}

const bytes = (binary: string) => Buffer.from(binary, 'latin1')

export function idempotencyKey(key: string, scope: string, body: Uint8Array, pepper: Uint8Array): IdempotencyKey {
  // HKDF (RFC 5869): extracted once, expanded to one block for each use.
  const extracted = bytes(hmacSha256(pepper, key, 'binary'))
  const derive = (use: string, encoding: 'base64url' | 'binary') => hmacSha256(extracted, `guichet idempotency|${scope}|${use}\u0001`, encoding)
  const secret = () => bytes(derive('answer', 'binary'))
  return {
    hash: derive('name', 'base64url'),
    bodyMac: hmacSha256(bytes(derive('body', 'binary')), body, 'base64url'),
    with: () => ({ key: secret(), about: scope }),
    seal: (answer) => sealBytes(secret(), scope, answer),
    open: (sealed) => openBytes(secret(), scope, sealed),
  }
}
