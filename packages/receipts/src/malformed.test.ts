/** What is almost a key, a note, a checkpoint or a proof is none: it is refused, and nothing throws. */
import { describe, expect, it } from 'vitest'
import { toBase64 } from './bytes.ts'
import { readLogProof } from './log-proof.ts'
import { isConsistent, nodeHash } from './merkle.ts'
import { checkpointText, cosignedText, keyIdOf, readCheckpoint, readNote, readNoteKey, signatureLine, signersOf, timestampBytes, writeNoteKey } from './note.ts'
import { newSigner, noteKey, rawSign } from './signers.test-helper.ts'

describe('a key of notes', () => {
  it('comes back as it was written, also where its number begins with zeros', async () => {
    const signer = newSigner()
    const written = await Promise.all(Array.from({ length: 200 }, (_, i) => writeNoteKey(noteKey(`log-${i}`, signer))))
    expect(written.some((text) => /\+0|\+(?:..)*0./.test(text))).toBe(true)
    for (const text of written) expect(await readNoteKey(text)).not.toBeNull()
  })
  it('is none with something before or behind it, and none without bytes', async () => {
    const text = await writeNoteKey(noteKey('log', newSigner()))
    for (const wrong of [`+${text}`, `${text}!`, `${text}\n`, 'log+00000000+A', 'log+00000000+', ''])
      expect([wrong, await readNoteKey(wrong)]).toEqual([wrong, null])
  })
})

describe('a note', () => {
  const text = checkpointText({ origin: 'log', size: 1, root: new Uint8Array(32) })
  it('has an empty line before its signatures, a newline at its end, and no other signs that cannot be seen', async () => {
    const line = signatureLine('log', await keyIdOf(noteKey('log', newSigner())), new Uint8Array(64))
    expect(readNote(`${text}\n${line}`)).not.toBeNull()
    for (const wrong of [`${text}${line}`, `${text}\n${line.slice(0, -1)}`, `${text}\n${line}x`, `\u0007${text}\n${line}`, `${text}\n${line}\n`, line, ''])
      expect([wrong, readNote(wrong)]).toEqual([wrong, null])
  })
  it('is signed by no witness whose signature is too short or too long, and by no log that signed as a witness would', async () => {
    const signer = newSigner()
    const whole = Buffer.concat([timestampBytes(7), rawSign(signer, cosignedText(text, 7))])
    const said = async (kind: 'signature' | 'cosignature', signature: Uint8Array) => {
      const key = noteKey('log', signer, kind)
      const note = readNote(`${text}\n${signatureLine('log', await keyIdOf(key), signature)}`)
      if (!note) throw new Error('no note')
      return (await signersOf(note, [key])).map(({ time }) => time)
    }
    expect(await said('cosignature', whole)).toEqual([7])
    expect(await said('signature', rawSign(signer, text))).toEqual([null])
    for (const short of [3, 8, 64, 71]) expect(await said('cosignature', whole.subarray(0, short))).toEqual([])
    expect(await said('cosignature', Buffer.concat([whole, whole.subarray(0, 1)]))).toEqual([])
    expect(await said('signature', whole)).toEqual([])
    expect(await said('cosignature', rawSign(signer, text))).toEqual([])
  })
})

it('a checkpoint has its name in the first line, and a size that can be counted', () => {
  const root = toBase64(new Uint8Array(32))
  expect(readCheckpoint(`log\n9007199254740991\n${root}\n`)?.size).toBe(9_007_199_254_740_991)
  for (const wrong of [`\nlog\n1\n${root}\n`, `log\n9007199254740993\n${root}\n`, `log\n01\n${root}\n`, `log\n-1\n${root}\n`, `log\n1\n${root}`])
    expect([wrong, readCheckpoint(wrong)]).toEqual([wrong, null])
})

it('a proof has an index that can be counted, and no more hashes than a tree has levels', () => {
  const proof = (index: string, hashes: number) => `c2sp.org/tlog-proof@v1\nindex ${index}\n${`${toBase64(new Uint8Array(32))}\n`.repeat(hashes)}\nlog\n`
  expect(readLogProof(proof('9007199254740991', 63))?.hashes).toHaveLength(63)
  for (const [index, hashes] of [
    ['9007199254740993', 1],
    ['1', 64],
    ['', 1],
    ['01', 1],
  ] as const)
    expect([index, hashes, readLogProof(proof(index, hashes))]).toEqual([index, hashes, null])
  expect(readLogProof('\n\nlog\n')).toBeNull()
})

it('two trees of sizes that there are not fit nowhere, and one is no other of the same root without a proof', async () => {
  const root = new Uint8Array(32)
  const fits = (first: number, second: number, proof: readonly Uint8Array[] = []) => isConsistent({ size: first, root }, { size: second, root }, proof)
  expect(await fits(3, 3)).toBe(true)
  for (const size of [-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
    expect([size, await fits(size, size)]).toEqual([size, false])
    expect([size, await fits(1, size)]).toEqual([size, false])
    expect([size, await fits(size, 1)]).toEqual([size, false])
  }
  expect(await fits(1, 2)).toBe(false)
  expect(await fits(4, 8)).toBe(false)
  expect(await fits(3, 2)).toBe(false)
  // A hash that is shorter than a hash, made so that the sum would come out.
  const short = new Uint8Array(31)
  const above = await nodeHash(root, short)
  expect(await isConsistent({ size: 1, root }, { size: 2, root: above }, [short])).toBe(false)
  const whole = new Uint8Array(32).fill(1)
  expect(await isConsistent({ size: 1, root }, { size: 2, root: await nodeHash(root, whole) }, [whole])).toBe(true)
})
