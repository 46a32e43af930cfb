import type { Definition, Draft } from './edit.ts'

/** A draft of which nothing is known: against it everything that two drafts do not share is a conflict or kept from both. */
export const unknownBase: Draft = { definition: { languages: [], pages: [] } as unknown as Definition, policy: null }
