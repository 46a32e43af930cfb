import { h } from './dom.ts'
import { say } from './said.ts'
import type { Said, Words } from './words.ts'

/** What is wrong, at the place where it is. `id` is that of the input it describes. */
export const problemLine = (words: Words, problem: Said | null, id: string): HTMLElement | null =>
  problem && h('p', { class: 'g-error', id: `${id}-error` }, h('span', { class: 'g-hidden' }, words.message('error')), ' ', say(words, problem))
