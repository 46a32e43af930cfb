import { describe, expect, it } from 'vitest'
import { evidence, settled } from '../../testing/evidence.ts'
import type { Purpose } from '../rule.ts'
import { proofOfWork } from './rule.ts'

const ask = (demand: 'none' | 'required', proved: boolean, purpose: Purpose = 'submit') =>
  settled(proofOfWork, { demand })(evidence({ purpose, proved: async () => proved }))

describe('the rule of a proof of work', () => {
  it('wants one of what is sent, where it is demanded', async () => {
    expect(await ask('required', false)).toEqual({ status: 428, code: 'proof-needed' })
    expect(await ask('required', true)).toBeNull()
    expect(await ask('none', false)).toBeNull()
    for (const purpose of ['view', 'upload'] as const) expect(await ask('required', false, purpose)).toBeNull()
  })

  it('uses none up where it does not need it', async () => {
    const proved = () => Promise.reject(new Error('asked'))
    expect(await settled(proofOfWork, { demand: 'none' })(evidence({ proved }))).toBeNull()
  })
})
