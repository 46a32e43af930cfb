import { describe, expect, it, vi } from 'vitest'
import {
  checkpointText,
  cosignedText,
  keyIdOf,
  readCheckpoint,
  readNote,
  readNoteKey,
  signatureLine,
  signersOf,
  timestampBytes,
  verifyEd25519,
  writeNoteKey,
} from './note.ts'
import { lineOf, newSigner, noteKey, rawSign } from './signers.test-helper.ts'

const [log, witness, stranger] = [newSigner(), newSigner(), newSigner()]
const name = 'log.example/city'
const text = 'log.example/city\n3\nAAAA\n'
const zeros = Buffer.alloc(32).toString('base64')

describe('a key of notes', () => {
  it('is written with its name, the start of its digest and its kind, and read back', async () => {
    // The example of c2sp.org/signed-note.
    const known = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    const key = await readNoteKey(known)
    expect(key).toMatchObject({ name: 'PeterNeumann', kind: 'signature' })
    expect(await writeNoteKey(key!)).toBe(known)
    for (const kind of ['signature', 'cosignature'] as const) {
      const own = noteKey('a.example', log, kind)
      const read = await readNoteKey(await writeNoteKey(own))
      expect(read).toEqual({ ...own, key: Uint8Array.from(log.raw) })
    }
    expect(await keyIdOf(noteKey(name, log))).toHaveLength(4)
    expect(await keyIdOf(noteKey(name, log))).not.toEqual(await keyIdOf(noteKey(name, log, 'cosignature')))
    expect(await keyIdOf(noteKey(name, log))).not.toEqual(await keyIdOf(noteKey('other', log)))
  })

  it.each([
    ['no parts', async () => 'x'],
    ['a wrong digest', async () => (await writeNoteKey(noteKey('a', log))).replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['another name', async () => `b${(await writeNoteKey(noteKey('a', log))).slice(1)}`],
    ['something before it', async () => `+${await writeNoteKey(noteKey('a', log))}`],
    ['something behind it', async () => `${await writeNoteKey(noteKey('a', log))} `],
    ['an unknown kind', async () => `a+00000000+${Buffer.from([9, ...log.raw]).toString('base64')}`],
    ['no base64', async () => `a+00000000+A`],
    ['blanks in its name', async () => writeNoteKey(noteKey('a b', log))],
    ['a key that is too short', async () => writeNoteKey({ name: 'a', kind: 'signature', key: log.raw.slice(1) })],
    ['no name', async () => (await writeNoteKey(noteKey('a', log))).slice(1)],
  ])('is none with %s', async (_, make) => {
    expect(await readNoteKey(await make())).toBeNull()
  })
})

describe('a note', () => {
  it('is its text and the lines under it', async () => {
    const line = await lineOf(name, log, text)
    const note = readNote(`${text}\n${line}`)
    expect(note).toMatchObject({ text, signatures: [{ name }] })
    expect(Buffer.from(note!.signatures[0]!.signature)).toEqual(rawSign(log, text))
    expect(Buffer.from(note!.signatures[0]!.keyId)).toEqual(Buffer.from(await keyIdOf(noteKey(name, log))))
    // Blank lines in a text are of the text: signatures stand behind the last one.
    expect(readNote(`a\n\nb\n\n${line}`)?.text).toBe('a\n\nb\n')
    expect(readNote(`${text}\n${line}${await lineOf('w', witness, text, 5)}`)?.signatures).toHaveLength(2)
  })

  it.each([
    ['no blank line', `${text}— x AAAAAAA=\n`],
    ['no end of its last line', `${text}\n— x AAAAAAA=`],
    ['no signature', `${text}\n`],
    ['a hyphen for a dash', `${text}\n- x AAAAAAA=\n`],
    ['a line that begins otherwise', `${text}\nx— x AAAAAAA=\n`],
    ['a line that goes on', `${text}\n— x AAAAAAA= y\n`],
    ['a plus in a name', `${text}\n— x+y AAAAAAA=\n`],
    ['no name', `${text}\n—  AAAAAAA=\n`],
    ['a tab', `a\tb\n\n— x AAAAAAA=\n`],
    ['a sign that stands for a broken one', `a\ufffd\n\n— x AAAAAAA=\n`],
    ['a wide blank in a name', `${text}\n— x\u2003y AAAAAAA=\n`],
    ['no base64', `${text}\n— x AAAAAAAA=\n`],
    ['a signature of nothing', `${text}\n— x AAAAAA==\n`],
  ])('is none with %s', (_, note) => {
    expect(readNote(note)).toBeNull()
  })

  it('of five bytes of signature is one', () => {
    expect(readNote(`${text}\n— x AAAAAAA=\n`)?.signatures[0]?.signature).toHaveLength(1)
  })
})

describe('a checkpoint', () => {
  it('says of which log, how large, and its root; what follows is of others', () => {
    const root = new Uint8Array(32).fill(7)
    expect(readCheckpoint(checkpointText({ origin: name, size: 12, root }))).toEqual({ origin: name, size: 12, root })
    expect(readCheckpoint(`${name}\n0\n${zeros}\nmore\n`)).toMatchObject({ size: 0 })
    expect(checkpointText({ origin: 'o', size: 1, root: new Uint8Array(32) })).toBe(`o\n1\n${zeros}\n`)
  })

  it.each([
    '',
    `\n1\n${zeros}\n`,
    `o\n01\n${zeros}\n`,
    `o\n-1\n${zeros}\n`,
    `o\n1x\n${zeros}\n`,
    `o\nx1\n${zeros}\n`,
    `o\n9007199254740993\n${zeros}\n`,
    'o\n1\nAAAA\n',
    'o\n1\n!\n',
    'o\n1',
  ])('is not %j', (text) => {
    expect(readCheckpoint(text)).toBeNull()
  })
})

describe('who signed a note', () => {
  const noteOf = (...lines: string[]) => readNote(`${text}\n${lines.join('')}`)!
  const who = async (note: ReturnType<typeof noteOf>, ...keys: Parameters<typeof signersOf>[1]) =>
    (await signersOf(note, keys)).map(({ key, time }) => `${key.name} ${time}`)

  it('is known by key and name, and of a witness when', async () => {
    const note = noteOf(await lineOf(name, log, text), await lineOf('w', witness, text, 1_767_600_000))
    expect(await who(note, noteKey(name, log), noteKey('w', witness, 'cosignature'))).toEqual([`${name} null`, 'w 1767600000'])
    expect(await who(note, noteKey('other', log), noteKey(name, stranger), noteKey('w', stranger, 'cosignature'))).toEqual([])
    // A log that signs twice has signed once.
    expect(await who(noteOf(await lineOf(name, log, text), await lineOf(name, log, text)), noteKey(name, log))).toHaveLength(1)
  })

  it('is nobody where the signature is of something else', async () => {
    expect(await who(noteOf(await lineOf(name, log, `${text}x`)), noteKey(name, log))).toEqual([])
    // A wrong line before a right one hides nothing.
    expect(await who(noteOf(await lineOf(name, log, 'x'), await lineOf(name, log, text)), noteKey(name, log))).toHaveLength(1)
    // Under a stranger's number of a key, and under the name of another.
    expect(await who(noteOf(signatureLine(name, new Uint8Array(4), rawSign(log, text))), noteKey(name, log))).toEqual([])
    expect(await who(noteOf(signatureLine('x', await keyIdOf(noteKey(name, log)), rawSign(log, text))), noteKey(name, log))).toEqual([])
  })

  it('is no witness that signed no time, or another time', async () => {
    const key = noteKey('w', witness, 'cosignature')
    const id = await keyIdOf(key)
    const at5 = rawSign(witness, cosignedText(text, 5))
    expect(await who(noteOf(signatureLine('w', id, Buffer.concat([timestampBytes(5), at5]))), key)).toEqual(['w 5'])
    expect(await who(noteOf(signatureLine('w', id, Buffer.concat([timestampBytes(6), at5]))), key)).toEqual([])
    expect(await who(noteOf(signatureLine('w', id, rawSign(witness, text))), key)).toEqual([])
    // One that no calendar knows: whoever shows it would fail.
    expect(await who(noteOf(await lineOf('w', witness, text, 8_640_000_000_000)), key)).toEqual(['w 8640000000000'])
    expect(await who(noteOf(await lineOf('w', witness, text, 8_640_000_000_001)), key)).toEqual([])
    expect(await who(noteOf(signatureLine('w', id, Buffer.concat([timestampBytes(5), at5, Buffer.alloc(1)]))), key)).toEqual([])
  })

  it('is not asked of a platform that knows no such signatures: it says so', async () => {
    const missing = Object.assign(new Error('no'), { name: 'NotSupportedError' })
    const spy = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(missing)
    await expect(verifyEd25519(log.raw, rawSign(log, 'x'), Buffer.from('x'))).rejects.toBe(missing)
    spy.mockRejectedValueOnce(new Error('no point'))
    expect(await verifyEd25519(log.raw, rawSign(log, 'x'), Buffer.from('x'))).toBe(false)
    spy.mockRestore()
  })

  it('is not shown by keys and signatures of another length', async () => {
    const good = rawSign(log, 'x')
    expect(await verifyEd25519(log.raw, good, Buffer.from('x'))).toBe(true)
    expect(await verifyEd25519(log.raw, good, Buffer.from('y'))).toBe(false)
    expect(await verifyEd25519(log.raw.slice(1), good, Buffer.from('x'))).toBe(false)
    expect(await verifyEd25519(log.raw, good.subarray(1), Buffer.from('x'))).toBe(false)
  })

  it('says times with the highest byte first', () => {
    expect(Buffer.from(timestampBytes(0x0102030405)).toString('hex')).toBe('0000000102030405')
    expect(cosignedText('t\n', 7)).toBe('cosignature/v1\ntime 7\nt\n')
  })
})
