import { directionOf } from '@guichet/core'
import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { CatalogueEvent, CatalogueLine } from '../services/catalogue.ts'
import { layout } from './layout.ts'

/** The services in their groups: under each event that one belongs to, and those of no event last. Without events: all in one. */
function groupsOf(lines: readonly CatalogueLine[], events: readonly CatalogueEvent[]) {
  return [...events, null].flatMap((event) => {
    const of = lines.filter(({ lifeEvents }) => (event ? lifeEvents.includes(event.code) : !events.some(({ code }) => lifeEvents.includes(code))))
    return of.length > 0 ? [{ event, lines: of }] : []
  })
}

/** The catalogue as it is without scripts. `events`: those that any of the lines belongs to, in the reader's language. */
export function cataloguePage(
  language: string,
  lines: readonly CatalogueLine[],
  events: readonly CatalogueEvent[],
  publishing: readonly { id: string; title: string }[],
) {
  const names = new Intl.DisplayNames([language], { type: 'language' })
  const title = say(language, 'page.services')
  const name = (service: CatalogueLine) => html`<a href="/s/${service.agency}/${service.service}?lang=${service.language}">${service.title}</a>`
  const line = (service: CatalogueLine) => html`<li>
${
  events.length > 0
    ? html`<h3 lang="${service.language}" dir="${directionOf(service.language)}">${name(service)}</h3>`
    : html`<h2 lang="${service.language}" dir="${directionOf(service.language)}">${name(service)}</h2>`
}
${service.summary ? html`<p lang="${service.language}" dir="${directionOf(service.language)}">${service.summary}</p>` : ''}
<p class="aside">${say(language, 'catalogue.languages', { languages: new Intl.ListFormat(language).format(service.languages.map((tag) => names.of(tag) ?? tag)) })}</p>
</li>`
  const groups = groupsOf(lines, events)
  const idOf = (event: CatalogueEvent | null) => `event-${event?.code ?? 'other'}`
  const labelOf = (event: CatalogueEvent | null) => event?.label ?? say(language, 'catalogue.otherEvents')
  const contents = html`<nav aria-label="${say(language, 'catalogue.event')}">
<p class="events-title">${say(language, 'catalogue.event')}</p>
<ul class="events">${groups.map(({ event }) => html`<li><a href="#${idOf(event)}">${labelOf(event)}</a></li>`)}</ul>
</nav>`
  return layout({
    language,
    title,
    path: '/',
    content: html`<h1>${title}</h1>
${groups.length > 1 ? contents : ''}
${groups.map(
  ({ event, lines: of }) => html`${events.length > 0 ? html`<h2 class="event" id="${idOf(event)}" tabindex="-1">${labelOf(event)}</h2>` : ''}
<ul class="services">${of.map(line)}</ul>`,
)}
${lines.length === 0 ? html`<p>${say(language, 'catalogue.none')}</p>` : ''}
${
  publishing.length > 0
    ? html`<footer>${publishing.map(({ id, title: agency }) => html`<p><a href="/statistics/${id}?lang=${language}">${say(language, 'statistics.link', { agency })}</a></p>`)}</footer>`
    : ''
}`,
  })
}
