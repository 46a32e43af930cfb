import type { Said, TermsRule } from '../rule.ts'

export interface FourEyesOptions {
  export: boolean
  erasure: boolean
  publish: boolean
}

const none: FourEyesOptions = { export: false, erasure: false, publish: false }
const both: FourEyesOptions = { export: true, erasure: true, publish: false }

/** Kept to where cases are exported and erased, and where versions are published (services/releases.ts). Only the exact word asks for nobody else. */
export const fourEyes: TermsRule<FourEyesOptions> = {
  name: 'four-eyes',
  stage: 'terms',
  presets: { open: none, standard: none, confidential: both, sealed: both },
  settle: (options) => ({ export: options.export !== false, erasure: options.erasure !== false, publish: options.publish !== false }),
  explain(options) {
    const citizen: Said[] = []
    if (options.export) citizen.push({ key: 'rule.four-eyes.export' })
    if (options.erasure) citizen.push({ key: 'rule.four-eyes.erasure' })
    if (options.publish) citizen.push({ key: 'rule.four-eyes.publish' })
    return { citizen, author: citizen.length > 0 ? [{ key: 'rule.four-eyes.author' }] : [{ key: 'rule.four-eyes.none' }] }
  },
}
