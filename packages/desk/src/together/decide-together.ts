/**
 * One decision about several cases, as with a single one: what is decided, what each applicant reads, once more how many it
 * concerns, and then what became of each. Fires `desk-together-done` when it is closed and something was decided.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Api, CaseLine, Desk, Together } from '../api.ts'
import { Localized, language, say } from '../language.ts'
import { decisionName, plainText, shortNumber } from '../names.ts'
import { caseAt, type ListFilter } from '../place.ts'
import { reasonOf } from '../refusal.ts'
import { commonOffers, portions } from './selection.ts'

const atOnce = 10
const closing = ['reject', 'refuse']
const waiting = ['send_back', 'ask_more']

type Step = 'choose' | 'sure' | 'running' | 'over'

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

export class DecideTogether extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .offers { display: grid; gap: 0.35rem; }
      .said { white-space: pre-line; overflow-wrap: anywhere; border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; max-block-size: 12rem; overflow-y: auto; }
      progress { inline-size: 100%; block-size: 1rem; accent-color: var(--action); }
      .refused { display: grid; gap: 0.5rem; }
      .refused a { font-weight: 600; display: inline-block; min-block-size: 1.5rem; }
      @media print { :host { display: none; } }
    `,
  ]
  static override readonly properties = {
    api: { attribute: false },
    desk: { attribute: false },
    filter: { attribute: false },
    cases: { attribute: false },
    step: { state: true },
    chosen: { state: true },
    note: { state: true },
    wrong: { state: true },
    results: { state: true },
    fault: { state: true },
  }
  declare api: Api
  declare desk: Desk
  declare filter: ListFilter
  /** As they were when the dialog was opened: what was seen is what is decided about. */
  declare cases: readonly CaseLine[]
  declare protected step: Step
  declare protected chosen: string
  declare protected note: string
  declare protected wrong: { choice?: string; note?: string }
  /** What became of each, by number. */
  declare protected results: ReadonlyMap<string, Together>
  /** Why it stopped half way. */
  declare protected fault: string | null
  /** The same for each try. */
  #key = ''

  constructor() {
    super()
    this.cases = []
    this.step = 'choose'
    this.chosen = this.note = ''
    this.wrong = {}
    this.results = new Map()
    this.fault = null
    new Localized(this)
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog') as HTMLDialogElement
  }

  async open(cases: readonly CaseLine[]) {
    this.cases = cases
    this.step = 'choose'
    this.wrong = {}
    this.results = new Map()
    this.fault = null
    this.#key = newKey()
    const offers = commonOffers(cases)
    if (!offers.includes(this.chosen)) this.chosen = offers.length === 1 ? (offers[0] as string) : ''
    await this.updateComplete
    this.#dialog.showModal()
  }

  protected override updated(changed: PropertyValues) {
    // Each step is read from its heading on; where one is asked whether to go on, the way back is at hand.
    if (changed.has('step') && this.#dialog?.open) this.renderRoot.querySelector<HTMLElement>(this.step === 'sure' ? '#back' : 'h2')?.focus()
  }

  #check(event: SubmitEvent) {
    event.preventDefault()
    this.wrong = {
      ...(this.chosen === '' ? { choice: say('decide.choose') } : {}),
      ...(this.desk.needNote.includes(this.chosen) && this.note.trim() === '' ? { note: say('decide.noteMissing') } : {}),
    }
    const first = this.wrong.choice ? 'input[name=decision]' : this.wrong.note ? '#note' : null
    if (first) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(first)?.focus())
    else this.step = 'sure'
  }

  /** Goes on where it stopped: what was done before an answer was lost is told as done. */
  async #run() {
    this.step = 'running'
    this.fault = null
    const note = this.note.trim()
    const decided = { decision: this.chosen, ...(note === '' ? {} : { note }) }
    try {
      for (const portion of portions(
        this.cases.filter(({ submission }) => !this.results.has(submission)),
        atOnce,
      )) {
        const { results } = await this.api.decideTogether(portion, decided, this.#key)
        this.results = new Map([...this.results, ...portion.map(({ submission }, i) => [submission, results[i] as Together] as const)])
      }
      this.step = 'over'
      if (this.#refused.length === 0) this.note = ''
    } catch (error) {
      this.fault = reasonOf(error)
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('[data-fault]')?.focus()
    }
  }

  get #refused() {
    return this.cases.filter(({ submission }) => this.results.get(submission)?.refused)
  }

  #closed() {
    if (this.results.size > 0) this.dispatchEvent(new Event('desk-together-done'))
  }

  /** Nothing is closed while something is under way: what became of it would not be told. */
  #hold(event: Event) {
    if (this.step === 'running' && !this.fault) event.preventDefault()
  }

  #languages() {
    const spoken = [...new Set(this.cases.map((one) => one.language))]
    if (spoken.length < 2) return nothing
    const names = spoken.map((tag) => new Intl.DisplayNames([language()], { type: 'language' }).of(tag) ?? tag)
    return html`<p class="help">${say('together.languages', { languages: new Intl.ListFormat(language()).format(names) })}</p>`
  }

  #choice() {
    const { cases, wrong } = this
    const offers = commonOffers(cases)
    const count = cases.length
    if (offers.length === 0)
      return html`<div class="stack"><h2 id="title" tabindex="-1">${say('together.title', { count })}</h2><p>${say('together.nothing')}</p>
        <div class="row"><button type="button" @click=${() => this.#dialog.close()}>${say('decide.back')}</button></div></div>`
    const allows = cases.every((one) => one.offers.length === offers.length)
    const needed = this.desk.needNote.includes(this.chosen)
    return html`<form class="stack" novalidate @submit=${(event: SubmitEvent) => this.#check(event)}>
      <h2 id="title" tabindex="-1">${say('together.title', { count })}</h2>
      <fieldset aria-describedby=${wrong.choice ? 'choice-wrong' : nothing}><legend>${say('decide.what')}</legend>
        ${wrong.choice ? html`<p class="wrong" id="choice-wrong">${wrong.choice}</p>` : nothing}
        <div class="offers">${offers.map(
          (offer) => html`<div class="tick"><input type="radio" name="decision" id="offer-${offer}" value=${offer} .checked=${this.chosen === offer}
            aria-invalid=${wrong.choice ? 'true' : nothing} @change=${() => {
              this.chosen = offer
              this.wrong = {}
            }}><label for="offer-${offer}">${decisionName(offer)}</label></div>`,
        )}</div></fieldset>
      ${allows ? nothing : html`<p class="help">${say('together.common')}</p>`}
      <div class="field"><label for="note">${say(needed ? 'together.note' : 'together.noteOptional')}</label>
        ${wrong.note ? html`<p class="wrong" id="note-wrong">${wrong.note}</p>` : nothing}
        <textarea id="note" rows="4" maxlength="8000" dir="auto" .value=${this.note} aria-invalid=${wrong.note ? 'true' : nothing} aria-describedby=${wrong.note ? 'note-wrong note-help' : 'note-help'}
          @input=${(event: Event) => (this.note = (event.target as HTMLTextAreaElement).value)}></textarea>
        <p class="help" id="note-help">${say('together.noteHelp')}</p></div>
      ${this.#languages()}
      <div class="row"><button class="primary">${say('decide.button')}</button><button type="button" @click=${() => this.#dialog.close()}>${say('decide.back')}</button></div>
    </form>`
  }

  #sure() {
    const note = this.note.trim()
    const count = this.cases.length
    return html`<div class="stack">
      <h2 id="title" tabindex="-1">${say('decide.sure', { decision: decisionName(this.chosen) })}</h2>
      <p><strong>${say('together.many', { count })}</strong> ${say(closing.includes(this.chosen) ? 'together.closes' : waiting.includes(this.chosen) ? 'together.waits' : 'together.goOn')}</p>
      ${note === '' ? html`<p class="help">${say('together.noNote')}</p>` : html`<p class="label">${say('together.reads')}</p><p class="said" dir="auto" tabindex="0">${note}</p>`}
      <div class="row">
        <button type="button" class="primary" id="yes" @click=${() => void this.#run()}>${say('together.confirm', { count })}</button>
        <button type="button" id="back" @click=${() => (this.step = 'choose')}>${say('decide.back')}</button>
      </div></div>`
  }

  #running() {
    const { fault, cases, results } = this
    const told = say('together.progress', { done: results.size, count: cases.length })
    return html`<div class="stack">
      <h2 id="title" tabindex="-1">${say('together.title', { count: cases.length })}</h2>
      <progress max=${cases.length} .value=${results.size} aria-label=${told}></progress>
      <p role="status">${told}</p>
      ${
        fault
          ? html`<div class="note bad stack" role="alert" tabindex="-1" data-fault><p>${fault}</p><p>${say('together.stopped')}</p>
            <div class="row"><button type="button" class="small" @click=${() => void this.#run()}>${say('retry')}</button>
              <button type="button" class="small" @click=${() => this.#dialog.close()}>${say('together.close')}</button></div></div>`
          : nothing
      }</div>`
  }

  #over() {
    const refused = this.#refused
    return html`<div class="stack">
      <h2 id="title" tabindex="-1">${say('together.done', { count: this.results.size - refused.length })}</h2>
      ${
        refused.length === 0
          ? nothing
          : html`<div class="note careful stack"><p><strong>${say('together.refused', { count: refused.length })}</strong></p>
            <ul class="refused">${refused.map((one) => this.#refusal(one))}</ul></div>`
      }
      <div class="row"><button type="button" class="primary" @click=${() => this.#dialog.close()}>${say('together.close')}</button></div></div>`
  }

  #refusal(one: CaseLine) {
    const service = this.desk.services.find(({ id }) => id === one.service)
    const problem = this.results.get(one.submission)?.refused
    const stale = String(problem?.type).endsWith('/stale')
    const why = stale ? say('together.stale') : problem?.errors?.map(({ detail }) => detail).join(' ') || String(problem?.title ?? '')
    return html`<li><a href=${caseAt(one.submission, this.filter)}>${service ? plainText(service.title, service.languages) : one.service} <bdi dir="ltr">${shortNumber(one.submission)}</bdi></a>: ${why}</li>`
  }

  protected override render() {
    const step = { choose: () => this.#choice(), sure: () => this.#sure(), running: () => this.#running(), over: () => this.#over() }[this.step]
    return html`<dialog aria-labelledby="title" @cancel=${(event: Event) => this.#hold(event)} @close=${() => this.#closed()}>${step()}</dialog>`
  }
}
customElements.define('desk-together', DecideTogether)

declare global {
  interface HTMLElementTagNameMap {
    'desk-together': DecideTogether
  }
}
