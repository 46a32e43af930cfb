/** What changed between two drafts, as sentences in the author's language. */
import { type Change, diff, diffPolicy, diffText } from '@guichet/core/diff'
import type { Definition, Draft } from './editor/edit.ts'
import { allMessages, language, sayIfKnown } from './language.ts'
import { typeName } from './names.ts'

export interface ToldChange {
  pointer: string
  sentence: string
}

/** Types of fields are said as the picker says them. */
const named = (change: Change): Change =>
  change.code === 'field.type'
    ? {
        ...change,
        params: { ...change.params, before: typeName(String(change.params.before), {}).text, after: typeName(String(change.params.after), {}).text },
      }
    : change

/** Examples stay with the draft, so that no version has any to compare with. */
const withoutExamples = ({ examples: _, ...definition }: Definition): Definition => definition

/** Parts are named in the author's language where they have a name in it. */
export function changesBetween(before: Draft, after: Draft): ToldChange[] {
  const reader = language()
  const found = [
    ...diff(withoutExamples(before.definition), withoutExamples(after.definition), reader),
    ...diffPolicy(before.policy ?? {}, after.policy ?? {}, after.definition, reader),
  ]
  // Where a part comes from is nobody's matter but its authors', who are told of it elsewhere.
  return found
    .filter(({ pointer }) => !/\/x-(block|base)(\/|$)/.test(pointer))
    .map((change) => ({ pointer: change.pointer, sentence: sentenceOfChange(change) }))
}

export const sentenceOfChange = (change: Change): string => diffText(named(change), allMessages(), language(), (setting) => sayIfKnown(`setting.${setting}`))
