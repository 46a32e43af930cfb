import { describe, expect, it } from 'vitest'
import { evidence, settled } from '../../testing/evidence.ts'
import type { Purpose } from '../rule.ts'
import { honeypot } from './rule.ts'

const ask = (demand: 'none' | 'required', trap: string | null, purpose: Purpose = 'submit') => settled(honeypot, { demand })(evidence({ purpose, trap }))
const refused = { status: 403, code: 'trapped' }

describe('the trap', () => {
  it('lets in what says that it was left alone, and nothing else', async () => {
    expect(await ask('required', 'untouched')).toBeNull()
    for (const trap of ['filled', '', 'Untouched', 'untouched, untouched', null]) expect(await ask('required', trap)).toEqual(refused)
  })

  it('asks of nothing but what is sent, and only where it is demanded', async () => {
    for (const trap of ['filled', null]) {
      expect(await ask('none', trap)).toBeNull()
      for (const purpose of ['view', 'upload'] as const) expect(await ask('required', trap, purpose)).toBeNull()
    }
  })
})
