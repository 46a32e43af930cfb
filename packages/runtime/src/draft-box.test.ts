import { describe, expect, test } from 'vitest'
import { base64url, draftBox, fromBase64url } from './draft-box.ts'
import { newCode } from './draft-code.ts'
import { TooLong } from './sealed-text.ts'

const code = newCode()
const service = 'city/dog-licence'

describe('a draft’s lock', () => {
  test('opens with its code on any device, and with nothing else', async () => {
    const sealed = await (await draftBox(code, service)).seal('{"name":"Ana"}')
    expect((await (await draftBox(code, service)).open(sealed)).trimEnd()).toBe('{"name":"Ana"}')
    await expect((await draftBox(newCode(), service)).open(sealed)).rejects.toThrow()
    await expect((await draftBox(code, 'town/dog-licence')).open(sealed)).rejects.toThrow()
    const bent = sealed.slice()
    bent[20] = (bent[20] as number) ^ 1
    await expect((await draftBox(code, service)).open(bent)).rejects.toThrow()
  })

  test('gives ids that the code cannot be told from, each service its own', async () => {
    const [one, again, other, elsewhere] = await Promise.all([
      draftBox(code, service),
      draftBox(code, service),
      draftBox(newCode(), service),
      draftBox(code, 'town/x'),
    ])
    expect(one.id).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(again.id).toBe(one.id)
    expect(new Set([one.id, other.id, elsewhere.id]).size).toBe(3)
  })

  test('says nothing about what is inside: neither by its bytes, which differ each time, nor by its size', async () => {
    const box = await draftBox(code, service)
    const [one, same, longer, long] = await Promise.all(['a', 'a', 'a'.repeat(4000), 'ễ'.repeat(4000)].map((text) => box.seal(text)))
    expect(base64url(one!)).not.toBe(base64url(same!))
    expect([one, longer, long].map((sealed) => sealed!.length)).toEqual([4096 + 28, 4096 + 28, 16_384 + 28])
    expect((await box.open(long!)).trimEnd()).toBe('ễ'.repeat(4000))
    await expect(box.seal('a'.repeat(262_145))).rejects.toBeInstanceOf(TooLong)
    // The server takes no more than this.
    expect((await box.seal('a'.repeat(262_144))).length).toBeLessThanOrEqual(262_144 + 64)
  })

  test('gives one key for one body', async () => {
    const [one, other] = await Promise.all([draftBox(code, service), draftBox(newCode(), service)])
    const again = await draftBox(code, service)
    expect(await again.attempt('{"a":1}')).toBe(await one.attempt('{"a":1}'))
    expect(await one.attempt('{"a":2}')).not.toBe(await one.attempt('{"a":1}'))
    expect(await other.attempt('{"a":1}')).not.toBe(await one.attempt('{"a":1}'))
    // As the server takes them.
    expect(await one.attempt('')).toMatch(/^[\x21-\x7e]{8,200}$/)
  })
})

test('bytes as base64url and back', () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) % 256)
  expect(base64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
  expect(fromBase64url(base64url(bytes))).toEqual(bytes)
})
