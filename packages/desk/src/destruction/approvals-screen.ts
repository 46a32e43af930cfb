/** What takes two people: what waits for a second one, what was decided, and the certificates of what was destroyed. */
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import type { Account, Person } from '../api.ts'
import { Localized, type MessageKey, say } from '../language.ts'
import { momentText, shortNumber } from '../names.ts'
import { caseAt } from '../place.ts'
import { type Approval, type Certificate, certificateAt, destructionApi, faultOf } from './api.ts'

export class ApprovalsScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); max-inline-size: 52rem; }
      .said { white-space: pre-line; overflow-wrap: anywhere; border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; }
      li { overflow-wrap: anywhere; }
    `,
  ]
  static override readonly properties = {
    account: { attribute: false },
    colleagues: { attribute: false },
    approvals: { state: true },
    certificates: { state: true },
    sure: { state: true },
    told: { state: true },
    fault: { state: true },
    busy: { state: true },
  }
  declare account: Account
  declare colleagues: readonly Person[]
  declare protected approvals: readonly Approval[] | null
  /** Null: they are not theirs to read. */
  declare protected certificates: readonly Certificate[] | null
  /** What is about to be allowed. */
  declare protected sure: Approval | null
  declare protected told: string
  declare protected fault: string | null
  declare protected busy: boolean
  readonly #api = destructionApi()

  constructor() {
    super()
    this.colleagues = []
    this.approvals = this.certificates = this.sure = this.fault = null
    this.told = ''
    this.busy = false
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#load()
  }

  async #load() {
    try {
      const [approvals, certificates] = await Promise.all([
        mayTry(this.account, 'case.erase') ? this.#api.approvals() : [],
        mayTry(this.account, 'audit.read') ? this.#api.certificates() : null,
      ])
      this.approvals = approvals
      this.certificates = certificates
    } catch (error) {
      this.fault = faultOf(error)
    }
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog') as HTMLDialogElement
  }

  async #ask(approval: Approval) {
    this.sure = approval
    await this.updateComplete
    this.#dialog.showModal()
  }

  async #decide(approval: Approval, decision: 'approve' | 'refuse') {
    if (this.busy) return
    this.busy = true
    this.fault = null
    this.told = ''
    this.#dialog.close()
    try {
      await this.#api.decide(approval.id, decision)
      await this.#load()
      this.told = say(`approvals.did.${decision}` as MessageKey, { what: say(`approvals.kind.${approval.kind}` as MessageKey) })
    } catch (error) {
      this.fault = faultOf(error)
    } finally {
      this.busy = false
    }
    await this.updateComplete
    // The line that had the button may be gone.
    this.renderRoot.querySelector<HTMLElement>('#outcome')?.focus()
  }

  #name(actor: string) {
    if (actor === `user:${this.account.user.id}`) return say('approvals.you')
    return this.colleagues.find(({ id }) => actor === `user:${id}`)?.name ?? say('someone')
  }

  #line(approval: Approval) {
    const { submission, service, reason, kind, state, requestedBy, requestedAt, expiresAt } = approval
    const own = requestedBy === `user:${this.account.user.id}`
    const which = html`<span class="unseen"> ${say(`approvals.kind.${kind}` as MessageKey)}</span>`
    return html`<li class="card stack" data-approval=${approval.id}>
      <div><h3>${say(`approvals.kind.${kind}` as MessageKey)}</h3>
        <p>${
          submission
            ? html`${say('approvals.case')} ${state === 'done' && kind === 'erasure' ? html`<bdi dir="ltr">${shortNumber(submission)}</bdi>` : html`<a href=${caseAt(submission, { queue: 'open' })}><bdi dir="ltr">${shortNumber(submission)}</bdi></a>`}`
            : html`${say('approvals.service')} <bdi dir="ltr">${service}</bdi>`
        } · ${say(`approvals.state.${state}` as MessageKey, { date: momentText(expiresAt) })}</p>
        <p class="help">${say('approvals.askedBy', { name: this.#name(requestedBy), date: momentText(requestedAt) })}</p></div>
      ${reason === null ? html`<p class="help">${say('approvals.reasonGone')}</p>` : html`<p class="said" dir="auto">${reason}</p>`}
      ${
        state !== 'open'
          ? nothing
          : own
            ? html`<p class="help">${say('approvals.own')}</p>`
            : html`<div class="row"><button type="button" class="primary" aria-disabled=${this.busy} @click=${() => void this.#ask(approval)}>${say('approvals.approve')}${which}</button>
                <button type="button" aria-disabled=${this.busy} @click=${() => void this.#decide(approval, 'refuse')}>${say('approvals.refuse')}${which}</button></div>`
      }</li>`
  }

  #certificate({ id, kind, at, cases, ready }: Certificate) {
    const date = momentText(at)
    return html`<li class="row spread" data-certificate=${id}><span>${kind === 'case' ? say('certificates.case') : say('certificates.retention', { count: cases })} · <time datetime=${at}>${date}</time></span>
      ${ready ? html`<a href=${certificateAt(id)} download>${say('certificates.save')}<span class="unseen"> ${say('certificates.of', { date })}</span></a>` : html`<span class="help">${say('certificates.notReady')}</span>`}</li>`
  }

  #confirmation() {
    const { sure } = this
    return html`<dialog aria-labelledby="sure">${
      sure
        ? html`<div class="stack"><h2 id="sure">${say('approvals.sure')}</h2>
            <p>${say(`approvals.kind.${sure.kind}` as MessageKey)}${sure.submission ? html` · <bdi dir="ltr">${shortNumber(sure.submission)}</bdi>` : nothing}</p>
            ${sure.reason === null ? nothing : html`<p class="said" dir="auto">${sure.reason}</p>`}
            ${sure.kind === 'erasure' ? html`<p class="note bad">${say('approvals.sureErasure')}</p>` : nothing}
            <div class="row"><button type="button" class=${sure.kind === 'erasure' ? 'danger' : 'primary'} @click=${() => void this.#decide(sure, 'approve')}>${say('approvals.approve')}</button>
              <button type="button" autofocus @click=${() => this.#dialog.close()}>${say('approvals.back')}</button></div></div>`
        : nothing
    }</dialog>`
  }

  protected override render() {
    const { approvals, certificates } = this
    const open = approvals?.filter(({ state }) => state === 'open') ?? []
    const past = approvals?.filter(({ state }) => state !== 'open') ?? []
    return html`<h1 tabindex="-1">${say('approvals.title')}</h1>
      <p>${say('approvals.about')}</p>
      <div id="outcome" tabindex="-1">
        ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
        <p role="status" class=${this.told ? 'note' : 'unseen'}>${approvals ? this.told : this.fault ? '' : say('loading')}</p></div>
      ${
        approvals
          ? html`<section class="stack" aria-labelledby="open"><h2 id="open">${say('approvals.open')}</h2>
              ${open.length === 0 ? html`<p>${say('approvals.none')}</p>` : html`<ul class="stack">${open.map((one) => this.#line(one))}</ul>`}</section>
            ${past.length === 0 ? nothing : html`<section class="stack" aria-labelledby="past"><h2 id="past">${say('approvals.past')}</h2><ul class="stack">${past.map((one) => this.#line(one))}</ul></section>`}`
          : nothing
      }
      ${
        certificates
          ? html`<section class="card stack" aria-labelledby="certificates"><h2 id="certificates">${say('certificates.title')}</h2>
              <p>${say('certificates.about')}</p>
              ${certificates.length === 0 ? html`<p>${say('certificates.none')}</p>` : html`<ul class="stack">${certificates.map((one) => this.#certificate(one))}</ul>`}</section>`
          : nothing
      }
      ${this.#confirmation()}`
  }
}
customElements.define('desk-approvals', ApprovalsScreen)

declare global {
  interface HTMLElementTagNameMap {
    'desk-approvals': ApprovalsScreen
  }
}
