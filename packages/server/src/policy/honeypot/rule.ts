import type { AdmitRule } from '../rule.ts'

export interface HoneypotOptions {
  demand: 'none' | 'required'
}

const none: HoneypotOptions = { demand: 'none' }

/** What the page says of the trap that nobody filled in: the header `Guichet-Trap`. */
export const untouched = 'untouched'

/**
 * A field that people neither see nor reach, and programs that fill in all there is do. Who does not say that it was left alone
 * is refused as well. It costs nobody anything, so it stands beside the proof of work, which makes floods dear.
 */
export const honeypot: AdmitRule<HoneypotOptions> = {
  name: 'honeypot',
  stage: 'admit',
  presets: { open: none, standard: none, confidential: none, sealed: none },
  asks: ({ demand }) => (demand === 'required' ? { honeypot: true } : {}),
  settle: ({ demand }) =>
    async function admitUntrapped({ purpose, trap }) {
      return demand === 'none' || purpose !== 'submit' || trap === untouched ? null : { status: 403, code: 'trapped' }
    },
  explain: ({ demand }) => ({ citizen: [], author: [{ key: demand === 'none' ? 'rule.honeypot.none' : 'rule.honeypot.author' }] }),
}
