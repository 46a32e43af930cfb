import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** Canonical JSON (RFC 8785): the same value gives the same bytes everywhere. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

const sha256 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** `sha256-` and base64url, as digests are written in receipts and addresses. */
export const digestOf = (...parts: (string | Uint8Array)[]) => `sha256-${sha256(...parts).toString('base64url')}`

export const hexDigest = (...parts: (string | Uint8Array)[]) => sha256(...parts).toString('hex')
