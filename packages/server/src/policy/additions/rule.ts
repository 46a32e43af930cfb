import type { TermsRule } from '../rule.ts'

export interface AdditionsOptions {
  online: boolean
  /** Fields whose earlier answers are to be given again. */
  proof: readonly string[]
  /** Fields whose earlier answers are shown to whoever has the tracking code. */
  prefill: readonly string[]
}

const byCode: AdditionsOptions = { online: true, proof: [], prefill: [] }
const otherwise: AdditionsOptions = { online: false, proof: [], prefill: [] }

/** Kept to by what takes citizens' additions (additions/online.ts). */
export const additions: TermsRule<AdditionsOptions> = {
  name: 'additions',
  stage: 'terms',
  presets: { open: byCode, standard: byCode, confidential: otherwise, sealed: otherwise },
  settle: (options) => options,
  weakness: ({ online, proof, prefill }, data) => (online && proof.length === 0 && prefill.length > 0 && data.size > 0 ? { key: 'rule.additions.weak' } : null),
  fields: ({ proof, prefill }) => [...proof, ...prefill],
  explain: ({ online, proof, prefill }) =>
    online
      ? {
          citizen: [{ key: proof.length > 0 ? 'rule.additions.proof' : 'rule.additions.code' }],
          author: [{ key: prefill.length > 0 && proof.length === 0 ? 'rule.additions.shown' : 'rule.additions.author' }],
        }
      : { citizen: [], author: [{ key: 'rule.additions.otherwise' }] },
}
