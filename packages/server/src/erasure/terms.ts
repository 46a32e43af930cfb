/** What a service's policy says about keeping and erasing. The latest version's says it, also of cases of earlier ones. */
import { fourEyes } from '../policy/four-eyes/rule.ts'
import { retention } from '../policy/retention/rule.ts'
import type { LiveService } from '../services/live.ts'

export interface Retention {
  after: 'received' | 'closed'
  months: number
}

/** Null: nothing is destroyed because it is old. */
export function retentionOf({ policy }: LiveService): Retention | null {
  const { after, months } = policy.terms(retention)
  return months === undefined ? null : { after, months }
}

/** Two people, unless the policy says that one is enough. */
export const erasureTakesTwo = (live: LiveService | null): boolean => !live || live.policy.terms(fourEyes).erasure
export const exportTakesTwo = (live: LiveService | null): boolean => !live || live.policy.terms(fourEyes).export
