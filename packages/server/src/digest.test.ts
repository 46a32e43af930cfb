import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical } from './digest.ts'

/** Names that objects keep elsewhere than where they were put, that reach prototypes, and that stand in one place only by code units. */
const names = fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('2', '10', '-1', '01', '__proto__', 'toJSON', '\u{1f600}', '\ufb33', 'é'))
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.json({ maxDepth: 0 }).map(JSON.parse as (text: string) => unknown),
    fc.double(),
    names,
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.array(fc.tuple(names, tie('value')), { maxLength: 6 }).map(Object.fromEntries),
})).value

/** The text, or that there is none. */
const either = (write: () => unknown) => {
  try {
    return write()
  } catch {
    return Error
  }
}

test('the quick way writes what the whole way writes, of any value', () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(either(() => canonical(value))).toEqual(either(() => canonicalize(value)))
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['keys in the order of UTF-16', { '\ufb33': 1, '\u{1f600}': 2, é: 3, b: { d: 1, c: 2 }, a: [] }, '{"a":[],"b":{"c":2,"d":1},"é":3,"\u{1f600}":2,"\ufb33":1}'],
  ['keys that are numbers, as text', { 10: 'a', 9: 'b', x: [{ 2: 1, 10: 0 }] }, '{"10":"a","9":"b","x":[{"10":0,"2":1}]}'],
  ['nothing of what is not there', { a: undefined, b: null }, '{"b":null}'],
  ['dates as they write themselves', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['numbers as RFC 8785 has them', [1e21, -0, 0.1, 1e-7], '[1e+21,0,0.1,1e-7]'],
])('%s', (_, value, text) => expect(canonical(value)).toBe(text))

test.each([[{ a: '\ud800' }], [{ '\ud800': 1 }], [[Number.NaN]], [{ a: { b: Number.POSITIVE_INFINITY } }]])('%j is no JSON', (value) =>
  expect(() => canonical(value)).toThrow(),
)
