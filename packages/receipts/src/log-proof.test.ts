import { expect, it } from 'vitest'
import { readLogProof, writeLogProof } from './log-proof.ts'

const hash = (fill: number) => new Uint8Array(32).fill(fill)
const checkpoint = 'log.example/x\n3\nAAAA\n\n— log.example/x AAAAAAA=\n'
const line = (fill: number) => `${Buffer.from(hash(fill)).toString('base64')}\n`
const first = 'c2sp.org/tlog-proof@v1\n'

it('reads what it writes', () => {
  for (const hashes of [[], [hash(1)], [hash(1), hash(2), hash(3)], Array.from({ length: 63 }, (_, i) => hash(i))]) {
    const text = writeLogProof({ index: 7, hashes, checkpoint })
    expect(readLogProof(text)).toEqual({ index: 7, hashes, checkpoint })
  }
  expect(writeLogProof({ index: 0, hashes: [hash(1), hash(2)], checkpoint })).toBe(`${first}index 0\n${line(1)}${line(2)}\n${checkpoint}`)
})

it('passes over extra data of others', () => {
  expect(readLogProof(`${first}extra AAAA\nindex 5\n${line(1)}\n${checkpoint}`)).toEqual({ index: 5, hashes: [hash(1)], checkpoint })
  expect(readLogProof(`${first}index 0\n\n${checkpoint}`)).toEqual({ index: 0, hashes: [], checkpoint })
  expect(readLogProof(`${first}index 9007199254740991\n\n${checkpoint}`)?.index).toBe(Number.MAX_SAFE_INTEGER)
})

it.each([
  ['no checkpoint', `${first}index 0\n`],
  ['another format', `c2sp.org/tlog-proof@v2\nindex 0\n\n${checkpoint}`],
  ['something before it', `x${first}index 0\n\n${checkpoint}`],
  ['no index', `${first}${line(1)}\n${checkpoint}`],
  ['nothing at all', `${first.trimEnd()}\n\n${checkpoint}`],
  ['an index with a zero before it', `${first}index 01\n\n${checkpoint}`],
  ['an index below zero', `${first}index -1\n\n${checkpoint}`],
  ['an index with something behind it', `${first}index 1 \n\n${checkpoint}`],
  ['something before its index', `${first} index 1\n\n${checkpoint}`],
  ['an index that no number holds', `${first}index 9007199254740992\n\n${checkpoint}`],
  ['an index of 17 digits', `${first}index 10000000000000000\n\n${checkpoint}`],
  ['extra data that is no base64', `${first}extra A\nindex 0\n\n${checkpoint}`],
  ['extra data twice', `${first}extra AAAA\nextra AAAA\nindex 0\n\n${checkpoint}`],
  ['a hash that is too short', `${first}index 0\nAAAA\n\n${checkpoint}`],
  ['a hash that is no base64', `${first}index 0\n${'!'.repeat(44)}\n\n${checkpoint}`],
  ['more hashes than a tree is high', `${first}index 0\n${line(1).repeat(64)}\n${checkpoint}`],
])('is none with %s', (_, text) => {
  expect(readLogProof(text)).toBeNull()
})
