/** What people read before they start: all of it follows from the definition. */
import { guideOf } from '@guichet/core'
import type { Text } from '@guichet/schemas'
import { html, nothing } from 'lit-html'
import { checkStep, stepsOf } from './journey.ts'
import { paragraphs, sayText } from './said.ts'
import type { Screen, Visit } from './visit.ts'

export async function startScreen(visit: Visit): Promise<Screen> {
  const { view, words, session, program } = visit
  const { definition, open } = view
  const guide = guideOf(program)
  const { message } = words
  const list = (texts: readonly Text[]) => html`<ul class="g-list">
    ${texts.map((text) => html`<li>${sayText(words, text)}</li>`)}
  </ul>`

  // Where the guide asks questions, documents and fee follow from them. Should that part not arrive, all are listed.
  const { questions } = definition.guide ?? {}
  const live =
    questions?.length || guide.signIn
      ? await import('./live-guide.ts').then(
          ({ liveGuide }) => liveGuide(visit),
          () => null,
        )
      : null

  const certain = guide.documents.filter((item) => item.certain).map((item) => item.document.label)
  const depending = guide.documents.filter((item) => !item.certain).map((item) => item.document.label)
  const documents = html`${
    certain.length > 0
      ? html`<h2>${message('start.documents')}</h2>
          ${list(certain)}`
      : nothing
  }${
    depending.length > 0
      ? html`<h2>${message('start.documentsDepending')}</h2>
          ${list(depending)}`
      : nothing
  }`

  const { cost, time } = guide
  const costs =
    cost.kind === 'free'
      ? html`<p>${message('start.free')}</p>`
      : cost.kind === 'fixed' && cost.lines.length === 1
        ? html`<p>${words.money(cost.total)}</p>`
        : html`<ul class="g-list">
            ${cost.lines.map(({ label, amount }) => html`<li>${sayText(words, label)}: ${amount === null ? message('start.costDepends') : words.money(amount)}</li>`)}
          </ul>`
  const handling = Object.entries(time.handling)
    .filter(([, value]) => value > 0)
    .map(([unit, count]) => message(`term.${unit}`, { count }))
  const steps = guide.steps.length
    ? html`<h2>${message('next.title')}</h2>
        <ol class="g-list">
          ${guide.steps.map(
            ({ stage, units }) =>
              html`<li>${sayText(words, stage.label)}<span class="g-muted">${units.map((unit) => [' · ', sayText(words, unit)])}</span></li>`,
          )}
        </ol>`
    : nothing

  const begin = () => visit.go(stepsOf(session)[0] ?? checkStep)
  const notice =
    open.state === 'open'
      ? nothing
      : html`<div class="g-notice" role="note">
          <p>
            ${open.state === 'closed' ? message('start.closed') : open.opens ? message('start.opens', { date: words.date(open.opens) }) : message('start.notYet')}
          </p>
        </div>`

  return {
    template: (saved) => html`
      <h1 class="g-heading" tabindex="-1">${sayText(words, definition.title)}</h1>
      ${paragraphs(words, definition.summary, 'g-lead')} ${notice} ${visit.transport.sealing?.notice(program)}
      ${
        guide.audience
          ? html`<h2>${message('start.audience')}</h2>
              ${paragraphs(words, guide.audience)}`
          : nothing
      }
      ${
        live?.template() ??
        html`${documents}
          <h2>${message('start.cost')}</h2>
          ${costs}`
      }
      <h2>${message('start.time')}</h2>
      <p>${message('start.minutes', { count: time.minutes })}${handling.length ? html`<br />${message('start.handling', { time: handling.join(' + ') })}` : nothing}</p>
      ${open.state === 'open' && open.closes ? html`<p>${message('start.closes', { date: words.date(open.closes) })}</p>` : nothing}
      ${open.state === 'open' && visit.transport.sealing?.able !== false ? html`<button type="button" class="g-button g-button-start" @click=${begin}>${message('start.begin')}</button>` : nothing}
      ${saved} ${steps}
    `,
  }
}
