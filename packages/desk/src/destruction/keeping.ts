/** Beside a case, for those who may: that it is held, and to have it held, let go of or erased. Fires `desk-erased`. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { Localized, type MessageKey, say } from '../language.ts'
import { momentText } from '../names.ts'
import { type Approval, destructionApi, faultOf, type Hold } from './api.ts'

type Step = 'hold' | 'release' | 'erase'

const longestReason = 2000

export class CaseKeeping extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .said { white-space: pre-line; overflow-wrap: anywhere; }
      @media print { :host { display: none; } }
    `,
  ]
  static override readonly properties = {
    submission: {},
    hold: { state: true },
    asked: { state: true },
    step: { state: true },
    told: { state: true },
    fault: { state: true },
    wrong: { state: true },
    busy: { state: true },
  }
  declare submission: string
  /** Undefined while it is not known. */
  declare protected hold: Hold | null | undefined
  /** What was asked for about this case and is not decided yet. */
  declare protected asked: Approval | null
  declare protected step: Step | null
  declare protected told: string
  declare protected fault: string | null
  declare protected wrong: string | null
  declare protected busy: boolean
  readonly #api = destructionApi()

  constructor() {
    super()
    this.submission = this.told = ''
    this.hold = undefined
    this.asked = this.step = this.fault = this.wrong = null
    this.busy = false
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues) {
    if (!changed.has('submission')) return
    this.told = ''
    this.step = null
    void this.#load()
  }

  async #load() {
    const { submission } = this
    this.hold = undefined
    this.fault = null
    try {
      const [hold, approvals] = await Promise.all([this.#api.hold(submission), this.#api.approvals()])
      if (submission !== this.submission) return
      this.hold = hold
      this.asked = approvals.find((one) => one.submission === submission && one.state === 'open') ?? null
    } catch (error) {
      if (submission === this.submission) this.fault = faultOf(error)
    }
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog') as HTMLDialogElement
  }

  async #begin(step: Step) {
    this.step = step
    this.wrong = null
    await this.updateComplete
    this.#dialog.showModal()
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault()
    const { step, submission } = this
    const reason = String(new FormData(event.target as HTMLFormElement).get('reason') ?? '').trim()
    if (!step || this.busy) return
    if (reason === '') {
      this.wrong = say('keeping.reasonMissing')
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('#reason')?.focus()
      return
    }
    this.busy = true
    this.wrong = null
    try {
      const told = await this.#do(step, submission, reason)
      this.#dialog.close()
      if (told === null) return
      this.told = told
      await this.#load()
    } catch (error) {
      this.wrong = faultOf(error)
    } finally {
      this.busy = false
    }
  }

  /** Null: the case is no more. */
  async #do(step: Step, submission: string, reason: string): Promise<string | null> {
    if (step === 'hold') {
      await this.#api.setHold(submission, reason)
      return say('keeping.heldNow')
    }
    if (step === 'release') return this.#waits(await this.#api.askRelease(submission, reason))
    const { approval, certificate } = await this.#api.askErasure(submission, reason)
    if (certificate === null) return this.#waits(approval)
    this.dispatchEvent(new Event('desk-erased', { bubbles: true, composed: true }))
    return null
  }

  readonly #waits = ({ expiresAt }: Approval) => say('keeping.asked', { date: momentText(expiresAt) })

  #form(step: Step) {
    return html`<form class="stack" novalidate @submit=${(event: SubmitEvent) => void this.#submit(event)}>
      <h2 id="step">${say(`keeping.${step}.title` as MessageKey)}</h2>
      <p class=${step === 'erase' ? 'note bad' : ''}>${say(`keeping.${step}.what` as MessageKey)}</p>
      <div class="field"><label for="reason">${say('keeping.reason')}</label>
        ${this.wrong ? html`<p class="wrong" id="wrong" role="alert">${this.wrong}</p>` : nothing}
        <textarea id="reason" name="reason" rows="3" maxlength=${longestReason} dir="auto" autofocus aria-required="true" aria-invalid=${this.wrong ? 'true' : nothing} aria-describedby=${this.wrong ? 'wrong reason-help' : 'reason-help'}></textarea>
        <p class="help" id="reason-help">${say('keeping.reasonHelp')}</p></div>
      <div class="row"><button class=${step === 'erase' ? 'danger' : 'primary'} aria-disabled=${this.busy}>${say(`keeping.${step}.title` as MessageKey)}</button>
        <button type="button" @click=${() => this.#dialog.close()}>${say('cancel')}</button></div>
    </form>`
  }

  protected override render() {
    const { hold, asked } = this
    const button = (step: Step, kind = '') =>
      html`<button type="button" class="small ${kind}" data-step=${step} @click=${() => void this.#begin(step)}>${say(`keeping.${step}` as MessageKey)}</button>`
    return html`<section class="card stack" aria-labelledby="keeping"><h2 id="keeping">${say('keeping.title')}</h2>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p role="status" class=${this.told ? 'note' : 'unseen'}>${this.told}</p>
      ${
        hold === undefined
          ? nothing
          : html`${hold ? html`<p>${say('keeping.held', { date: momentText(hold.setAt) })}</p><p class="said" dir="auto">${hold.reason}</p>` : html`<p>${say('keeping.none')}</p>`}
            ${asked ? html`<p><a href="#/approvals">${say(`approvals.kind.${asked.kind}` as MessageKey)}</a>: ${say('approvals.state.open', { date: momentText(asked.expiresAt) })}</p>` : nothing}
            <div class="row">${hold ? (asked ? nothing : button('release')) : html`${button('hold')}${asked ? nothing : button('erase', 'danger')}`}</div>`
      }</section>
      <dialog aria-labelledby="step" @close=${() => (this.step = null)}>${this.step ? this.#form(this.step) : nothing}</dialog>`
  }
}
customElements.define('desk-keeping', CaseKeeping)

declare global {
  interface HTMLElementTagNameMap {
    'desk-keeping': CaseKeeping
  }
}
