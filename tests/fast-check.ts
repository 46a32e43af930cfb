/**
 * What tests get as `fast-check`: the same random values in every run, so that a change that fails is the change that is at fault.
 * `SEED=5 npx vitest run PATH` tries others; whoever looks for new failures gives numbers of their own.
 */
import { createRequire } from 'node:module'
import type fastCheck from 'fast-check'

// Vitest resolves an import of the name to this file (vitest.config.ts).
const fc: typeof fastCheck = createRequire(import.meta.url)('fast-check')
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20260105) })
export default fc
