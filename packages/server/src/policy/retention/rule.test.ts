import { describe, expect, it } from 'vitest'
import { settlePolicy } from '../settle.ts'
import { retention } from './rule.ts'

describe('retention', () => {
  it('destroys nothing of a service that has said nothing', () => {
    for (const preset of ['open', 'standard', 'strict'] as const) expect(settlePolicy({ preset }).terms(retention)).toEqual({ after: 'closed' })
    expect(settlePolicy({}).terms(retention).months).toBeUndefined()
    expect(settlePolicy({ preset: 'confidential' }).terms(retention)).toEqual({ after: 'closed', months: 24 })
    expect(settlePolicy({ rules: { retention: { months: 6, after: 'received' } } }).terms(retention)).toEqual({ after: 'received', months: 6 })
  })

  it('says so where personal data would be kept for ever', () => {
    expect(retention.weakness?.({ after: 'closed' }, new Set(['contact']), 'standard')).toEqual({ key: 'rule.retention.weak' })
    expect(retention.weakness?.({ after: 'closed' }, new Set(), 'standard')).toBeNull()
    expect(retention.weakness?.({ after: 'closed', months: 1 }, new Set(['contact']), 'standard')).toBeNull()
  })
})
