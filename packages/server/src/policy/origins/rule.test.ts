import { describe, expect, it } from 'vitest'
import { evidence, means } from '../../testing/evidence.ts'
import type { Preset } from '../rule.ts'
import { origins } from './rule.ts'

const ask = (allow: string[], origin: string | null, sameOrigin = false, preset: Preset = 'standard') =>
  origins.settle({ allow }, preset, means)(evidence({ origin, sameOrigin }))

describe('origins', () => {
  it('lets in exactly what is listed', () => {
    expect(ask(['https://b.example', 'https://a.example'], 'https://a.example')).toBeNull()
    for (const other of ['https://a.example.evil', 'https://sub.a.example', 'http://a.example', 'https://a.example:8443', 'HTTPS://A.EXAMPLE', 'null', ''])
      expect(ask(['https://a.example'], other)).toMatchObject({ status: 403, code: 'origin' })
  })

  it('takes requests without an origin, and our own pages', () => {
    expect(ask([], null)).toBeNull()
    expect(ask([], 'https://forms.example', true)).toBeNull()
    // The control: the same origin, but not ours.
    expect(ask([], 'https://forms.example', false)).not.toBeNull()
  })

  it('lets anyone in only under the preset open', () => {
    expect(ask(['*'], 'https://any.example', false, 'open')).toBeNull()
    expect(() => origins.settle({ allow: ['*'] }, 'standard', means)).toThrow('origins: any-needs-open')
    expect(origins.settle(origins.presets.standard, 'standard', means)(evidence({ origin: 'https://any.example' }))).not.toBeNull()
  })

  it('takes no entry that no browser could send', () => {
    for (const entry of ['https://a.example/', 'https://a.example/path', 'https://A.example', 'a.example', 'https://a.example:443'])
      expect(() => origins.settle({ allow: ['https://b.example', entry] }, 'standard', means)).toThrow('origins: no-origin')
    expect(() => origins.settle({ allow: ['*', 'a.example'] }, 'open', means)).toThrow('origins: no-origin')
  })
})
