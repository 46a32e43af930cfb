import { html, type TemplateResult } from 'lit-html'

/** Plain text as paragraphs: an empty line starts a new one. Line breaks inside are kept by the style sheet. */
export const paragraphs = (text: string): TemplateResult[] =>
  text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim())
    .map((paragraph) => html`<p>${paragraph.trim()}</p>`)
