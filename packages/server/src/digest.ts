import { createHash, hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** Canonical JSON (RFC 8785): the same value gives the same bytes everywhere. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

const sha256 = (encoding: 'base64url' | 'hex', parts: readonly (string | Uint8Array)[]) => {
  // In one go, which is twice as fast, where there is one.
  if (parts.length === 1) return hash('sha256', parts[0] as string | Uint8Array, encoding)
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part)
  return sum.digest(encoding)
}

/** `sha256-` and base64url, as digests are written in receipts and addresses. */
export const digestOf = (...parts: (string | Uint8Array)[]) => `sha256-${sha256('base64url', parts)}`

export const hexDigest = (...parts: (string | Uint8Array)[]) => sha256('hex', parts)
