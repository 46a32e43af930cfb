import { describe, expect, it } from 'vitest'
import { believedKeys, readJws, readKeySet, thumbprint } from './keys.ts'
import { jwsOf, newSigner, publicOf, rawSign, revoked, vouched } from './signers.test-helper.ts'

const [a, b, c, thief] = [newSigner(), newSigner(), newSigner(), newSigner()]
const typ = 'x+jws'

describe('a signed text of ours', () => {
  const good = jwsOf(a, typ, { n: 1 })
  const [head = '', body = '', end = ''] = good.split('.')

  it('is read as it was signed', () => {
    const read = readJws(good, typ)
    expect(read).toMatchObject({ kid: a.kid, payload: { n: 1 } })
    expect(new TextDecoder().decode(read?.content)).toBe(`${head}.${body}`)
    expect(Buffer.from(read?.signature ?? []).toString('base64url')).toBe(end)
  })

  it.each([
    ['another type', jwsOf(a, 'y+jws', { n: 1 })],
    ['another algorithm', jwsOf(a, typ, {}, { alg: 'none', kid: a.kid, typ })],
    ['more in its head than is looked at', jwsOf(a, typ, {}, { alg: 'Ed25519', crit: ['x'], kid: a.kid, typ })],
    ['a head in another order', jwsOf(a, typ, {}, `{"kid":"${a.kid}","alg":"Ed25519","typ":"${typ}"}`)],
    ['no name of a key', jwsOf(a, typ, {}, { alg: 'Ed25519', typ })],
    ['a name that is no text', jwsOf(a, typ, {}, { alg: 'Ed25519', kid: 1, typ })],
    ['a head that is no object', jwsOf(a, typ, {}, 'null')],
    ['a head that is no JSON', jwsOf(a, typ, {}, '{')],
    ['a head that is no UTF-8', [Buffer.from([0xff]).toString('base64url'), body, end].join('.')],
    ['a body with blanks', jwsOf(a, typ, '{ "n": 1 }')],
    ['a body that is no JSON', jwsOf(a, typ, 'n')],
    ['a body that is no UTF-8', [head, Buffer.from([0xff]).toString('base64url'), end].join('.')],
    ['a fourth part', `${good}.x`],
    ['no signature', [head, body].join('.')],
    ['a short signature', [head, body, rawSign(a, 'x').subarray(1).toString('base64url')].join('.')],
    ['a signature written otherwise', [head, body, `${end}=`].join('.')],
    ['a body that is no base64url', [head, `${body}+`, end].join('.')],
    ['a head that is no base64url', [`${head}+`, body, end].join('.')],
    ['nothing', ''],
  ])('is none with %s', (_, text) => {
    expect(readJws(text, typ)).toBeNull()
  })
})

