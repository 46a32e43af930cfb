/**
 * Deciding about a case where it stands. Nothing is decided at one touch: what will happen, and what the citizen will read,
 * is shown once more before. What was typed is kept whatever happens. Fires `desk-decided` with the case as it stands now.
 */

import type { ServiceDefinition } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { type Api, ApiError, type Ask, type CaseLine, type DeskService, type OpenedCase, type Step } from './api.ts'
import { askView, emptyAsk, labelsOf } from './asked-view.ts'
import { dayIn } from './due.ts'
import { Localized, say } from './language.ts'
import { dayText, decisionName, momentText, plainText, statusName } from './names.ts'
import { reasonOf } from './refusal.ts'

export class DecidedEvent extends Event {
  static readonly type = 'desk-decided'
  readonly line: CaseLine
  readonly decision: string
  constructor(line: CaseLine, decision: string) {
    super(DecidedEvent.type)
    this.line = line
    this.decision = decision
  }
}

const toCitizen = ''
const closing = ['reject', 'refuse']

export class DecisionForm extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .offers { display: grid; gap: 0.35rem; }
      .said { white-space: pre-line; overflow-wrap: anywhere; border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; }
      @media print { :host { display: none; } }
    `,
  ]
  static override readonly properties = {
    api: { attribute: false },
    opened: { attribute: false },
    service: { attribute: false },
    definition: { attribute: false },
    ask: { state: true },
    chosen: { state: true },
    note: { state: true },
    backTo: { state: true },
    wrong: { state: true },
    fault: { state: true },
    meanwhile: { state: true },
    busy: { state: true },
  }
  declare api: Api
  declare opened: OpenedCase
  declare service: DeskService | undefined
  /** The version that was filled in. */
  declare definition: ServiceDefinition
  declare protected ask: Ask
  declare protected chosen: string
  declare protected note: string
  declare protected backTo: string
  declare protected wrong: { choice?: string; note?: string; until?: string }
  declare protected fault: string | null
  /** What others decided while this was being filled in. */
  declare protected meanwhile: { steps: Step[]; status: string } | null
  declare protected busy: boolean

  constructor() {
    super()
    this.chosen = this.note = this.backTo = ''
    this.ask = emptyAsk
    this.wrong = {}
    this.fault = this.meanwhile = null
    this.busy = false
    new Localized(this)
  }

  /** Whether something was typed that would be lost. */
  get touched(): boolean {
    return this.note.trim() !== '' || this.#named
  }

  get #asks() {
    return this.chosen === 'ask_more' || (this.chosen === 'send_back' && this.backTo === toCitizen)
  }

  get #named() {
    return this.ask.fields.length + this.ask.documents.length > 0
  }

  protected override willUpdate(changed: PropertyValues) {
    if (!changed.has('opened')) return
    const before = (changed as Map<PropertyKey, unknown>).get('opened') as OpenedCase | undefined
    if (before && before.submission !== this.opened.submission) {
      this.chosen = this.note = this.backTo = ''
      this.ask = emptyAsk
      this.wrong = {}
      this.fault = this.meanwhile = null
    }
    if (!this.opened.offers.includes(this.chosen)) this.chosen = this.opened.offers.length === 1 ? (this.opened.offers[0] as string) : ''
    if (!this.opened.backTo.includes(this.backTo)) this.backTo = toCitizen
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog') as HTMLDialogElement
  }

  #ask(event: SubmitEvent) {
    event.preventDefault()
    this.wrong = {
      ...(this.chosen === '' ? { choice: say('decide.choose') } : {}),
      ...(this.opened.needNote.includes(this.chosen) && this.note.trim() === '' ? { note: say('decide.noteMissing') } : {}),
      ...(this.#asks && this.#named && this.ask.until && !this.#isAhead(this.ask.until) ? { until: say('ask.untilWrong') } : {}),
    }
    const first = this.wrong.choice ? 'input[name=decision]' : this.wrong.until ? '#ask-until' : this.wrong.note ? '#note' : null
    if (first) {
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(first)?.focus())
      return
    }
    this.fault = null
    this.#dialog.showModal()
  }

  /** After today, within a year, where the service is. */
  #isAhead(day: string) {
    const zone = this.definition.locale.timeZone
    const now = this.api.now()
    return day > dayIn(now, zone) && day <= dayIn(new Date(now.getTime() + 366 * 86_400_000), zone)
  }

  async #decide() {
    this.busy = true
    this.fault = null
    const note = this.note.trim()
    const decision = this.chosen
    try {
      const line = await this.api.decide(this.opened.submission, this.opened.revision, {
        decision,
        ...(note === '' ? {} : { note }),
        ...(decision === 'send_back' && this.backTo !== toCitizen ? { stage: this.backTo } : {}),
        ...(this.#asks && this.#named ? { ask: this.ask } : {}),
      })
      this.#dialog.close()
      this.note = this.chosen = ''
      this.ask = emptyAsk
      this.meanwhile = null
      this.dispatchEvent(new DecidedEvent(line, decision))
    } catch (error) {
      this.#dialog.close()
      if (error instanceof ApiError && error.status === 412) {
        this.meanwhile = { steps: (error.problem.meanwhile ?? []) as Step[], status: String(error.problem.status) }
        this.dispatchEvent(new Event('desk-overtaken'))
      } else if (error instanceof ApiError && error.status === 403) this.fault = error.message || say('refused.forbidden')
      else this.fault = reasonOf(error)
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('[data-fault]')?.focus()
    } finally {
      this.busy = false
    }
  }

  #overtaken() {
    const { meanwhile, service } = this
    if (!meanwhile) return nothing
    const who = ({ actor }: Step) => this.opened.names[actor] ?? actor
    return html`<div class="note careful stack" role="alert" tabindex="-1" data-fault>
      <p><strong>${say('decide.overtaken')}</strong></p>
      <ul>${meanwhile.steps.map(
        (step) => html`<li>${say('decide.step', { decision: decisionName(step.decision), who: who(step), date: momentText(step.at, service?.locale) })}</li>`,
      )}</ul>
      <p>${say('decide.nowIs', { status: statusName(meanwhile.status) })} ${this.note.trim() === '' ? nothing : say('decide.kept')}</p>
    </div>`
  }

  #stageName(id: string) {
    const stage = this.service?.stages.find((one) => one.id === id)
    return stage ? plainText(stage.label, this.service?.languages ?? []) : id
  }

  #confirmation() {
    const note = this.note.trim()
    return html`<dialog aria-labelledby="sure">
      <div class="stack">
        <h2 id="sure">${say('decide.sure', { decision: decisionName(this.chosen) })}</h2>
        <p>${
          closing.includes(this.chosen)
            ? say('decide.closes')
            : this.chosen === 'send_back' && this.backTo !== toCitizen
              ? say('decide.goesBack', { stage: this.#stageName(this.backTo) })
              : this.chosen === 'send_back' || this.chosen === 'ask_more'
                ? say('decide.waits')
                : say('decide.goesOn')
        }</p>
        ${
          this.#asks && this.#named
            ? html`<p class="label">${say('ask.sure')}</p><ul>${labelsOf(this.definition, this.ask).map(({ label }) => html`<li>${label}</li>`)}</ul>
              ${this.ask.until ? html`<p>${say('ask.sureUntil', { date: dayText(`${this.ask.until}T00:00:00Z`, 'UTC') })}</p>` : nothing}`
            : nothing
        }
        ${note === '' ? html`<p class="help">${say('decide.noNote')}</p>` : html`<p class="label">${say('decide.reads')}</p><p class="said" dir="auto">${note}</p>`}
        <div class="row">
          <button type="button" class="primary" ?disabled=${this.busy} @click=${() => void this.#decide()}>${say('decide.confirm')}</button>
          <button type="button" ?disabled=${this.busy} autofocus @click=${() => this.#dialog.close()}>${say('decide.back')}</button>
        </div>
      </div>
    </dialog>`
  }

  protected override render() {
    const { opened, wrong } = this
    if (opened.offers.length === 0)
      return html`<section class="card stack" aria-labelledby="decide"><h2 id="decide">${say('decide.title')}</h2>${this.#overtaken()}<p>${say(opened.closedAt ? 'decide.closed' : 'decide.nothing')}</p></section>`
    const needed = opened.needNote.includes(this.chosen)
    return html`<section class="card" aria-labelledby="decide"><form class="stack" novalidate @submit=${(event: SubmitEvent) => this.#ask(event)}>
      <h2 id="decide">${say('decide.title')}</h2>
      ${this.#overtaken()}
      ${this.fault ? html`<p class="note bad" role="alert" tabindex="-1" data-fault>${this.fault}</p>` : nothing}
      <fieldset aria-describedby=${wrong.choice ? 'choice-wrong' : nothing}><legend>${say('decide.what')}</legend>
        ${wrong.choice ? html`<p class="wrong" id="choice-wrong">${wrong.choice}</p>` : nothing}
        <div class="offers">${opened.offers.map(
          (offer) => html`<div class="tick"><input type="radio" name="decision" id="offer-${offer}" value=${offer} .checked=${this.chosen === offer}
            aria-invalid=${wrong.choice ? 'true' : nothing} @change=${() => {
              this.chosen = offer
              this.wrong = {}
            }}><label for="offer-${offer}">${decisionName(offer)}</label></div>`,
        )}</div></fieldset>
      ${
        this.chosen === 'send_back' && opened.backTo.length > 0
          ? html`<div class="field"><label for="back-to">${say('decide.backTo')}</label>
              <select id="back-to" @change=${(event: Event) => (this.backTo = (event.target as HTMLSelectElement).value)}>
                <option value=${toCitizen} .selected=${this.backTo === toCitizen}>${say('decide.toCitizen')}</option>
                ${opened.backTo.map((id) => html`<option value=${id} .selected=${this.backTo === id}>${this.#stageName(id)}</option>`)}
              </select></div>`
          : nothing
      }
      ${
        this.#asks
          ? askView(opened, this.definition, this.ask, {
              fault: wrong.until ?? null,
              change: (ask) => {
                this.ask = ask
                this.wrong = { ...wrong, until: undefined }
              },
            })
          : nothing
      }
      <div class="field"><label for="note">${say(needed ? 'decide.note' : 'decide.noteOptional')}</label>
        ${wrong.note ? html`<p class="wrong" id="note-wrong">${wrong.note}</p>` : nothing}
        <textarea id="note" rows="4" maxlength="8000" dir="auto" .value=${this.note} aria-invalid=${wrong.note ? 'true' : nothing} aria-describedby=${wrong.note ? 'note-wrong note-help' : 'note-help'}
          @input=${(event: Event) => (this.note = (event.target as HTMLTextAreaElement).value)}></textarea>
        <p class="help" id="note-help">${say('decide.noteHelp')}</p></div>
      <div><button class="primary" ?disabled=${this.busy}>${say('decide.button')}</button></div>
    </form></section>
    ${this.#confirmation()}`
  }
}
customElements.define('desk-decision', DecisionForm)

declare global {
  interface HTMLElementTagNameMap {
    'desk-decision': DecisionForm
  }
}
