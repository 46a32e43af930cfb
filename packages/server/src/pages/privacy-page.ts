/** What a service does with personal data: the notice for citizens, and the register for the agency. */
import { directionOf, pickText } from '@guichet/core'
import { dataSheet } from '@guichet/core/data-sheet'
import { html } from 'hono/html'
import { type Activity, cellOf, columns } from '../data-protection/register.ts'
import { say } from '../messages.ts'
import type { LiveService } from '../services/live.ts'
import { layout } from './layout.ts'

const list = (lines: readonly string[]) => (lines.length === 1 ? html`${lines[0]}` : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`)

/** GDPR Art. 13: who, what for, by which law, what data, who gets it, how long, how it is kept, and what one may ask for. */
export function noticePage(language: string, live: LiveService, activity: Activity) {
  const tell = (key: string, params?: Record<string, string | number>) => say(language, `privacy.${key}`, params)
  const { definition, service } = live.version
  const chosen = pickText(definition.title, [language, ...definition.languages])
  const inService = html`lang="${chosen.language}" dir="${directionOf(chosen.language)}"`
  const sheet = dataSheet(definition)
  const of = (text: Parameters<typeof pickText>[0] | null) => (text ? pickText(text, [language, ...definition.languages]).text : '')
  const row = (key: string, lines: readonly string[], foreign = true) =>
    lines.length === 0 ? '' : html`<dt>${tell(key)}</dt><dd ${foreign ? inService : ''}>${list(lines)}</dd>`
  const title = tell('title')
  return layout({
    language,
    title: `${title}: ${chosen.text}`,
    path: `/privacy/${live.agency.id}/${service}`,
    content: html`<h1>${title}: <span ${inService}>${chosen.text}</span></h1>
${
  sheet.items.length === 0
    ? html`<p>${tell('none')}</p>`
    : html`<dl>
${row('controller', cellOf(language, activity, 'controller'))}
${row('purposes', activity.purposes)}
${row('legalBases', activity.legalBases)}
${row('recipients', activity.recipients.length > 0 ? activity.recipients : [tell('recipients.none')], activity.recipients.length > 0)}
${row('transfers', cellOf(language, activity, 'transfers'))}
${row('erased', activity.erased ? cellOf(language, activity, 'erased') : [tell('erased.unsaid')], false)}
${row('security', activity.security, false)}
</dl>
<h2 id="data">${tell('data')}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${tell('data')}"><table><caption class="unseen">${tell('data')}</caption>
<thead><tr><th scope="col">${tell('item')}</th><th scope="col">${tell('kind')}</th><th scope="col">${tell('purposes')}</th><th scope="col">${tell('legalBases')}</th></tr></thead>
<tbody>${sheet.items.map(
        ({ label, id, kind, purpose, legalBasis }) =>
          html`<tr><th scope="row" ${inService}>${of(label) || id}</th><td>${tell(`kind.${kind}`)}</td><td ${inService}>${of(purpose)}</td><td ${inService}>${of(legalBasis)}</td></tr>`,
      )}</tbody></table></div>
<h2 id="rights">${tell('rights')}</h2>
<p>${tell('rights.what')}</p>
${sheet.supervisor ? html`<p ${inService}>${of(sheet.supervisor)}</p>` : ''}
${activity.changes.length > 0 ? html`<h2 id="changes">${tell('changes')}</h2>${list(activity.changes)}` : ''}`
}
<p><a href="/s/${live.agency.id}/${service}?lang=${language}">${tell('back')}</a></p>`,
  })
}

/** Art. 30(1), for those who are signed in: what is missing says so. */
export function registerPage(language: string, agencyTitle: string, activities: readonly Activity[]) {
  const tell = (key: string, params?: Record<string, string | number>) => say(language, `privacy.${key}`, params)
  const title = tell('register', { agency: agencyTitle })
  const missing = new Set(['controller', 'purposes', 'legalBases', 'people', 'data', 'erased'])
  return layout({
    language,
    title,
    path: '/register',
    wide: true,
    nav: false,
    content: html`<h1>${title}</h1>
<p>${tell('register.what')}</p>
<p><a href="/v1/admin/register.csv?lang=${language}">CSV</a> · <a href="/v1/admin/register.json?lang=${language}">JSON</a></p>
${activities.length === 0 ? html`<p>${tell('register.none')}</p>` : ''}
${activities.map(
  (activity) => html`<section><h2 id="${activity.service}">${activity.title}</h2>
<dl>${columns
    .filter((column) => column !== 'title')
    .map((column) => {
      const lines = cellOf(language, activity, column)
      if (lines.length === 0 && !missing.has(column)) return ''
      return html`<dt>${tell(column)}</dt><dd>${lines.length === 0 ? html`<strong>${tell('missing')}</strong>` : list(lines)}</dd>`
    })}</dl></section>`,
)}`,
  })
}
