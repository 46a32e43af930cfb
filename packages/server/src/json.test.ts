import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NotTaken, parseJson, scanJson } from './json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0)
const keysOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? (Array.isArray(value) ? 0 : Object.keys(value).length) + Object.values(value).reduce<number>((sum, part) => sum + keysOf(part), 0)
    : 0

describe('JSON from strangers', () => {
  it('is counted in bytes as it would be counted when parsed', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : 0)
        expect(scanJson(bytes(text))).toEqual({ depth: depthOf(JSON.parse(text)), keys: keysOf(JSON.parse(text)) })
      }),
      { numRuns: 500 },
    )
  })

  it('never fails other than by a syntax error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (random) => {
        scanJson(random)
        try {
          parseJson(random)
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
      { numRuns: 1000 },
    )
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('has no keys that reach prototypes, no half characters, no infinite numbers', () => {
    for (const text of [
      '{"__proto__":{"polluted":1}}',
      '{"a":{"constructor":{"prototype":{}}}}',
      '{"a":{"valueOf":1}}',
      '[{"toString":1}]',
      '{"prototype":1}',
      '"\\ud800"',
      '"a\\u0000"',
      '{"\\udfff":1}',
      '[1e999]',
      '[-1e999]',
      '[9007199254740992]',
      '\ufeff{}',
      '{"a":1,"a":1}',
      '{"b":[{"a":1,"c":2,"\\u0061":1}]}',
      `${'['.repeat(65)}${']'.repeat(65)}`,
      '['.repeat(100_000),
      '',
    ])
      expect(() => parseJson(bytes(text))).toThrow(SyntaxError)
    expect(parseJson(bytes('{"a":"\\ud83d\\ude00","b":[-9007199254740991]}'))).toEqual({ a: '😀', b: [-9007199254740991] })
    // The same key in two objects is two keys, and a colon in a text is none.
    expect(parseJson(bytes('[{"a":1},{"a":{"a":":"}}]'))).toEqual([{ a: 1 }, { a: { a: ':' } }])
  })
  it('says where it is what is not taken', () => {
    const pointerOf = (text: string) => {
      try {
        parseJson(bytes(text))
      } catch (error) {
        return error instanceof NotTaken ? error.pointer : 'somewhere'
      }
    }
    expect(pointerOf('{"a":{"b/c":["x","\\udc00"]}}')).toBe('/a/b~1c/1')
    expect(pointerOf('{"a":[{"n":1e17},"\\u0000"]}')).toBe('/a/0/n')
    expect(pointerOf('{"a":{"__proto__":1}}')).toBe('/a/__proto__')
    expect(pointerOf('{"~\\ud800":"x"}')).toBe('/~0\ufffd')
    expect(pointerOf('"\\u0000"')).toBe('')
    expect(pointerOf('{"a":1,"a":1}')).toBe('somewhere')
    expect(pointerOf('{"a":[1,"\u{1f600}"]}')).toBeUndefined()
  })
})
