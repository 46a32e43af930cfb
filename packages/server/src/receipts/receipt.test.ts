import { createHash } from 'node:crypto'
import type { Receipt } from '@guichet/schemas'
import { expect, it, vi } from 'vitest'
import packageFile from '../../package.json' with { type: 'json' }
import { answersDigest, canonicalDigest, signReceipt, software } from './receipt.ts'

const open = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
const receipt = { submission: 's', agency: 'city' } as unknown as Receipt

it('is what the key that signs says of a receipt, and names that key', () => {
  const signer = (kid: string) => ({ kid, sign: vi.fn((content: string) => `signed-${kid}-${content.length}`) })
  const [one, two] = [signer('one'), signer('two')]
  for (const by of [one, two, one]) {
    const [head, payload, signature] = signReceipt(receipt, by).split('.')
    expect(open(head)).toEqual({ alg: 'Ed25519', kid: by.kid, typ: 'eservice-receipt+jws' })
    expect(open(payload)).toEqual(receipt)
    expect(by.sign).toHaveBeenLastCalledWith(`${head}.${payload}`)
    expect(signature).toBe(`signed-${by.kid}-${`${head}.${payload}`.length}`)
  }
})

it('holds a digest of the answers that nobody can guess without the salt, however they were written down', () => {
  const digest = answersDigest('salt', { b: 1, a: 'x' })
  expect(digest).toBe(`sha256-${createHash('sha256').update('salt.{"a":"x","b":1}').digest('base64url')}`)
  expect(answersDigest('salt', { a: 'x', b: 1 })).toBe(digest)
  expect(canonicalDigest('salt', '{"a":"x","b":1}')).toBe(digest)
  expect(answersDigest('other', { a: 'x', b: 1 })).not.toBe(digest)
  expect(software).toBe(`guichet/${packageFile.version}`)
})
