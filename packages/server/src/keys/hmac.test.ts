import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { hmacSha256 } from './hmac.ts'

const text = (length: number) => 'ab\u00e9\u{1f511}'.repeat(length).slice(0, length)

it('gives what Node gives, for keys up to a block and contents of any length', () => {
  for (const keyBytes of [0, 1, 31, 32, 63, 64])
    for (const size of [0, 1, 55, 56, 63, 64, 65, 4100]) {
      const key = Buffer.from(Array.from({ length: keyBytes }, (_, i) => (i * 37 + keyBytes) % 256))
      const content = Buffer.from(Array.from({ length: size }, (_, i) => (i * 11 + size) % 256))
      for (const each of [content, text(size)])
        for (const encoding of ['base64url', 'binary'] as const)
          expect(hmacSha256(key, each, encoding)).toBe(createHmac('sha256', key).update(each).digest(encoding))
    }
})

it('is that of RFC 4231, test case 2', () => {
  const mac = hmacSha256(Buffer.from('Jefe'), 'what do ya want for nothing?', 'binary')
  expect(Buffer.from(mac, 'latin1').toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
})

it('takes no key that would have to be hashed first', () => {
  expect(() => hmacSha256(new Uint8Array(65), '', 'binary')).toThrow(RangeError)
})
