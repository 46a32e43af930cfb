import type { TermsRule } from '../rule.ts'

export interface RetentionOptions {
  after: 'closed' | 'received'
  /** Absent: until somebody erases them. */
  months?: number
}

const untilErased: RetentionOptions = { after: 'closed' }
const twoYears: RetentionOptions = { after: 'closed', months: 24 }

/** Kept to by whatever destroys what is old. A preset that services had before there was a term must not begin to destroy. */
export const retention: TermsRule<RetentionOptions> = {
  name: 'retention',
  stage: 'terms',
  presets: { open: untilErased, standard: untilErased, confidential: twoYears, sealed: twoYears },
  settle: (options) => options,
  weakness: ({ months }, data) => (months === undefined && data.size > 0 ? { key: 'rule.retention.weak' } : null),
  explain: ({ after, months }) =>
    months === undefined
      ? { citizen: [{ key: 'rule.retention.open' }], author: [{ key: 'rule.retention.open.author' }] }
      : { citizen: [{ key: `rule.retention.${after}`, params: { count: months } }], author: [{ key: 'rule.retention.author' }] },
}
