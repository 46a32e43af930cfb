/** The desk: which screen stands, by the address and by who is signed in. */
import '@guichet/staff/sign-in-screen'
import '@guichet/staff/top-bar'
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { type Account, type Api, ApiError, type Desk, deskApi, Unreachable } from './api.ts'
import './audit-screen.ts'
import './case-screen.ts'
import './inbox-screen.ts'
import { Localized, say } from './language.ts'
import { inboxAt, type Place, readPlace } from './place.ts'

type State =
  | { name: 'loading' }
  | { name: 'sign-in' }
  | { name: 'failed'; why: string }
  | { name: 'stop'; token: string }
  | { name: 'in'; account: Account; desk: Desk | null; place: Place }

export class DeskApp extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .page { max-inline-size: 76rem; margin-inline: auto; padding: 1.25rem 1rem 3rem; }
      .narrow { max-inline-size: 28rem; }
      nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
      @media print { .page { padding: 0; } }
    `,
  ]
  static override readonly properties = { api: { attribute: false }, state: { state: true }, ended: { state: true } }
  declare api: Api
  declare protected state: State
  /** The session has ended while somebody worked: they sign in again above what they were doing, and lose nothing. */
  declare protected ended: boolean

  #again: { promise: Promise<void>; resolve(): void; reject(reason: unknown): void } | null = null

  constructor() {
    super()
    this.api = deskApi(() => this.#signInAgain())
    this.state = { name: 'loading' }
    this.ended = false
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    addEventListener('hashchange', this.#go)
    void this.#go()
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.#go)
  }

  readonly #go = async () => {
    const place = readPlace(location.hash)
    // Rarely needed, and more to load than the rest of the desk.
    if (place.screen === 'keys') await import('./sealed/keys-screen.ts')
    if (place.screen === 'approvals') await import('./destruction/approvals-screen.ts')
    if (place.screen === 'mails' || place.screen === 'stop') await import('./mails/mails-screen.ts')
    if (place.screen === 'stop') {
      this.state = { name: 'stop', token: place.token }
      return
    }
    if (this.state.name === 'in') {
      this.state = { ...this.state, place }
      return
    }
    try {
      const account = await this.api.whoAmI()
      this.state = account ? { name: 'in', account, desk: await this.#desk(account), place: readPlace(location.hash) } : { name: 'sign-in' }
    } catch (error) {
      if (error instanceof Unreachable) this.state = { name: 'failed', why: say('unreachable') }
      else if (error instanceof ApiError) this.state = { name: 'failed', why: say('failed', { detail: error.message }) }
      else throw error
    }
  }

  /** Null: this account has no cases to handle. */
  async #desk(account: Account): Promise<Desk | null> {
    if (!mayTry(account, 'case.list')) return null
    return this.api.desk().catch((error) => {
      if (error instanceof ApiError && error.status === 403) return null
      throw error
    })
  }

  #signInAgain(): Promise<void> {
    if (!this.#again) {
      this.#again = Promise.withResolvers<void>()
      this.ended = true
    }
    return this.#again.promise
  }

  /** Somebody signed in above a screen. Another person does not go on with what this one was doing. */
  async #back() {
    const account = await this.api.whoAmI().catch(() => null)
    if (!account) return
    if (this.state.name !== 'in' || account.user.id !== this.state.account.user.id) {
      location.reload()
      return
    }
    this.state = { ...this.state, account }
    this.ended = false
    this.#again?.resolve()
    this.#again = null
  }

  async #signOut() {
    await this.api.signOut().catch(() => {})
    // Keys that are unlocked are forgotten with the session.
    dispatchEvent(new Event('desk-left'))
    this.state = { name: 'loading' }
    history.replaceState(null, '', `${location.pathname}#/`)
    void this.#go()
  }

  protected override updated(changed: PropertyValues) {
    const dialog = this.renderRoot.querySelector('dialog')
    if (dialog && this.ended && !dialog.open) {
      dialog.showModal()
      dialog
        .querySelector('staff-sign-in')
        ?.updateComplete.then(() => dialog.querySelector('staff-sign-in')?.renderRoot.querySelector<HTMLElement>('#email')?.focus())
    }
    if (dialog && !this.ended && dialog.open) dialog.close()
    const before = (changed as Map<PropertyKey, unknown>).get('state') as State | undefined
    if (!changed.has('state') || this.state.name === 'loading' || keyOf(before) === keyOf(this.state)) return
    // A new screen is read from its heading on.
    const screen = this.renderRoot.querySelector<LitElement>('[data-screen]')
    void screen?.updateComplete?.then(() => screen.renderRoot.querySelector<HTMLElement>('h1')?.focus())
  }

  #place(account: Account, desk: Desk | null, place: Place) {
    if (place.screen === 'mails') return html`<desk-mails data-screen></desk-mails>`
    if (place.screen === 'approvals') return html`<desk-approvals data-screen .account=${account} .colleagues=${desk?.colleagues ?? []}></desk-approvals>`
    // Who has no cases has come for the log, if for anything.
    if (place.screen === 'audit' || (!desk && account.may?.includes('audit.read')))
      return html`<desk-audit data-screen .api=${this.api} .account=${account} .query=${place.screen === 'audit' ? place.query : ''}></desk-audit>`
    if (!desk) return html`<p class="note">${say('desk.noCases')}</p>`
    switch (place.screen) {
      case 'inbox':
        return html`<desk-inbox data-screen .api=${this.api} .account=${account} .desk=${desk} .filter=${place.filter}></desk-inbox>`
      case 'case':
        return html`<desk-case data-screen .api=${this.api} .account=${account} .desk=${desk} .submission=${place.id} .filter=${place.filter}></desk-case>`
      case 'keys':
        return html`<desk-keys data-screen .account=${account} .colleagues=${desk?.colleagues ?? []}></desk-keys>`
    }
  }

  #screen() {
    const { state } = this
    switch (state.name) {
      case 'loading':
        return html`<div class="page"><p role="status">${say('loading')}</p></div>`
      case 'sign-in':
        return html`<main class="page narrow"><staff-sign-in data-screen .api=${this.api} @staff-entered=${() => void this.#go()}></staff-sign-in></main>`
      case 'stop':
        return html`<main class="page narrow"><desk-stop-mails data-screen .token=${state.token}></desk-stop-mails></main>`
      case 'failed':
        return html`<main class="page stack"><p class="note bad" role="alert">${state.why}</p>
          <div class="row"><button type="button" @click=${() => void this.#go()}>${say('retry')}</button></div></main>`
      case 'in':
        return html`<main class="page" id="main">${this.#place(state.account, state.desk, state.place)}</main>`
    }
  }

  protected override render() {
    const { account, desk } = this.state.name === 'in' ? this.state : { account: null, desk: null }
    return html`
      <staff-top-bar .account=${account} @staff-leave=${() => void this.#signOut()}>
        ${
          account
            ? html`<nav aria-label=${say('nav.label')}>
                ${desk ? html`<a href=${inboxAt({ queue: 'open' })}>${say('nav.inbox')}</a>` : nothing}
                <a href="#/keys">${say('keys.title')}</a>
                ${desk ? html`<a href="#/mails">${say('mails.title')}</a>` : nothing}
                ${mayTry(account, 'case.erase') || mayTry(account, 'audit.read') ? html`<a href="#/approvals">${say('approvals.title')}</a>` : nothing}
                ${mayTry(account, 'audit.read') ? html`<a href="#/audit">${say('nav.audit')}</a>` : nothing}
                ${desk?.statistics ? html`<a href="/statistics/${account.agency.id}">${say('nav.statistics')}</a>` : nothing}
              </nav>`
            : nothing
        }
      </staff-top-bar>
      ${this.#screen()}
      <dialog id="again" aria-labelledby="ended" @cancel=${(event: Event) => event.preventDefault()}>
        ${
          this.ended
            ? html`<div class="stack"><p class="note careful" id="ended">${say('session.ended')}</p>
                <staff-sign-in .api=${this.api} @staff-entered=${() => void this.#back()}></staff-sign-in></div>`
            : nothing
        }
      </dialog>
    `
  }
}

/** What is one screen to somebody who listens: another page of a list is not another one. */
function keyOf(state: State | undefined): string {
  if (state?.name !== 'in') return state?.name ?? ''
  const { place } = state
  return place.screen === 'case' ? `case ${place.id}` : place.screen
}

customElements.define('desk-app', DeskApp)

declare global {
  interface HTMLElementTagNameMap {
    'desk-app': DeskApp
  }
}
