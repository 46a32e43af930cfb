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
    const lang = (part: { language: string }) => (part.language && part.language !== language ? part.language : nothing)
    return html`<div class="g-content g-content-${tone}">
      ${tone === 'warning' ? html`<strong class="g-content-mark">${message('warning')}</strong>` : nothing}
      ${heading.text ? html`<h2 lang=${lang(heading)}>${heading.text}</h2>` : nothing}
      ${body.text ? html`<div lang=${lang(body)}>${paragraphs(body.text)}</div>` : nothing}
    </div>`
  },
}
