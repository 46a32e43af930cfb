import type { Said, TermsRule } from '../rule.ts'

export interface FourEyesOptions {
  export: boolean
  erasure: boolean
}

const none: FourEyesOptions = { export: false, erasure: false }
const both: FourEyesOptions = { export: true, erasure: true }

/** Kept to where cases are exported and erased. Only the exact word asks for nobody else. */
export const fourEyes: TermsRule<FourEyesOptions> = {
  name: 'four-eyes',
  stage: 'terms',
  presets: { open: none, standard: none, confidential: both, sealed: both },
  settle: (options) => ({ export: options.export !== false, erasure: options.erasure !== false }),
  explain(options) {
    const citizen: Said[] = []
    if (options.export) citizen.push({ key: 'rule.four-eyes.export' })
    if (options.erasure) citizen.push({ key: 'rule.four-eyes.erasure' })
    return { citizen, author: citizen.length > 0 ? [{ key: 'rule.four-eyes.author' }] : [{ key: 'rule.four-eyes.none' }] }
  },
}
