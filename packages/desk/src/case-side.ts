/** What stands beside a case: who works on it, notes among officers, what happened so far. */
import { html, nothing, type TemplateResult } from 'lit'
import type { DeskService, OpenedCase, Person } from './api.ts'
import { say } from './language.ts'
import { decisionName, momentText, statusName, textOf } from './names.ts'

export const nameIn = ({ names }: Pick<OpenedCase, 'names'>, actor: string) => names[actor] ?? say('someone')

const stageOf = (service: DeskService | undefined, id: string) => {
  const stage = service?.stages.find((one) => one.id === id)
  return stage ? textOf(stage.label, service?.languages ?? []) : id
}

/** Each step, the last one first; the notes are those that citizens read. */
export function historyView(opened: OpenedCase, service: DeskService | undefined): TemplateResult {
  return html`<section class="card stack" aria-labelledby="history"><h2 id="history">${say('history.title')}</h2>
    <ol class="steps">
      ${opened.history.toReversed().map(
        (step) => html`<li>
          <p><strong>${decisionName(step.decision)}</strong> · ${statusName(step.to.status)}${step.to.stage && step.to.stage !== step.from.stage ? html` · ${stageOf(service, step.to.stage)}` : nothing}</p>
          <p class="help">${step.actor === 'citizen' ? nothing : html`<bdi>${nameIn(opened, step.actor)}</bdi> · `}<time datetime=${step.at}>${momentText(step.at, service?.locale)}</time></p>
          ${step.note ? html`<p class="said" dir="auto">${step.note}</p>` : nothing}
        </li>`,
      )}
      <li><p><strong>${say('history.received')}</strong></p><p class="help"><time datetime=${opened.receivedAt}>${momentText(opened.receivedAt, service?.locale)}</time></p></li>
    </ol></section>`
}

/** `typed`: a note that is not kept yet. */
export function notesView(
  opened: OpenedCase,
  service: DeskService | undefined,
  { typed, busy, fault, type, add }: { typed: string; busy: boolean; fault: string | null; type(text: string): void; add(event: SubmitEvent): void },
): TemplateResult {
  return html`<section class="card stack" aria-labelledby="notes"><h2 id="notes">${say('notes.title')}</h2>
    <p class="help">${say('notes.help')}</p>
    ${
      opened.notes.length === 0
        ? nothing
        : html`<ol class="steps">${opened.notes.map(
            (note) =>
              html`<li data-note=${note.id}><p class="said" dir="auto">${note.text}</p><p class="help"><bdi>${nameIn(opened, note.actor)}</bdi> · <time datetime=${note.at}>${momentText(note.at, service?.locale)}</time></p></li>`,
          )}</ol>`
    }
    <form class="stack no-print" @submit=${add}>
      ${fault ? html`<p class="note bad" role="alert">${fault}</p>` : nothing}
      <div class="field"><label for="internal">${say('notes.label')}</label>
        <textarea id="internal" rows="2" maxlength="8000" dir="auto" required .value=${typed} @input=${(event: Event) => type((event.target as HTMLTextAreaElement).value)}></textarea></div>
      <div><button class="small" ?disabled=${busy}>${say('notes.add')}</button></div>
    </form></section>`
}

export function assignView(
  opened: OpenedCase,
  me: Person,
  colleagues: readonly Person[],
  { busy, fault, give }: { busy: boolean; fault: string | null; give(to: string | null): void },
): TemplateResult {
  const { assignee } = opened
  const others = colleagues.filter(({ id }) => id !== me.id)
  const pass = (event: SubmitEvent) => {
    event.preventDefault()
    const to = String(new FormData(event.target as HTMLFormElement).get('to') ?? '')
    if (to !== '') give(to)
  }
  return html`<section class="card stack" aria-labelledby="assign"><h2 id="assign">${say('assign.title')}</h2>
    ${fault ? html`<p class="note bad" role="alert">${fault}</p>` : nothing}
    <p role="status">${assignee === null ? say('assign.nobodyYet') : assignee.id === me.id ? say('assign.isMine') : html`${say('assign.with')} <bdi>${assignee.name}</bdi>`}</p>
    <div class="row no-print">
      ${assignee?.id === me.id ? nothing : html`<button type="button" class="small" data-take ?disabled=${busy} @click=${() => give(me.id)}>${say('assign.take')}</button>`}
      ${assignee === null ? nothing : html`<button type="button" class="small" data-release ?disabled=${busy} @click=${() => give(null)}>${say('assign.release')}</button>`}
    </div>
    ${
      others.length === 0
        ? nothing
        : html`<form class="row no-print" @submit=${pass}><label for="to">${say('assign.to')}</label>
            <select id="to" name="to" required><option value=""></option>${others.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}</select>
            <button class="small" ?disabled=${busy}>${say('assign.give')}</button></form>`
    }
  </section>`
}
