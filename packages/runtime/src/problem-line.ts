import { html, nothing } from 'lit-html'
import { say } from './said.ts'
import type { Said, Words } from './words.ts'

/** What is wrong, at the place where it is. `id` is that of the input it describes. */
export const problemLine = (words: Words, problem: Said | null, id: string) =>
  problem ? html`<p class="g-error" id="${id}-error"><span class="g-hidden">${words.message('error')}</span> ${say(words, problem)}</p>` : nothing
