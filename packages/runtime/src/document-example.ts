/** What a good one of a document looks like: in words, or behind a link, for whoever opens it. */
import type { RequiredDocument } from '@guichet/schemas'
import { html, nothing, type TemplateResult } from 'lit-html'
import { sayText } from './said.ts'
import type { Words } from './words.ts'

/** `summary` and `link`: what is said of it, in the reader's language. Nothing for a document without an example. */
export function documentExample(
  words: Words,
  { example, exampleUrl }: Pick<RequiredDocument, 'example' | 'exampleUrl'>,
  summary: string,
  link: string,
): TemplateResult | typeof nothing {
  // Previews show what no server has checked.
  const address = exampleUrl?.startsWith('https://') && exampleUrl
  if (!example && !address) return nothing
  return html`<details class="g-why">
    <summary>${summary}</summary>
    ${example ? html`<p>${sayText(words, example)}</p>` : nothing}
    ${address ? html`<p><a href=${address} target="_blank" rel="noopener noreferrer">${link}</a></p>` : nothing}
  </details>`
}
