import type { AdmitRule } from '../rule.ts'

export interface ProofOfWorkOptions {
  demand: 'none' | 'required'
  /** Ten is a moment on a slow telephone. */
  effort: number
}

const none: ProofOfWorkOptions = { demand: 'none', effort: 10 }
const usual: ProofOfWorkOptions = { demand: 'required', effort: 10 }

/** No puzzle and no question: the page calculates while the person fills in. */
export const proofOfWork: AdmitRule<ProofOfWorkOptions> = {
  name: 'proof-of-work',
  stage: 'admit',
  presets: { open: none, standard: none, confidential: usual, sealed: usual },
  asks: ({ demand, effort }) => (demand === 'required' ? { proofOfWork: effort } : {}),
  settle: ({ demand }) =>
    async function admitProved({ purpose, proved }) {
      if (demand === 'none' || purpose !== 'submit') return null
      return (await proved()) ? null : { status: 428, code: 'proof-needed' }
    },
  explain: ({ demand }) =>
    demand === 'none'
      ? { citizen: [], author: [{ key: 'rule.proof-of-work.none' }] }
      : { citizen: [{ key: 'rule.proof-of-work' }], author: [{ key: 'rule.proof-of-work.author' }] },
}
