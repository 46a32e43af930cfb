import type { SealRule } from '../rule.ts'

export interface EncryptionOptions {
  mode: 'at-rest' | 'none'
}

export const encryption: SealRule<EncryptionOptions> = {
  name: 'encryption',
  stage: 'seal',
  presets: { open: { mode: 'at-rest' }, standard: { mode: 'at-rest' }, confidential: { mode: 'at-rest' }, sealed: { mode: 'at-rest' } },
  settle: ({ mode }) =>
    function sealAnswers({ atRest, asIs }) {
      // Only the exact word opens: whatever else stands here seals.
      return mode === 'none' ? asIs() : atRest()
    },
  explain: ({ mode }) =>
    mode === 'none'
      ? { citizen: [{ key: 'rule.encryption.none' }], author: [{ key: 'rule.encryption.none.author' }] }
      : { citizen: [{ key: 'rule.encryption.at-rest' }], author: [{ key: 'rule.encryption.at-rest.author' }] },
}
