import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/evidence.ts'
import { retention } from './rule.ts'

describe('retention', () => {
  it('destroys nothing of a service that has said nothing', () => {
    for (const preset of ['open', 'standard'] as const) expect(settled(retention, {}, preset)).toEqual({ after: 'closed' })
    expect(settled(retention, {}, 'confidential')).toEqual({ after: 'closed', months: 24 })
    expect(settled(retention, { months: 6, after: 'received' })).toEqual({ after: 'received', months: 6 })
  })

  it('says so where personal data would be kept for ever', () => {
    expect(retention.weakness?.({ after: 'closed' }, new Set(['contact']), 'standard')).toEqual({ key: 'rule.retention.weak' })
    expect(retention.weakness?.({ after: 'closed' }, new Set(), 'standard')).toBeNull()
    expect(retention.weakness?.({ after: 'closed', months: 1 }, new Set(['contact']), 'standard')).toBeNull()
  })
})
