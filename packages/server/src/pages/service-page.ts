import { pickText } from '@guichet/core'
import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { LiveService } from '../services/live.ts'
import { layout } from './layout.ts'

/** A service on a page of the server's own: the same one script tag as everywhere. `types`: addresses of modules with field types made outside. */
export function servicePage({ agency, version }: LiveService, language: string, types: string) {
  const { definition, service } = version
  return layout({
    language,
    title: pickText(definition.title, [language, ...definition.languages]).text,
    path: `/s/${agency.id}/${service}`,
    // The service itself lets people change language without losing what they typed.
    offered: [],
    content: html`<script type="module" src="/embed.js" data-service="${agency.id}/${service}" data-lang="${language}"${types && html` data-types="${types}"`}></script>
<noscript><p>${say(language, 'service.script')}</p></noscript>
<p class="aside"><a href="/privacy/${agency.id}/${service}?lang=${language}">${say(language, 'privacy.link')}</a></p>`,
  })
}
