/** Which mails about their work somebody wants. None comes to whoever does not say so here. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, say } from '../language.ts'
import { reasonOf } from '../refusal.ts'
import { type Mails, mailsApi } from './api.ts'

const choices = [1, 2, 3, 5, 10]

export class MailsScreen extends LitElement {
  static override readonly styles = [shared, css`:host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); max-inline-size: 40rem; }`]
  static override readonly properties = { mails: { state: true }, told: { state: true }, fault: { state: true }, busy: { state: true } }
  declare protected mails: Mails | null
  declare protected told: string
  declare protected fault: string | null
  declare protected busy: boolean
  readonly #api = mailsApi()

  constructor() {
    super()
    this.mails = this.fault = null
    this.told = ''
    this.busy = false
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#run(() => this.#api.open())
  }

  async #run(ask: () => Promise<Mails>, told = '') {
    this.busy = true
    this.fault = null
    this.told = ''
    try {
      this.mails = await ask()
      this.told = told
    } catch (error) {
      this.fault = reasonOf(error)
    } finally {
      this.busy = false
    }
  }

  #save(event: SubmitEvent) {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    const wish = { assigned: data.get('assigned') !== null, days: Number(data.get('days')), digest: data.get('digest') !== null }
    void this.#run(() => this.#api.save(wish), say('mails.saved'))
  }

  #form(mails: Mails) {
    const { offered, days } = mails
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.#save(event)}>
      ${offered ? html`<p>${say('mails.about')} <bdi dir="ltr">${mails.address}</bdi></p>` : html`<p class="note">${say('mails.off')}</p>`}
      <div class="tick"><input type="checkbox" id="assigned" name="assigned" ?disabled=${!offered} .checked=${mails.assigned}><label for="assigned">${say('mails.assigned')}</label></div>
      <div class="field"><label for="days">${say('mails.days')}</label>
        <select id="days" name="days" ?disabled=${!offered}><option value="0" .selected=${days === 0}>${say('mails.never')}</option>
          ${[...new Set([...choices, ...(days > 0 ? [days] : [])])].sort((a, b) => a - b).map((count) => html`<option value=${count} .selected=${days === count}>${say('mails.within', { count })}</option>`)}</select></div>
      <div class="tick"><input type="checkbox" id="digest" name="digest" ?disabled=${!offered} .checked=${mails.digest}><label for="digest">${say('mails.digest')}</label></div>
      <p class="help">${say('mails.help')}</p>
      ${offered ? html`<div><button class="primary" ?disabled=${this.busy}>${say('mails.save')}</button></div>` : nothing}
    </form>`
  }

  protected override render() {
    return html`<h1 tabindex="-1">${say('mails.title')}</h1>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p role="status" class=${this.told === '' ? 'unseen' : 'note'}>${this.told}</p>
      ${this.mails ? this.#form(this.mails) : this.fault ? nothing : html`<p role="status">${say('loading')}</p>`}`
  }
}
customElements.define('desk-mails', MailsScreen)

/** The link in a mail that ends them: one press, and no signing in. Nothing ends by itself: programs look at links, too. */
export class StopMails extends LitElement {
  static override readonly styles = [shared]
  static override readonly properties = { token: {}, done: { state: true }, fault: { state: true } }
  declare token: string
  declare protected done: boolean
  declare protected fault: string | null

  constructor() {
    super()
    this.token = ''
    this.done = false
    this.fault = null
    new Localized(this)
  }

  async #stop() {
    this.fault = null
    try {
      await mailsApi().stop(this.token)
      this.done = true
    } catch (error) {
      this.fault = reasonOf(error)
    }
  }

  protected override render() {
    return html`<div class="stack"><h1 tabindex="-1">${say('mails.title')}</h1>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p role="status">${this.done ? say('mails.stopped') : ''}</p>
      ${this.done ? html`<p><a href="#/">${say('nav.inbox')}</a></p>` : html`<div><button type="button" class="primary" @click=${() => void this.#stop()}>${say('mails.stop')}</button></div>`}</div>`
  }
}
customElements.define('desk-stop-mails', StopMails)

declare global {
  interface HTMLElementTagNameMap {
    'desk-mails': MailsScreen
    'desk-stop-mails': StopMails
  }
}
