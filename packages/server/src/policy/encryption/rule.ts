import type { SealRule } from '../rule.ts'

export interface EncryptionOptions {
  mode: 'at-rest' | 'none' | 'sealed'
  /** Of a sealed service: ids of the fields that the server may see all the same. */
  clear?: readonly string[]
}

export const encryption: SealRule<EncryptionOptions> = {
  name: 'encryption',
  stage: 'seal',
  presets: { open: { mode: 'at-rest' }, standard: { mode: 'at-rest' }, confidential: { mode: 'at-rest' }, sealed: { mode: 'sealed' } },
  settle: ({ mode }) =>
    function sealAnswers({ atRest, asIs }) {
      // Only the exact word opens: whatever else stands here seals. What is sealed already is put into the same box, so that
      // it is erased with it.
      return mode === 'none' ? asIs() : atRest()
    },
  weakness: ({ mode }, data) => (mode === 'none' && data.size > 0 ? { key: 'rule.encryption.weak' } : null),
  explain: ({ mode, clear = [] }) => {
    if (mode === 'none') return { citizen: [{ key: 'rule.encryption.none' }], author: [{ key: 'rule.encryption.none.author' }] }
    if (mode !== 'sealed') return { citizen: [{ key: 'rule.encryption.at-rest' }], author: [{ key: 'rule.encryption.at-rest.author' }] }
    return {
      citizen: [{ key: 'rule.encryption.sealed' }, ...(clear.length > 0 ? [{ key: 'rule.encryption.sealed.clear' }] : [])],
      author: [
        { key: 'rule.encryption.sealed.author' },
        ...(clear.length > 0 ? [{ key: 'rule.encryption.sealed.clear.author', params: { fields: [...clear] } }] : []),
      ],
    }
  },
}
