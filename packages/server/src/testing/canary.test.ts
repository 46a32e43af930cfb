import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { findings } from './canary.ts'

const word = 'Zq7xCanaryK9w'
const amid = (bytes: Buffer | string) => Buffer.concat([randomBytes(999), Buffer.from(bytes as never), randomBytes(999)])

const cases: [string, string | Buffer][] = [
  ['as it is', word],
  ['hexadecimal', Buffer.from(word).toString('hex')],
  ...[0, 1, 2].map((offset) => [`base64 from ${offset}`, Buffer.from(`${'x'.repeat(offset)}${word}yz`).toString('base64')] as [string, string]),
  ['percent', encodeURIComponent(`ä${word}`)],
  ['UTF-16', Buffer.from(word, 'utf16le')],
  ['UTF-16, the other way round', Buffer.from(word, 'utf16le').swap16()],
  ['packed', gzipSync(`before ${word} after`)],
]
it.each(cases)('finds a word %s', (_, form) => {
  expect(findings(amid(form), word)).toBeGreaterThan(0)
})

it('finds none where none is', () => {
  expect(findings(amid(gzipSync('nothing')), word)).toBe(0)
})
