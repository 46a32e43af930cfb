import { describe, expect, it } from 'vitest'
import { concat, equal, fromBase64, fromBase64Url, sha256, textOf, toBase64, toBase64Url, utf8 } from './bytes.ts'
import { canonical } from './canonical.ts'

const all = Uint8Array.from({ length: 256 }, (_, i) => i)

describe('bytes', () => {
  it('are written as base64 and base64url, and read back, whatever they are', () => {
    for (let length = 0; length <= 256; length++) {
      const bytes = all.slice(0, length)
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes)
    }
  })

  it('are not read from a second way to write them', () => {
    // The last two bits of B say nothing: AA== and AB== would be the same byte.
    for (const text of ['AB==', 'AAA', 'A', 'AA=A', '=AAA', 'AA===', 'AA-_', ' AAA', 'AAAA\n', 'AAAAx']) expect(fromBase64(text), text).toBeNull()
    for (const text of ['AB', 'A', 'AAAAA', 'AA==', 'AA+/', ' AA', 'AA\n', 'AAé']) expect(fromBase64Url(text), text).toBeNull()
    expect(fromBase64Url('-_8')).toEqual(Uint8Array.of(251, 255))
    expect(fromBase64('+/8=')).toEqual(Uint8Array.of(251, 255))
  })

  it('are text only where they are UTF-8, with whatever stands before it', () => {
    expect(textOf(utf8('ἀ فارسی 🎈'))).toBe('ἀ فارسی 🎈')
    expect(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 65))).toBe('\ufeffA')
    for (const bytes of [Uint8Array.of(0xff), Uint8Array.of(0xc3), Uint8Array.of(0xed, 0xa0, 0x80)]) expect(textOf(bytes)).toBeNull()
  })

  it('are put together and compared one by one', async () => {
    expect(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3))
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    for (const other of [[1, 3], [1], [1, 2, 3], []]) expect(equal(Uint8Array.of(1, 2), Uint8Array.from(other))).toBe(false)
    expect(equal(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false)
    expect(Buffer.from(await sha256(utf8('a'), utf8('bc'))).toString('hex')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })
})

describe('canonical JSON', () => {
  it('is the same whatever the order of members', () => {
    expect(canonical({ b: [1, { d: null, c: 'x' }], a: true, ab: 1e21 })).toBe('{"a":true,"ab":1e+21,"b":[1,{"c":"x","d":null}]}')
    expect(canonical({ '\ufb33': 1, '\ud83d\ude00': 2, '\u20ac': 3, '\r': 4 })).toBe('{"\\r":4,"\u20ac":3,"\ud83d\ude00":2,"\ufb33":1}')
    expect([canonical(null), canonical('"'), canonical([]), canonical({}), canonical(-0)]).toEqual(['null', '"\\""', '[]', '{}', '0'])
  })

  it('leaves members out that are undefined, and writes null for items that are', () => {
    expect(canonical({ b: undefined, a: 1 })).toBe('{"a":1}')
    expect(canonical([undefined, 1])).toBe('[null,1]')
  })

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [undefined], [() => 1], [Symbol('x')], [{ a: Number.NaN }]])('is none of %s', (value) => {
    expect(() => canonical(value)).toThrow(/not a JSON value/)
  })
})
