/** What the editor lends to those who act on its draft: part-acts.ts and block-acts.ts. */
import type { Draft, Edit } from './editor/edit.ts'

/** Where something is done to parts. */
export type PartsPlace = 'outline' | 'canvas'

export interface DraftDesk {
  draft(): Draft
  /** The selected part. */
  selected(): string
  /** All parts that are chosen, the selected one among them. */
  chosen(): readonly string[]
  /** Makes an edit. Gives false, and says why, if it was refused. */
  do(edit: Edit): boolean
  /** Chooses parts, without a word. */
  choose(selected: string, chosen: readonly string[]): void
  /** Says something to those who do not see it happen. */
  tell(sentence: string): void
  /** Says why something was not done, where it is seen as well. */
  refuse(sentence: string): void
  /** The rules that came along read what is not here: said after what has been told. */
  sayMissing(missing: readonly string[]): void
  /** From another view back to outline, canvas and settings. */
  edits(): void
  focusSettings(): Promise<void>
  /** Back to where something was done to parts; to the outline, if what was pressed is gone. */
  focusParts(place: PartsPlace | null): void
}
