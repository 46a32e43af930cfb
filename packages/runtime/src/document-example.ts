/** What a good one of a document looks like: in words, in a picture, or behind a link, for whoever opens it. */
import type { RequiredDocument } from '@guichet/schemas'
import { html, nothing, type TemplateResult } from 'lit-html'
import { sayText } from './said.ts'
import { more } from './sheets.ts'
import type { Words } from './words.ts'
import './more-styles.ts'

for (const rule of [
  '.g-example { display: block; max-inline-size: 100%; max-block-size: 24em; border: 1px solid var(--guichet-colour-line); margin-block-end: 0.85em; }',
  ':not([data-away]) > .g-example + p, [data-away] > .g-example { display: none; }',
])
  more.insertRule(rule, more.cssRules.length)

type Example = Pick<RequiredDocument, 'example' | 'exampleUrl' | 'examplePicture'>

/**
 * `summary` and `link`: what is said of it, in the reader's language. `base`: address of the server, where there is one. Nothing for a
 * document without an example.
 */
export function documentExample(
  words: Words,
  { example, exampleUrl, examplePicture }: Example,
  summary: string,
  link: string,
  base: string | undefined,
): TemplateResult | typeof nothing {
  // Previews show what no server has checked.
  const address = exampleUrl?.startsWith('https://') && exampleUrl
  if (!example && !address && !examplePicture) return nothing
  const anchor = (href: string) => html`<p><a href=${href} target="_blank" rel="noopener noreferrer">${link}</a></p>`
  const picture = () => {
    const { src, alt } = examplePicture as NonNullable<typeof examplePicture>
    const { text, language } = words.text(alt)
    const href = new URL(src, base ?? location.href).href
    // Closed, it is not asked for. A page whose policy lets no pictures of the server in gets the link instead.
    return html`<div>
      <img class="g-example" loading="lazy" src=${href} alt=${text} lang=${language} @error=${({ target }: Event) => (target as Element).parentElement?.toggleAttribute('data-away', true)} />
      ${anchor(href)}
    </div>`
  }
  return html`<details class="g-why">
    <summary class="g-link">${summary}</summary>
    ${example ? html`<p>${sayText(words, example)}</p>` : nothing} ${examplePicture ? picture() : nothing} ${address ? anchor(address) : nothing}
  </details>`
}
