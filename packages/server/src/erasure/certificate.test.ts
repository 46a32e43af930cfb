import { generateKeyPairSync, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { canonical } from '../digest.ts'
import { signerOf } from '../keys/signer.ts'
import { signCertificate } from './certificate.ts'

it('a certificate is a compact JWS of what was destroyed and why, which anybody can check with the key of receipts', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const keys = [{ month: '2026-01', mark: 'm', count: 2, whole: false }]
  const grounds = { service: 'card', submission: 'one', policy: { people: 2 as const }, requestedBy: 'user:ada', approvedBy: 'user:ben' }
  const jws = signCertificate(
    { iss: 'https://x', agency: 'city', keys, files: 1 },
    { id: 'c', kind: 'case', cases: 1, details: grounds },
    '2026-01-05T08:00:00.000Z',
    signerOf({ kid: 'k', secret: privateKey }),
  )
  const [head = '', payload = '', signature = '', ...more] = jws.split('.')
  const text = (part: string) => Buffer.from(part, 'base64url').toString()
  expect(more).toEqual([])
  expect(JSON.parse(text(head))).toEqual({ alg: 'Ed25519', kid: 'k', typ: 'guichet-destruction+jws' })
  const certificate = { iss: 'https://x', agency: 'city', id: 'c', kind: 'case', at: '2026-01-05T08:00:00.000Z', cases: 1, keys, files: 1, grounds }
  expect(text(payload)).toBe(canonical(certificate))
  expect(verify(null, Buffer.from(`${head}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
})
