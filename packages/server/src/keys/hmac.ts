/**
 * HMAC-SHA-256 (RFC 2104) by two hashes in one go each. Node's own makes an object with a stream's ways for each, which takes
 * three times as long and is collected one by one. Node's is what it is tested against.
 */
import { hash } from 'node:crypto'

const blockBytes = 64
const outer = Buffer.alloc(blockBytes + 32)

/** @param key at most 64 bytes @throws RangeError for a longer one, which would have to be hashed first: no key of ours is */
export function hmacSha256(key: Uint8Array, content: string | Uint8Array, encoding: 'base64url' | 'binary'): string {
  if (key.length > blockBytes) throw new RangeError('a key of more than 64 bytes')
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.length
  const inner = Buffer.allocUnsafe(blockBytes + size)
  if (typeof content === 'string') inner.write(content, blockBytes)
  else inner.set(content, blockBytes)
  for (let i = 0; i < blockBytes; i++) {
    const byte = key[i] ?? 0
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  outer.write(hash('sha256', inner, 'binary'), blockBytes, 'latin1')
  const mac = hash('sha256', outer, encoding)
  // What would give the key away is not left behind.
  inner.fill(0, 0, blockBytes)
  outer.fill(0)
  return mac
}
