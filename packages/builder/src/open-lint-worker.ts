/** Begins the thread of the checks: a script of our own, and of nobody else's, which is all that the page's policy lets in. */

import type { LintPort } from './lint-thread.ts'
import address from './lint-worker.ts?worker&url'

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string }
}

const { trustedTypes } = globalThis as { trustedTypes?: Policies }
const policy = trustedTypes?.createPolicy('guichet-builder', {
  createScriptURL: (given) => {
    if (given !== address) throw new TypeError(`not the builder's own: ${given}`)
    return given
  },
})

export const openLintWorker = (): LintPort => new Worker(policy?.createScriptURL(address) ?? address, { type: 'module' })
