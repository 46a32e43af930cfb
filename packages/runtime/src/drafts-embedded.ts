/** Saving and coming back as the embedding script has it: with one file of strings for each language. Answers brought back are checked. */
import { strings } from 'virtual:guichet-draft-strings'
import { useDrafts as use } from './drafts.ts'
import './whole-types.ts'
import type { Visit } from './visit.ts'

export const useDrafts = (visit: Visit, pressed: boolean) =>
  use(visit, pressed, async (language) => (await (strings[language.split('-')[0] as string] ?? strings.en)()).default)
