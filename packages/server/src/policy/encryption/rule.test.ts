import { describe, expect, it } from 'vitest'
import { newBox, openBox, reopenBox } from '../../keys/seal-box.ts'
import { means } from '../../testing/evidence.ts'
import { testKek } from '../../testing/month-key.ts'
import { encryption } from './rule.ts'

const kek = testKek()
const evidence = { atRest: () => newBox(kek, 'city|card|1'), asIs: () => openBox }
const secret = new TextEncoder().encode('what nobody may read')

describe('encryption', () => {
  it('seals unless it is told exactly not to', () => {
    for (const mode of ['at-rest', 'None', '', undefined])
      expect(encryption.settle({ mode: mode as 'at-rest' }, 'standard', means)(evidence).sealing?.mode).toBe('at-rest')
    expect(encryption.settle({ mode: 'none' }, 'standard', means)(evidence).sealing).toBeNull()
    expect(encryption.presets.standard.mode).toBe('at-rest')
  })

  it('gives back what it sealed, to the same case, part and key only', () => {
    const box = newBox(kek, 'city|card|1')
    const sealed = box.seal('answers', secret)
    expect(Buffer.from(sealed).includes(Buffer.from(secret))).toBe(false)
    expect(Buffer.from(openBox.seal('answers', secret)).includes(Buffer.from(secret))).toBe(true)
    const open = (owner: string, part: string, key = kek, bytes = sealed) => reopenBox(key, box.sealing!, owner).open(part, bytes)
    expect(Buffer.from(open('city|card|1', 'answers'))).toEqual(Buffer.from(secret))
    expect(() => open('city|card|2', 'answers')).toThrow()
    expect(() => open('town|card|1', 'answers')).toThrow()
    expect(() => open('city|card|1', 'outcome')).toThrow()
    expect(() => open('city|card|1', 'answers', testKek())).toThrow()
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i]! ^= 1
      expect(() => open('city|card|1', 'answers', kek, changed)).toThrow()
    }
  })

  it('never seals twice alike', () => {
    const box = newBox(kek, 'city|card|1')
    expect(box.seal('answers', secret)).not.toEqual(box.seal('answers', secret))
  })
})
