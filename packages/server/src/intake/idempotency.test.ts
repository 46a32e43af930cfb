import { createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { idempotencyKey } from './idempotency.ts'

const pepper = new Uint8Array(32).fill(7)
const body = new TextEncoder().encode('{"answers":{}}')
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('the idempotency key', () => {
  it('is derived by HKDF, so that answers kept by an earlier version are found and opened', () => {
    const derived = (use: string) => new Uint8Array(hkdfSync('sha256', 'a-client-key', pepper, `guichet idempotency|city|card|${use}`, 32))
    const key = idempotencyKey('a-client-key', 'city|card', body, pepper)
    expect(key.hash).toBe(Buffer.from(derived('name')).toString('base64url'))
    expect(key.bodyMac).toBe(createHmac('sha256', derived('body')).update(body).digest('base64url'))
    expect(text(key.open(key.seal(body)))).toBe(text(body))
  })

  it('opens nothing of another client, service or server', () => {
    const sealed = idempotencyKey('a-client-key', 'city|card', body, pepper).seal(body)
    for (const other of [
      idempotencyKey('b-client-key', 'city|card', body, pepper),
      idempotencyKey('a-client-key', 'city|permit', body, pepper),
      idempotencyKey('a-client-key', 'city|card', body, new Uint8Array(32)),
    ])
      expect(() => other.open(sealed)).toThrow()
  })
})
