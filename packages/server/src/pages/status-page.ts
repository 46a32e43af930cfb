import { directionOf, type Json } from '@guichet/core'
import type { Locale } from '@guichet/schemas'
import { html } from 'hono/html'
import { say } from '../messages.ts'
import type { StatusView } from '../submissions/follow.ts'
import { layout } from './layout.ts'

interface Asked {
  typed: string
  problem?: string
}

function form(language: string, { typed, problem }: Asked) {
  return html`${
    problem ? html`<div class="error" role="alert" tabindex="-1"><h2>${say(language, 'status.error')}</h2><p><a href="#reference">${problem}</a></p></div>` : ''
  }
<p>${say(language, 'status.intro')}</p>
<form method="post" action="/status?lang=${language}">
<label for="reference">${say(language, 'status.code')}</label>
<p class="hint" id="reference-hint">${say(language, 'status.hint')}</p>
${problem ? html`<p class="wrong" id="reference-problem">${problem}</p>` : ''}
<input id="reference" name="reference" dir="ltr" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="200" required value="${typed}" aria-describedby="reference-hint${problem ? ' reference-problem' : ''}" ${problem ? html`aria-invalid="true"` : ''}>
<button>${say(language, 'status.show')}</button>
</form>
<script src="/status-code.js" defer></script>`
}

/** Asks for the code. */
export function statusPage(language: string, asked: Asked) {
  const title = say(language, 'page.follow')
  return layout({
    language,
    title: asked.problem ? `${say(language, 'status.error')}: ${title}` : title,
    path: '/status',
    content: html`<h1>${title}</h1>${form(language, asked)}`,
  })
}

/** Shows where the case stands. */
export function casePage(language: string, view: StatusView, locale: Locale, reference: string) {
  const tell = (key: string, params?: Record<string, Json>) => say(language, key, params)
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: locale.timeZone, calendar: locale.calendar })
  const dateOf = (moment: string) => format.format(new Date(moment))
  const { decision } = view
  const money = (minor: number) =>
    new Intl.NumberFormat(language, {
      style: 'currency',
      currency: locale.currency,
      minimumFractionDigits: locale.decimals,
      maximumFractionDigits: locale.decimals,
    }).format(minor / 10 ** locale.decimals)
  const inService = html`lang="${view.language}" dir="${directionOf(view.language)}"`
  return layout({
    language,
    title: view.title,
    path: '/status',
    content: html`<h1 ${inService}>${view.title}</h1>
<p>${tell('status.received', { date: dateOf(view.receivedAt) })}</p>
<dl>
<dt>${tell('status.state')}</dt><dd><strong>${tell(`status.is.${view.status}`)}</strong></dd>
<dt>${tell('status.number')}</dt><dd dir="ltr">${view.submission}</dd>
${view.stage?.unit ? html`<dt>${tell('status.unit')}</dt><dd ${inService}>${view.stage.unit}</dd>` : ''}
${view.dueAt ? html`<dt>${tell('status.due')}</dt><dd>${dateOf(view.dueAt)}</dd>` : ''}
${decision ? html`<dt>${tell('status.decided')}</dt><dd>${dateOf(decision.at)}</dd>` : ''}
${decision?.reason ? html`<dt>${tell('status.reason')}</dt><dd class="said" dir="auto">${decision.reason}</dd>` : ''}
${decision?.remedy ? html`<dt>${tell('status.remedy')}</dt><dd ${inService}>${decision.remedy}</dd>` : ''}
${view.fee ? html`<dt>${tell('status.fee')}</dt><dd>${money(view.fee.total)}</dd>` : ''}
</dl>
${
  view.stages.length > 0
    ? html`<h2>${tell('status.steps')}</h2>
<ol class="steps">${view.stages.map(
        ({ label, state }) =>
          html`<li class="${state}" ${state === 'current' ? html`aria-current="step"` : ''}><span ${inService}>${label}</span> <span class="aside">· ${tell(`status.step.${state}`)}</span></li>`,
      )}</ol>`
    : ''
}
<form method="post" action="/receipt">
<input type="hidden" name="reference" value="${reference}">
<p class="hint" id="receipt-hint">${tell('status.receipt.what')} <a href="/log/${view.agency}?lang=${language}">${tell('log.title', { agency: view.agency })}</a></p>
<button aria-describedby="receipt-hint">${tell('status.receipt')}</button>
</form>`,
  })
}
