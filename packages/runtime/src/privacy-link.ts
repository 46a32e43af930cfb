/** Where people read what happens with what they are about to give. */
import { html, type TemplateResult } from 'lit-html'
import strings from './privacy-strings.json' with { type: 'json' }
import type { Visit } from './visit.ts'

export function privacyLink({ view, words, transport }: Visit): TemplateResult {
  const language = words.language.split('-')[0] as keyof typeof strings
  const address = `${transport.base}privacy/${view.agency}/${view.service}?lang=${words.language}`
  return html`<p><a href=${address} target="_blank">${strings[language] ?? strings.en}</a></p>`
}