describe('the keys that are believed', () => {
  const names = async (...args: Parameters<typeof believedKeys>) => {
    const { keys, revoked: gone } = await believedKeys(...args)
    const name = (kid: string) => ({ [a.kid]: 'a', [b.kid]: 'b', [c.kid]: 'c', [thief.kid]: 'thief' })[kid] ?? kid
    return { keys: [...keys.keys()].map(name).sort().join(), gone: [...gone].map(([kid, at]) => `${name(kid)} ${at.slice(0, 10)}`).join() }
  }

  it('are those of the agency, by their own names alone', async () => {
    const { keys } = await believedKeys({ keys: [publicOf(a)] })
    expect([...keys]).toEqual([[a.kid, Uint8Array.from(a.raw)]])
    expect(await thumbprint(a.x)).toBe(a.kid)
    expect((await names({ keys: [publicOf(a), publicOf(b)] })).keys).toBe('a,b')
    const wrong = [
      { x: thief.x, kid: a.kid },
      { x: a.x, kid: b.kid },
      { kid: a.kid },
      { x: 1, kid: a.kid },
      { x: `${a.x}=`, kid: a.kid },
      { x: 'AAAA', kid: await thumbprint('AAAA') },
      null,
      'x',
    ]
    expect((await names({ keys: wrong as never })).keys).toBe('')
  })

  it('are those that one of them vouches for, in whatever order that is said', async () => {
    const statements = [vouched(b, c), vouched(a, b)]
    expect((await names({ keys: [publicOf(a)], statements })).keys).toBe('a,b,c')
    expect((await names({ keys: [publicOf(a)] }, { statements: [...statements].reverse() })).keys).toBe('a,b,c')
    expect((await names({ keys: [publicOf(a)], statements: [vouched(a, b)] }, { statements: [vouched(b, c)] })).keys).toBe('a,b,c')
    // Nothing leads backwards, and nothing over a gap.
    expect((await names({ keys: [publicOf(c)] }, { statements })).keys).toBe('c')
    expect((await names({ keys: [publicOf(a)] }, { statements: [vouched(b, c)] })).keys).toBe('a')
  })

  it('are none that a stranger vouches for, or whose statement was changed', async () => {
    const given = { keys: [publicOf(a)] }
    const inName = jwsOf(thief, 'guichet-key+jws', { key: publicOf(thief) }, { alg: 'Ed25519', kid: a.kid, typ: 'guichet-key+jws' })
    const statements = [
      vouched(thief, thief),
      inName,
      jwsOf(a, 'other+jws', { key: publicOf(b) }),
      jwsOf(a, 'guichet-key+jws', { key: { ...publicOf(b), kid: c.kid } }),
      jwsOf(a, 'guichet-key+jws', { key: null }),
      jwsOf(a, 'guichet-key+jws', null),
      'x',
    ]
    expect((await names(given, { statements })).keys).toBe('a')
  })

  it('are known to be revoked where the agency says so, also by a key that was revoked later', async () => {
    const keys = [publicOf(a), publicOf(b), publicOf(c)]
    expect(await names({ keys, revocations: [revoked(b, a.kid)] })).toEqual({ keys: 'a,b,c', gone: 'a 2026-02-01' })
    const both = [revoked(c, b.kid, '2026-03-01T00:00:00.000Z'), revoked(b, a.kid)]
    expect((await names({ keys, revocations: both })).gone).toBe('b 2026-03-01,a 2026-02-01')
    expect((await names({ keys })).gone).toBe('')
  })

  it('are known to be revoked by what came with a receipt, if a good key says so', async () => {
    const given = { keys: [publicOf(a)] }
    const brought = { statements: [vouched(a, b)], revocations: [revoked(b, a.kid)] }
    expect(await names(given, brought)).toEqual({ keys: 'a,b', gone: 'a 2026-02-01' })
    expect((await names(given, { revocations: [revoked(b, a.kid)] })).gone).toBe('')
    // What the agency says counts, and is said once.
    const later = [revoked(b, a.kid, '2027-01-01T00:00:00.000Z')]
    expect((await names({ keys: [publicOf(a), publicOf(b)], revocations: [revoked(b, a.kid)] }, { revocations: later })).gone).toBe('a 2026-02-01')
  })

  it('are vouched for and revoked by no key that the agency has revoked', async () => {
    const given = { keys: [publicOf(a), publicOf(b)], revocations: [revoked(b, a.kid)] }
    expect(await names(given, { statements: [vouched(a, thief)], revocations: [revoked(a, b.kid)] })).toEqual({ keys: 'a,b', gone: 'a 2026-02-01' })
    // The control: a good one may.
    expect(await names(given, { statements: [vouched(b, c)] })).toMatchObject({ keys: 'a,b,c' })
    expect((await names({ keys: [publicOf(a), publicOf(b)] }, { statements: [vouched(a, thief)], revocations: [revoked(a, b.kid)] })).keys).toBe('a,b,thief')
  })

  it('are not revoked by a stranger, a changed word, or what says no name and no time', async () => {
    const keys = [publicOf(a), publicOf(b)]
    const good = revoked(b, a.kid)
    const revocations = [
      revoked(thief, a.kid),
      `${good.slice(0, -4)}${good.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`,
      jwsOf(b, 'guichet-key+jws', { kid: a.kid, revokedAt: 'x' }),
      jwsOf(b, 'guichet-revocation+jws', { kid: a.kid }),
      jwsOf(b, 'guichet-revocation+jws', { revokedAt: 'x' }),
      jwsOf(b, 'guichet-revocation+jws', { kid: 1, revokedAt: 'x' }),
      jwsOf(b, 'guichet-revocation+jws', null),
    ]
    expect((await names({ keys, revocations })).gone).toBe('')
  })
})

describe('a list of keys', () => {
  it('is read with what it says of them', () => {
    expect(readKeySet({ keys: [publicOf(a)] })).toEqual({ keys: [publicOf(a)], statements: [], revocations: [] })
    expect(readKeySet({ keys: [], statements: ['s'], revocations: ['r'] })).toEqual({ keys: [], statements: ['s'], revocations: ['r'] })
  })

  it.each([
    null,
    'x',
    1,
    [],
    {},
    { keys: 'x' },
    { keys: [], statements: 'x' },
    { keys: [], statements: [1] },
    { keys: [], revocations: {} },
    { keys: [], revocations: [null] },
  ])('is not %j', (value) => {
    expect(readKeySet(value)).toBeNull()
  })
})
