import { html, nothing } from 'lit-html'
import type { ContentField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { paragraphs } from '../paragraphs.view.ts'

export const view: FieldView<ContentField> = {
  layout: 'bare',
  render({ field, text, message, language }) {
    const { tone = 'plain' } = field
    const heading = text(field.heading)
    const body = text(field.body)
    const isOther = (part: { language: string }) => part.language !== '' && part.language !== language
    const lang = (part: { language: string }) => (isOther(part) ? part.language : nothing)
    const dir = (part: { language: string }) => (isOther(part) ? 'auto' : nothing)
    return html`<div class="g-content g-content-${tone}">
      ${tone === 'warning' ? html`<strong class="g-content-mark">${message('warning')}</strong>` : nothing}
      ${heading.text ? html`<h2 lang=${lang(heading)} dir=${dir(heading)}>${heading.text}</h2>` : nothing}
      ${body.text ? html`<div lang=${lang(body)} dir=${dir(body)}>${paragraphs(body.text)}</div>` : nothing}
    </div>`
  },
  styles: `
.g-content-info, .g-content-warning {
  border-inline-start: 0.5em solid var(--guichet-colour-accent); background: var(--guichet-colour-raised); padding: 1em; margin-block-end: 0.5em;
}
.g-content-warning { border-color: var(--guichet-colour-error); }
.g-content-mark { display: block; color: var(--guichet-colour-error); }
.g-content h2 { margin-block-start: 0; }
.g-content p { white-space: pre-line; }
.g-content p:last-child { margin-block-end: 0; }
`,
}
