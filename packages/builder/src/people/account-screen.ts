/** One's own account: password, second factor, passkeys, and where one is signed in. Fires `builder-secured` when more is allowed now. */
import { makePasskey, passkeysWork } from '@guichet/staff/passkey'
import type { Account } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, language, say } from '../language.ts'
import { peopleApi, type SessionLine } from './api.ts'
import { Deeds } from './deeds.ts'
import '../copy-box.ts'

type Passkeys = Awaited<ReturnType<ReturnType<typeof peopleApi>['passkeys']>>

export class AccountScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1.25rem; }
      .lines { display: grid; gap: 0.5rem; }
      .lines > li { display: flex; flex-wrap: wrap; gap: 0.35rem 1rem; justify-content: space-between; align-items: center; padding-block: 0.4rem; border-block-end: 1px solid var(--line); }
      code { overflow-wrap: anywhere; }
    `,
  ]
  static override readonly properties = {
    account: { attribute: false },
    sessions: { state: true },
    passkeys: { state: true },
    offer: { state: true },
    codes: { state: true },
    factor: { state: true },
  }
  declare account: Account
  declare protected sessions: readonly SessionLine[]
  declare protected passkeys: Passkeys
  declare protected offer: { secret: string; uri: string; sealed: string } | null
  /** Recovery codes that are shown now, and never again. */
  declare protected codes: readonly string[] | null
  declare protected factor: NonNullable<Account['secondFactor']> | null
  readonly #api = peopleApi()
  readonly #deeds = new Deeds(this)

  constructor() {
    super()
    this.sessions = []
    this.passkeys = []
    this.offer = this.codes = this.factor = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    this.factor = this.account.secondFactor ?? null
    void this.#deeds.run(() => this.#load())
  }

  async #load() {
    ;[this.sessions, this.passkeys] = await Promise.all([this.#api.sessions(), this.#api.passkeys()])
  }

  #do = (work: () => Promise<unknown>, done: string) => this.#deeds.run(() => work().then(() => this.#load()), done)
  #secured = () => this.dispatchEvent(new Event('builder-secured'))

  #password(event: SubmitEvent) {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    void this.#do(() => this.#api.changePassword(String(new FormData(form).get('password'))).then(() => form.reset()), say('account.passwordChanged'))
  }

  #confirm(event: SubmitEvent) {
    event.preventDefault()
    const code = String(new FormData(event.target as HTMLFormElement).get('code')).trim()
    const { sealed = '' } = this.offer ?? {}
    void this.#do(async () => {
      this.codes = (await this.#api.confirmTotp(sealed, code)).recoveryCodes
      this.offer = null
      this.factor = { required: false, ...this.factor, on: true, missing: false, recoveryCodes: this.codes.length }
      this.#secured()
    }, say('account.factorOn'))
  }

  #addPasskey(event: SubmitEvent) {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const name = String(new FormData(form).get('name')).trim()
    void this.#do(async () => {
      const response = await makePasskey(await this.#api.newPasskeyOptions())
      if (!response) throw new DOMException('', 'AbortError')
      await this.#api.addPasskey(response, name)
      if (this.factor) this.factor = { ...this.factor, missing: false }
      form.reset()
      this.#secured()
    }, say('account.passkeyAdded')).catch((error) => {
      if (!(error instanceof DOMException)) throw error
      this.#deeds.fault = say('account.passkeyNot')
      this.requestUpdate()
    })
  }

  #factorPart() {
    const { factor, offer, codes } = this
    return html`<section class="card stack" aria-labelledby="factor-title"><h2 id="factor-title">${say('account.factor')}</h2>
      <p>${say(factor?.on ? 'account.factorIsOn' : 'account.factorText', { count: factor?.recoveryCodes ?? 0 })}</p>
      ${
        codes
          ? html`<p class="note careful">${say('account.codesOnce')}</p><builder-copy-box .label=${say('account.codes')} .text=${codes.join('\n')}></builder-copy-box>`
          : nothing
      }
      ${
        offer
          ? html`<form class="stack" @submit=${(event: SubmitEvent) => this.#confirm(event)}>
            <p>${say('account.scan')} <a href=${offer.uri}>${say('account.openAuthenticator')}</a></p>
            <p><span class="label">${say('account.secret')}</span> <code dir="ltr">${offer.secret.match(/.{1,4}/g)?.join(' ')}</code></p>
            <div class="field"><label for="totp">${say('account.firstCode')}</label><input id="totp" name="code" required inputmode="numeric" maxlength="10" autocomplete="one-time-code" dir="ltr"></div>
            <div><button class="primary">${say('account.turnOn')}</button></div></form>`
          : html`<div class="row">
            ${factor?.on ? nothing : html`<button type="button" class="primary" @click=${() => void this.#deeds.run(async () => (this.offer = await this.#api.offerTotp()))}>${say('account.setUp')}</button>`}
            ${factor?.on ? html`<button type="button" @click=${() => void this.#deeds.run(async () => (this.codes = (await this.#api.recoveryCodes()).recoveryCodes))}>${say('account.newCodes')}</button>` : nothing}
            ${
              factor?.on && !factor.required
                ? html`<button type="button" class="danger" @click=${() =>
                    void this.#deeds.run(async () => {
                      await this.#api.removeTotp()
                      this.factor = { ...(factor as NonNullable<Account['secondFactor']>), on: false }
                      this.codes = null
                    }, say('account.factorOff'))}>${say('account.turnOff')}</button>`
                : nothing
            }</div>`
      }</section>`
  }

  protected override render() {
    const day = new Intl.DateTimeFormat(language(), { dateStyle: 'medium' })
    const moment = new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' })
    return html`<h1 tabindex="-1">${say('account.title')}</h1>
      <p dir="auto">${this.account.user.name}, <span dir="ltr">${this.account.user.email}</span></p>
      ${this.factor?.missing ? html`<p class="note careful">${say('account.missing')}</p>` : nothing}
      ${this.#deeds.render()}
      ${this.#factorPart()}
      <section class="card stack" aria-labelledby="passkeys-title"><h2 id="passkeys-title">${say('account.passkeys')}</h2><p class="help">${say('account.passkeysText')}</p>
        <ul class="lines">${this.passkeys.map(
          ({ id, name, createdAt }) => html`<li><span>${name || say('account.passkey')} <span class="help">${day.format(Date.parse(createdAt))}</span></span>
            <button type="button" class="small danger" @click=${() => void this.#do(() => this.#api.removePasskey(id), say('account.passkeyRemoved'))}>${say('account.removePasskey', { name: name || say('account.passkey') })}</button></li>`,
        )}</ul>
        ${
          passkeysWork()
            ? html`<form class="stack" @submit=${(event: SubmitEvent) => this.#addPasskey(event)}>
              <div class="field"><label for="passkey-name">${say('account.passkeyName')}</label><input id="passkey-name" name="name" maxlength="100"></div>
              <div><button class="primary">${say('account.addPasskey')}</button></div></form>`
            : html`<p class="help">${say('account.noPasskeys')}</p>`
        }</section>
      <form class="card stack" @submit=${(event: SubmitEvent) => this.#password(event)}><h2>${say('account.password')}</h2>
        <input type="text" hidden autocomplete="username" .value=${this.account.user.email} aria-hidden="true">
        <div class="field"><label for="new-password">${say('account.newPassword')}</label>
          <input id="new-password" name="password" type="password" required minlength="12" autocomplete="new-password" dir="ltr" aria-describedby="new-password-help">
          <p class="help" id="new-password-help">${say('setup.passwordHelp', { count: 12 })}</p></div>
        <div><button class="primary">${say('account.changePassword')}</button></div></form>
      <section class="card stack" aria-labelledby="sessions-title"><h2 id="sessions-title">${say('account.sessions')}</h2>
        <ul class="lines">${this.sessions.map(
          ({
            id,
            label,
            seenAt,
            current,
          }) => html`<li><span>${label || say('account.unknownDevice')} <span class="help">${current ? say('account.thisOne') : say('account.lastSeen', { date: moment.format(Date.parse(seenAt)) })}</span></span>
            ${current ? nothing : html`<button type="button" class="small danger" @click=${() => void this.#do(() => this.#api.endSession(id), say('account.ended'))}>${say('account.end', { label: label || say('account.unknownDevice') })}</button>`}</li>`,
        )}</ul></section>`
  }
}
customElements.define('builder-account', AccountScreen)
