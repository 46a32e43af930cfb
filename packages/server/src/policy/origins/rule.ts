import { type AdmitRule, grave, PolicyError } from '../rule.ts'

export interface OriginsOptions {
  allow: readonly string[]
}

/**
 * Compared letter by letter: no wildcard hosts, no suffixes, so that no look-alike gets in.
 * `null` (a sandboxed frame, a file) is an origin like any other, and on nobody's list.
 */
export const origins: AdmitRule<OriginsOptions> = {
  name: 'origins',
  stage: 'admit',
  presets: { open: { allow: ['*'] }, standard: { allow: [] }, confidential: { allow: [] }, sealed: { allow: [] } },
  settle({ allow }, preset) {
    const any = allow.includes('*')
    if (any && preset !== 'open') throw new PolicyError('origins', 'any-needs-open')
    for (const origin of allow)
      if (origin !== '*' && (!URL.canParse(origin) || new URL(origin).origin !== origin)) throw new PolicyError('origins', 'no-origin')
    const allowed = new Set(allow)
    return function admitOrigin({ origin, sameOrigin }) {
      if (origin === null || sameOrigin || any || allowed.has(origin)) return null
      return { status: 403, code: 'origin' }
    }
  },
  weakness: ({ allow }, data) => (allow.includes('*') && grave(data) ? { key: 'rule.origins.weak' } : null),
  explain: ({ allow }) => ({
    citizen: allow.includes('*')
      ? [{ key: 'rule.origins.any' }]
      : allow.length === 0
        ? [{ key: 'rule.origins.own' }]
        : [{ key: 'rule.origins.listed', params: { origins: [...allow] } }],
    author: [{ key: 'rule.origins.author' }],
  }),
}
