import { describe, expect, it } from 'vitest'
import { openBox } from '../keys/seal-box.ts'
import { evidence } from '../testing/evidence.ts'
import { type AdmitRule, PolicyError, type Rule } from './rule.ts'
import { rules } from './rules.ts'
import { settlePolicy } from './settle.ts'

const failing: AdmitRule<object> = {
  name: 'failing',
  stage: 'admit',
  presets: { strict: {}, open: {} },
  settle: () => () => {
    throw new Error('no evidence')
  },
}

describe('a policy', () => {
  it('is the strict preset where nothing is said', async () => {
    const policy = settlePolicy({})
    expect(await policy.admit(evidence({ origin: 'https://any.example' }))).toMatchObject({ code: 'origin', rule: 'origins' })
    expect(await policy.admit(evidence())).toBeNull()
    expect(policy.seal({ atRest: () => ({ ...openBox, sealing: { mode: 'at-rest', bucket: '', key: '' } }), asIs: () => openBox }).sealing).not.toBeNull()
    expect(await settlePolicy({ preset: 'open' }).admit(evidence({ origin: 'https://any.example' }))).toBeNull()
  })

  it('denies when a rule fails', async () => {
    expect(await settlePolicy({}, [...rules, failing]).admit(evidence())).toMatchObject({ status: 503, code: 'policy', rule: 'failing' })
  })

  it('takes options over the preset, one by one', async () => {
    const policy = settlePolicy({ rules: { size: { maxKeys: 10 } } } as never)
    const body = (keys: number) => ({
      declared: null,
      read: async () => new TextEncoder().encode(JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, i) => [i, 0])))),
    })
    expect(await policy.admit(evidence({ body: body(10) }))).toBeNull()
    expect(await policy.admit(evidence({ body: body(11) }))).toMatchObject({ code: 'json' })
  })

  it('is refused where it names rules or options that do not exist', () => {
    for (const policy of [{ rules: { unheard: {} } }, { rules: { size: { unheard: 1 } } }, { preset: 'lax' }, { rules: { size: { maxBytes: 'many' } } }])
      expect(() => settlePolicy(policy as never)).toThrow(PolicyError)
  })

  it('seals by exactly one rule', () => {
    const without = rules.filter((rule) => rule.stage !== 'seal')
    const seal = rules.find((rule) => rule.stage === 'seal') as Rule
    expect(() => settlePolicy({}, without)).toThrow(PolicyError)
    expect(() => settlePolicy({}, [...rules, seal])).toThrow(PolicyError)
  })
})
