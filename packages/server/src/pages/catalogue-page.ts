import { directionOf } from '@guichet/core'
import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { CatalogueLine } from '../services/catalogue.ts'
import { layout } from './layout.ts'

export function cataloguePage(language: string, lines: readonly CatalogueLine[], publishing: readonly { id: string; title: string }[] = []) {
  const names = new Intl.DisplayNames([language], { type: 'language' })
  const title = say(language, 'page.services')
  const line = (service: CatalogueLine) => html`<li>
<h2 lang="${service.language}" dir="${directionOf(service.language)}"><a href="/s/${service.agency}/${service.service}?lang=${service.language}">${service.title}</a></h2>
${service.summary ? html`<p lang="${service.language}" dir="${directionOf(service.language)}">${service.summary}</p>` : ''}
<p class="aside">${say(language, 'catalogue.languages', { languages: new Intl.ListFormat(language).format(service.languages.map((tag) => names.of(tag) ?? tag)) })}</p>
</li>`
  return layout({
    language,
    title,
    path: '/',
    content: html`<h1>${title}</h1>
${lines.length > 0 ? html`<ul class="services">${lines.map(line)}</ul>` : html`<p>${say(language, 'catalogue.none')}</p>`}
${
  publishing.length > 0
    ? html`<footer>${publishing.map(({ id, title: agency }) => html`<p><a href="/statistics/${id}?lang=${language}">${say(language, 'statistics.link', { agency })}</a></p>`)}</footer>`
    : ''
}`,
  })
}
