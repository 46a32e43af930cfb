import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { kekOf, newMonthKey } from './month-key.ts'
import { KeyGone, newBox, openBox, openBytes, reopenBox, type SealBox, type Sealing, sealBytes, wrapAbout } from './seal-box.ts'

const word = Buffer.from('what nobody may read')
const key = randomBytes(32)

describe('sealed bytes', () => {
  it('open with their key and for what they are about, and for nothing else', () => {
    const sealed = sealBytes(key, 'a', word)
    expect(sealed).toHaveLength(12 + word.length + 16)
    for (const secret of [key, createSecretKey(key)]) expect(openBytes(secret, 'a', sealed)).toEqual(word)
    expect(openBytes(key, 'a', sealBytes(createSecretKey(key), 'a', word))).toEqual(word)
    expect(() => openBytes(randomBytes(32), 'a', sealed)).toThrow()
    expect(() => openBytes(key, 'b', sealed)).toThrow()
    expect(openBytes(key, '', sealBytes(key, '', new Uint8Array()))).toHaveLength(0)
    expect(sealBytes(key, 'a', word)).not.toEqual(sealed)
  })

  it('do not open with a bit changed anywhere, or cut off at either end', () => {
    const sealed = sealBytes(key, 'a', word)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(() => openBytes(key, 'a', changed), `${at}`).toThrow()
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openBytes(key, 'a', sealed.subarray(0, length))).toThrow(length < 28 ? 'too short' : /./)
      expect(() => openBytes(key, 'a', sealed.subarray(sealed.length - length))).toThrow()
    }
  })
})

describe('a box', () => {
  const kek = kekOf('2026-01', newMonthKey(randomBytes(32)))
  const piecewise = (box: SealBox, part: string, pieces: Uint8Array[]) => {
    const { head, update, close } = box.sealer(part)
    return Buffer.concat([head, ...pieces.map(update), close()])
  }
  const opened = (box: SealBox, part: string, sealed: Buffer) => {
    const { head, update, close } = box.opener(part, sealed.subarray(0, 12), sealed.subarray(-16))
    return Buffer.concat([head, update(sealed.subarray(12, -16)), close()])
  }

  it('is found again by what stands beside it, for its owner alone', () => {
    const box = newBox(kek, 'city|card|1')
    expect(box.sealing).toEqual({ mode: 'at-rest', bucket: '2026-01', key: expect.stringMatching(/^[\w-]{80}$/), suite: 2 })
    const sealed = box.seal('answers', word)
    const again = reopenBox(kek, box.sealing as Sealing, 'city|card|1')
    expect([again.sealing, Buffer.from(again.open('answers', sealed))]).toEqual([box.sealing, word])
    // Two rows swapped: the box of one case is none of the other.
    expect(() => reopenBox(kek, box.sealing as Sealing, 'city|card|2')).toThrow()
    expect(() => newBox(kek, 'city|card|2').open('answers', sealed)).toThrow()
    expect(() => reopenBox(kek, { ...(box.sealing as Sealing), bucket: '2026-02' }, 'city|card|1')).toThrow()
    expect(() => reopenBox(kek, { ...(box.sealing as Sealing), key: '' }, 'city|card|1')).toThrow('too short')
    // Said to be wrapped as an earlier version did: there is no such key in this month.
    const { suite: _suite, ...earlier } = box.sealing as Sealing
    expect(() => reopenBox(kek, earlier, 'city|card|1')).toThrow(KeyGone)
  })

  it('keeps its parts apart', () => {
    const box = newBox(kek, 'city|card|1')
    const sealed = box.seal('answers', word)
    expect(() => box.open('notes', sealed)).toThrow()
    expect(() => opened(box, 'notes', piecewise(box, 'answers', [word]))).toThrow()
  })

  it('seals and opens in pieces what it seals and opens at once', () => {
    const box = newBox(kek, 'city|card|1')
    const sealed = piecewise(box, 'file', [word.subarray(0, 3), word.subarray(3)])
    expect(Buffer.from(box.open('file', sealed))).toEqual(word)
    expect(opened(box, 'file', Buffer.from(box.seal('file', word)))).toEqual(word)
    sealed[14]! ^= 1
    expect(() => opened(box, 'file', sealed)).toThrow()
  })

  it('takes no shorter tag, which would be guessed sooner', () => {
    const box = newBox(kek, 'city|card|1')
    const sealed = piecewise(box, 'file', [word])
    expect(opened(box, 'file', sealed)).toEqual(Buffer.from(word))
    for (const length of [4, 8, 12, 15]) expect(() => box.opener('file', sealed.subarray(0, 12), sealed.subarray(-16, length - 16))).toThrow(/tag/)
  })

  it('of a service that keeps answers as they are leaves them', () => {
    expect(openBox.sealing).toBeNull()
    expect([openBox.seal('a', word), openBox.open('a', word)]).toEqual([word, word])
    for (const stream of [openBox.sealer('a'), openBox.opener('a', word, word)])
      expect([stream.head.length, stream.update(word), stream.close().length]).toEqual([0, word, 0])
  })

  it('says which month’s key is gone', () => {
    expect(new KeyGone('2026-01').message).toBe('a key of 2026-01 is not in the key folder')
    expect(wrapAbout('o', '2026-01')).toBe('o|key|2026-01')
  })
})
