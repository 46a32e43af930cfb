import { expect, it } from 'vitest'
import { checkPrimitives, nodePrimitives, type Primitives } from './known-answers.ts'

it('lets in what gives the answers of the standards', () => {
  expect(() => checkPrimitives()).not.toThrow()
})

const wrong: [string, Partial<Primitives>][] = [
  ['SHA-256', { sha256: (data) => nodePrimitives.sha256(data).replace('b', 'c') }],
  ['HMAC-SHA-256', { hmac: (_key, data) => nodePrimitives.sha256(data) }],
  ['HKDF', { hkdf: (secret, salt, _info, length) => nodePrimitives.hkdf(secret, salt, new Uint8Array(), length) }],
  ['AES-256-GCM', { seal: (key, iv, _aad, data) => nodePrimitives.seal(key, iv, new Uint8Array(), data) }],
  // One that does not look at the tag.
  ['AES-256-GCM', { open: (key, iv, aad, sealed) => (sealed.at(-1) === 0x1b ? nodePrimitives.open(key, iv, aad, sealed) : '00') }],
  ['Ed25519', { sign: (_seed, data) => nodePrimitives.sha256(data).repeat(2) }],
  // One that finds everything good.
  ['Ed25519', { verify: () => true }],
  [
    'HKDF',
    {
      hkdf: () => {
        throw new Error('not in this build')
      },
    },
  ],
]
it.each(wrong)('stops at another %s', (name, other) => {
  expect(() => checkPrimitives({ ...nodePrimitives, ...other })).toThrow(name)
})
