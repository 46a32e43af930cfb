import { grave, type ReadDeed, type ReadRule, type Refusal, type Said } from '../rule.ts'

export interface PurposeOptions {
  ask: readonly ('open' | 'export')[]
  /** Known words (`known`) are said in the officer's language; others as they are. Empty: any words. */
  purposes: readonly string[]
}

/** Purposes that have a name in every language, under `purpose.<word>`. */
export const known = ['handling', 'question', 'complaint', 'correction', 'inspection', 'court', 'statistics'] as const

const usual: PurposeOptions = { ask: ['export'], purposes: [] }
const listed: PurposeOptions = { ask: ['open', 'export'], purposes: ['handling', 'complaint', 'correction', 'inspection', 'court'] }
const longest = 200

/** What is asked about as which: a file is part of the case that it came with. */
const askedAs: Partial<Record<ReadDeed, 'open' | 'export'>> = { open: 'open', attachment: 'open', export: 'export' }

/** Whether these are words that can stand on the audit log. */
export const isPurpose = (words: string) => words.trim() !== '' && words.length <= longest && !/\p{Cc}/u.test(words)

export const purpose: ReadRule<PurposeOptions> = {
  name: 'purpose',
  stage: 'read',
  presets: { open: usual, standard: usual, confidential: listed, sealed: listed },
  settle({ ask, purposes }) {
    const refusal: Refusal = { status: 403, code: 'purpose', members: { purposes: [...purposes] } }
    return function readForPurpose({ deed, purpose: said }) {
      const asked = askedAs[deed]
      if (asked === undefined || !ask.includes(asked)) return null
      if (said === null || !isPurpose(said)) return refusal
      return purposes.length === 0 || purposes.includes(said.trim()) ? null : refusal
    }
  },
  weakness: ({ ask }, data) => (!ask.includes('open') && grave(data) ? { key: 'rule.purpose.weak' } : null),
  explain({ ask, purposes }) {
    const citizen: Said[] = []
    if (ask.includes('open')) citizen.push({ key: 'rule.purpose.open' })
    if (ask.includes('export')) citizen.push({ key: 'rule.purpose.export' })
    return { citizen, author: [{ key: purposes.length > 0 ? 'rule.purpose.listed' : 'rule.purpose.words' }] }
  },
}
