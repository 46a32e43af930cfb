/** Bodies that a JSON parser or what comes after it may stumble over, made from a body that a route takes. */
import fc from 'fast-check'

const nest = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`

/** Texts that are no JSON, or JSON that must not be taken. */
const refused = [
  '',
  ' ',
  'null',
  '0',
  '""',
  '[]',
  'undefined',
  '{',
  '{]',
  '[1,]',
  '{"a":1,}',
  "{'a':1}",
  '{"a":01}',
  '{"a":NaN}',
  '{"a":1e999}',
  '{"a":-1e999}',
  `{"a":${'9'.repeat(400)}}`,
  '{"a":9007199254740993}',
  '{"a":1}{"a":1}',
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"a":"\\ud800"}',
  '{"\\udc00":1}',
  '{"a":"\\ud800\\ud800"}',
  '{"a":"\u0000"}',
  '{"\\u0000":"\\u0000"}',
  '{"":""}',
  '\ufeff{}',
  '/* */{}',
  nest(33, '[', ']'),
  nest(64, '{"a":', '}'),
  nest(65, '[', ']'),
  nest(3000, '[', ']'),
  nest(3000, '{"a":', '}'),
  '['.repeat(100_000),
  '{"a":'.repeat(20_000),
  ']'.repeat(1000),
  `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
  `[${'0,'.repeat(100_000)}0]`,
  `{"answers":[${'{},'.repeat(5000)}{}]}`,
  `"${'\\'.repeat(10_001)}`,
  `"${'a'.repeat(200_000)}"`,
]
const notUtf8 = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0x22, 0xe2, 0x82, 0x22],
  [0xfe, 0xff, 0x00, 0x7b],
  [0x7b, 0x00, 0x7d, 0x00],
  [0x00],
]

const hostileText = fc.oneof(
  fc.constantFrom(
    '\0',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\ufffe',
    '💣'.repeat(50),
    'ﷺ'.repeat(100),
    'a\u0301'.repeat(50),
    '../../etc',
    "'; DROP TABLE x; --",
    '{{7*7}}',
    '\r\nX: y',
    '%00',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    null,
    true,
    -0,
    1.5,
    -1,
    2 ** 53 - 1,
    1e-320,
    [],
    {},
    [[]],
    [null],
    { a: null },
    { length: 1e9 },
    { toString: 1 },
    { toJSON: 1 },
    { then: 1 },
    { valueOf: null },
    { hasOwnProperty: 1 },
  ),
  fc.jsonValue({ maxDepth: 4 }),
)

/** The value with something of it replaced, added or taken away. */
function spoil(value: unknown, at: number, by: unknown, key: string): unknown {
  const copy = structuredClone(value)
  const places: { holder: Record<string, unknown>; key: string }[] = []
  const walk = (part: unknown) => {
    if (typeof part !== 'object' || part === null) return
    for (const name of Object.keys(part)) {
      places.push({ holder: part as Record<string, unknown>, key: name })
      walk((part as Record<string, unknown>)[name])
    }
  }
  walk(copy)
  const place = places[at % Math.max(1, places.length)]
  if (!place) return by
  if (at % 3 === 0) delete place.holder[place.key]
  else if (at % 3 === 1) place.holder[place.key] = by
  else Object.defineProperty(place.holder, key, { value: by, enumerable: true, configurable: true, writable: true })
  return copy
}

/** Bytes to send instead of `good`. */
export function badBodies(good: string): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text))
  let value: unknown = null
  try {
    value = JSON.parse(good)
  } catch {}
  return fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...refused.map(bytes), ...notUtf8.map((list) => new Uint8Array(list))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((random) => new Uint8Array(random)) },
    // One bit, one end too early.
    {
      weight: 2,
      arbitrary: fc.tuple(fc.nat(), fc.nat(7)).map(([at, bit]) => bytes(good).map((byte, i) => (i === at % good.length ? byte ^ (1 << bit) : byte))),
    },
    { weight: 1, arbitrary: fc.nat().map((at) => bytes(good.slice(0, at % good.length))) },
    { weight: 5, arbitrary: fc.tuple(fc.nat(), hostileValue, hostileText).map(([at, by, key]) => bytes(JSON.stringify(spoil(value, at, by, key)) ?? '')) },
  )
}

const into = [
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__proto__.polluted',
  'constructor.prototype.polluted',
  '__proto__[polluted]',
  'constructor[prototype][polluted]',
]

/** Bodies, queries and headers that would put `polluted` on every object if something merged them carelessly. */
export function pollutions(good: string): fc.Arbitrary<{ body: string; query: string; headers: Record<string, string> }> {
  let value: unknown = {}
  try {
    value = JSON.parse(good)
  } catch {}
  const payload = fc.constantFrom<unknown>({ polluted: 1 }, { prototype: { polluted: 1 } }, { __proto__: null, polluted: 1 }, 1, [{ polluted: 1 }])
  const key = fc.constantFrom(...into)
  const expression = fc.constantFrom<unknown>(
    { var: '__proto__.polluted' },
    { var: 'constructor.prototype' },
    { '+': [{ var: '__proto__' }, 1] },
    { __proto__: [1] },
    { constructor: [1] },
  )
  return fc.record({
    body: fc.tuple(fc.nat(), key, fc.oneof(payload, expression)).map(([at, name, by]) =>
      // Written as text: an object literal could not have the key.
      JSON.stringify(spoil(value, 3 * at + 2, by, name)).replaceAll('"__proto__.own"', '"__proto__"'),
    ),
    query: fc
      .tuple(key, fc.constantFrom('1', '{"polluted":1}'))
      .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}&${name.replaceAll('.', '[')}]=1`),
    headers: key.map(
      (name): Record<string, string> =>
        /^[\w.-]+$/.test(name) ? { [name === '__proto__' ? 'x-__proto__' : name]: '1', 'Accept-Language': name, 'If-Match': `"${name}"` } : {},
    ),
  })
}
