import { describe, expect, it } from 'vitest'
import { groupCode, newAttachmentId, newId, newTrackingCode, readCode } from './codes.ts'

describe('tracking codes', () => {
  it('are 26 characters that differ, evenly spread over the alphabet', () => {
    const codes = Array.from({ length: 20_000 }, newTrackingCode)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
    // Chi-square over 32 symbols at each place; 31 degrees of freedom, p = 0.0001 is 69.
    for (let place = 0; place < 26; place++) {
      const counts = new Map<string, number>()
      for (const code of codes) counts.set(code[place]!, (counts.get(code[place]!) ?? 0) + 1)
      const expected = codes.length / 32
      const chi = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) + (32 - counts.size) * expected
      expect(chi).toBeLessThan(90)
    }
  })

  it('are read in any grouping, case and digits, with letters taken for digits', () => {
    const code = '01AB9EFGH1JK0NPQRSTVWXYZ12'
    expect(readCode(groupCode(code))).toBe(code)
    expect(readCode('  o1ab 9efg—hIjk.Onpq/rstv-wxyz l2\u200f')).toBe(code)
    expect(readCode('۰۱AB۹EFGH۱JK۰NPQRSTVWXYZ۱۲')).toBe(code)
    for (const wrong of ['', code.slice(1), `${code}0`, code.replace('Z', 'U'), '0'.repeat(500)]) expect(readCode(wrong)).toBeNull()
  })
})

describe('ids', () => {
  it('sort by time', () => {
    const ids = [1, 2, 3].map((ms) => newId(new Date(1_700_000_000_000 + ms)))
    expect([...ids].sort()).toEqual(ids)
    expect(ids[0]).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/)
    expect(newAttachmentId()).toMatch(/^[0-9a-z]{26}$/)
  })
})
