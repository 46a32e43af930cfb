import { describe, expect, it } from 'vitest'
import { bodyOf, evidence, means } from '../../testing/evidence.ts'
import { size } from './rule.ts'

const ask = (body: ReturnType<typeof bodyOf> | null, options: Partial<typeof size.presets.standard> = {}) =>
  size.settle({ ...size.presets.standard, ...options }, 'standard', means)(evidence({ body }))

describe('size', () => {
  it('counts the bytes, whatever length was declared', async () => {
    expect(await ask(bodyOf('x'.repeat(2000)), { maxBytes: 2000 })).toBeNull()
    for (const declared of [2001, 5, null])
      expect(await ask(bodyOf('x'.repeat(2001), declared), { maxBytes: 2000 })).toEqual({ status: 413, code: 'too-large', params: { count: 2000 } })
    // A length declared too large is refused unread.
    const unread = { declared: 2001, read: () => Promise.reject(new Error('read')) }
    expect(await ask(unread, { maxBytes: 2000 })).toMatchObject({ status: 413 })
    expect(await ask(bodyOf('{}', 2000), { maxBytes: 2000 })).toBeNull()
  })

  it('reads where no length was declared', async () => {
    expect(await ask(bodyOf('{}', null), { maxBytes: 2 })).toBeNull()
    expect(await ask(bodyOf('{"a":1}', null), { maxBytes: 0 })).toMatchObject({ status: 413 })
  })

  it('counts depth and keys outside of texts', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(await ask(bodyOf(nested(32)))).toBeNull()
    expect(await ask(bodyOf(nested(33)))).toMatchObject({ status: 400, code: 'json' })
    const keys = (count: number) => `{${Array.from({ length: count }, (_, i) => `"${i}":0`).join(',')}}`
    expect(await ask(bodyOf(keys(2000)))).toBeNull()
    expect(await ask(bodyOf(keys(2001)))).toMatchObject({ status: 400, code: 'json' })
    expect(await ask(bodyOf(JSON.stringify({ text: `"\\${'[:'.repeat(3000)}` })))).toBeNull()
  })

  it('refuses a submission without a body, and leaves uploads to their own count', async () => {
    expect(await ask(null)).toMatchObject({ status: 413 })
    expect(await size.settle(size.presets.standard, 'standard', means)(evidence({ purpose: 'upload', body: null }))).toBeNull()
  })
})
