import { describe, expect, it } from 'vitest'
import { mailKeyOf } from '../drafts/mail-key.ts'
import { openBytes, sealBytes } from '../keys/seal-box.ts'
import { type CodeMessage, isSame, newCode, type Proved, secretsOf } from './secrets.ts'

const pepper = Buffer.alloc(32, 5)
const city = secretsOf(pepper, 'city')
const elsewhere = [secretsOf(pepper, 'town'), secretsOf(Buffer.alloc(32, 6), 'city')]
const proved: Proved = { service: 'card', way: 'email', value: 'ana@mail.example' }
const message: CodeMessage = { way: 'email', to: 'ana@mail.example', code: '123456', language: 'en', title: 'Card', agency: 'City', minutes: 10 }
const until = new Date('2026-01-05T08:00:00.000Z')
const before = (ms: number) => new Date(until.getTime() - ms)
const others: Proved[] = [
  { ...proved, service: 'permit' },
  { ...proved, way: 'phone' as Proved['way'] },
  { ...proved, value: 'ben@mail.example' },
]

describe('a code', () => {
  it('is six digits, and another each time', () => {
    const codes = Array.from({ length: 50 }, newCode)
    for (const code of codes) expect(code).toMatch(/^\d{6}$/)
    expect(new Set(codes).size).toBeGreaterThan(40)
  })

  it('is kept as a mark that fits this attempt alone, here alone', () => {
    const mark = city.codeMac('id', '123456')
    expect(mark).toMatch(/^[\w-]{43}$/)
    expect(city.codeMac('id', '123456')).toBe(mark)
    // Neither the parts another way round nor put together otherwise.
    const marks = [mark, city.codeMac('id', '123457'), city.codeMac('other', '123456'), city.codeMac('id1', '23456'), city.codeMac('123456', 'id')]
    expect(new Set([...marks, ...elsewhere.map((of) => of.codeMac('id', '123456'))]).size).toBe(7)
  })

  it('is compared as a whole', () => {
    expect([isSame('abc', 'abc'), isSame('abc', 'abd'), isSame('abc', 'ab'), isSame('', 'a'), isSame('', '')]).toEqual([true, false, false, false, true])
  })
})

describe('an address', () => {
  it('is kept as a mark of this service and way', () => {
    const marks = [proved, ...others].map((one) => city.valueMac(one))
    expect(new Set([...marks, ...elsewhere.map((of) => of.valueMac(proved))]).size).toBe(6)
    expect(city.valueMac({ ...proved })).toBe(marks[0])
    // What is of one use says nothing of another.
    expect(marks[0]).not.toBe(city.prove(proved, until).split('.')[1])
  })

  it('waits sealed with its code, for this attempt alone', () => {
    const sealed = city.seal('id', message)
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('ana@')
    expect(city.open('id', sealed)).toEqual(message)
    expect(() => city.open('other', sealed)).toThrow()
    for (const of of elsewhere) expect(() => of.open('id', sealed)).toThrow()
  })
})

describe('a proof', () => {
  const proof = city.prove(proved, until)
  it('is one until its time is over', () => {
    expect(city.isProof(proof, proved, before(1))).toBe(true)
    expect(city.isProof(proof, proved, until)).toBe(false)
    // To the second, which it is rounded down to.
    const half = city.prove(proved, new Date(until.getTime() + 999))
    expect([half, city.isProof(half, proved, until)]).toEqual([proof, false])
  })

  it('is one of nothing else, and of no other server or agency', () => {
    for (const other of others) expect(city.isProof(proof, other, before(1)), JSON.stringify(other)).toBe(false)
    for (const of of elsewhere) expect(of.isProof(proof, proved, before(1))).toBe(false)
  })

  it('cannot be made to last, or out of what is none', () => {
    const [end, mac] = proof.split('.') as [string, string]
    const later = (Number.parseInt(end, 36) + 3600).toString(36)
    const none = [
      `${later}.${mac}`,
      `.${mac}`,
      mac,
      `${end}.`,
      `${end}.${mac}x`,
      ` ${proof}`,
      `${proof}\n`,
      `0000000000${end}.${mac}`,
      `${end}.${mac.slice(1)}`,
    ]
    for (const given of [...none, '', null, undefined, 7, { toString: () => proof }, [proof]])
      expect(city.isProof(given, proved, before(1)), String(given)).toBe(false)
    expect(city.isProof(`${end.toUpperCase()}.${mac}`, proved, before(1))).toBe(false)
  })
})

describe('keys', () => {
  it('are made once for each agency of a server', () => {
    expect(secretsOf(pepper, 'city')).toBe(city)
    expect(secretsOf(pepper, 'town')).toBe(elsewhere[0])
    expect(secretsOf(Buffer.from(pepper), 'city')).not.toBe(city)
    expect(secretsOf(Buffer.from(pepper), 'city').codeMac('id', '1')).toBe(city.codeMac('id', '1'))
  })

  it('of mailed links are an agency’s and a server’s own', () => {
    const key = mailKeyOf(pepper, 'city')
    const sealed = sealBytes(key, 'id', Buffer.from('a link'))
    expect(mailKeyOf(pepper, 'city')).toBe(key)
    expect(openBytes(mailKeyOf(Buffer.from(pepper), 'city'), 'id', sealed).toString()).toBe('a link')
    for (const other of [mailKeyOf(pepper, 'town'), mailKeyOf(Buffer.alloc(32, 6), 'city')]) expect(() => openBytes(other, 'id', sealed)).toThrow()
  })
})
