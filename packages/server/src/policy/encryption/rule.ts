import type { SealRule } from '../rule.ts'

export interface EncryptionOptions {
  mode: 'at-rest' | 'none'
}

export const encryption: SealRule<EncryptionOptions> = {
  name: 'encryption',
  stage: 'seal',
  presets: { strict: { mode: 'at-rest' }, open: { mode: 'at-rest' } },
  settle: ({ mode }) =>
    function sealAnswers({ atRest, asIs }) {
      // Only the exact word opens: whatever else stands here seals.
      return mode === 'none' ? asIs() : atRest()
    },
}
