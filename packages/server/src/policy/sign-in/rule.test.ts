import { describe, expect, it } from 'vitest'
import type { SignedIn } from '../../sign-in/sign-in.ts'
import { evidence, means } from '../../testing/evidence.ts'
import { type SignInOptions, signIn } from './rule.ts'

const ana = (level: SignedIn['level'], provider = 'national'): SignedIn => ({ provider, subject: 'person-1', level, claims: {}, evidence: 'sha256-x' })
const ask = (options: Partial<SignInOptions>, signedIn: SignedIn | 'ended' | null, purpose: 'view' | 'upload' | 'submit' = 'submit') => {
  const settled = { ...signIn.presets.standard, ...options }
  return signIn.settle(settled, 'standard', means)(evidence({ signedIn, purpose }))
}

describe('sign-in', () => {
  it('asks nobody unless the service says so', () => {
    expect(ask({}, null)).toBeNull()
    expect(ask({}, 'ended')).toBeNull()
    expect(signIn.asks?.(signIn.presets.standard)).toEqual({})
  })

  it('lets in who is signed in well enough, for files as for sending', () => {
    for (const purpose of ['upload', 'submit'] as const) {
      const needed = { demand: 'required', level: 'substantial' } as const
      expect(ask(needed, null, purpose)).toEqual({ status: 401, code: 'sign-in-needed' })
      expect(ask(needed, ana('low'), purpose)).toEqual({ status: 403, code: 'sign-in-level' })
      expect(ask(needed, ana('substantial'), purpose)).toBeNull()
      expect(ask(needed, ana('high'), purpose)).toBeNull()
    }
    expect(ask({ demand: 'required' }, null, 'view')).toBeNull()
  })

  it('takes the providers that are named, and all of them where none is', () => {
    expect(ask({ demand: 'required', providers: ['bank'] }, ana('high'))).toMatchObject({ code: 'sign-in-level' })
    expect(ask({ demand: 'required', providers: ['bank', 'national'] }, ana('high'))).toBeNull()
  })

  it('where it is a choice takes who is not signed in, but tells who no longer is', () => {
    expect(ask({ demand: 'optional' }, null)).toBeNull()
    expect(ask({ demand: 'optional' }, 'ended')).toEqual({ status: 401, code: 'sign-in-ended' })
    expect(ask({ demand: 'optional', level: 'high' }, ana('low'))).toMatchObject({ code: 'sign-in-level' })
  })
})
