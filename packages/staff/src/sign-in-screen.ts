/** Signing in. Fires `staff-entered`. */
import { html, LitElement, nothing } from 'lit'
import { ApiError, problemOf, Unreachable } from './http.ts'
import { Localized, say } from './language.ts'
import { passkeysWork, signWithPasskey } from './passkey.ts'
import type { SessionApi } from './session.ts'
import { shared } from './styles.ts'

export class SignInScreen extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { api: { attribute: false }, fault: { state: true }, busy: { state: true }, second: { state: true } }
  declare api: Pick<SessionApi, 'signIn' | 'passkeyOptions' | 'signInWithPasskey'>
  declare protected fault: string | null
  declare protected busy: boolean
  /** The password was right, and a code is asked for. */
  declare protected second: boolean

  constructor() {
    super()
    this.fault = null
    this.busy = this.second = false
    new Localized(this)
  }

  async #enter(work: () => Promise<unknown>) {
    this.busy = true
    this.fault = null
    try {
      if ((await work()) !== null) this.dispatchEvent(new Event('staff-entered'))
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (!(error instanceof ApiError)) throw error
      else if (problemOf(error) === 'second-factor') {
        this.second = true
        await this.updateComplete
        this.renderRoot.querySelector<HTMLElement>('#code')?.focus()
      } else if (problemOf(error) === 'second-factor-wrong') this.fault = say('signIn.wrongCode')
      else if (problemOf(error) === 'passkey') this.fault = say('signIn.wrongPasskey')
      else this.fault = error.status === 429 ? say('signIn.slower') : error.status < 500 ? say('signIn.wrong') : say('failed', { detail: error.message })
    } finally {
      this.busy = false
    }
  }

  #submit(event: SubmitEvent) {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    const [email = '', password = '', code = '', agency = ''] = ['email', 'password', 'code', 'agency'].map((name) => String(data.get(name) ?? ''))
    const more = { ...(code.trim() ? { code: code.trim() } : {}), ...(agency.trim() ? { agency: agency.trim() } : {}) }
    void this.#enter(() => this.api.signIn(email.trim(), password, more))
  }

  #passkey() {
    void this.#enter(async () => {
      const response = await signWithPasskey(await this.api.passkeyOptions())
      return response && this.api.signInWithPasskey(response)
    })
  }

  protected override render() {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.#submit(event)}>
      <h1 tabindex="-1">${say('signIn.title')}</h1>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <div class="field"><label for="email">${say('signIn.email')}</label><input id="email" name="email" type="email" required autocomplete="username" dir="ltr"></div>
      <div class="field"><label for="password">${say('signIn.password')}</label><input id="password" name="password" type="password" required autocomplete="current-password" dir="ltr"></div>
      ${
        this.second
          ? html`<div class="field"><label for="code">${say('signIn.code')}</label>
              <input id="code" name="code" required maxlength="60" autocomplete="one-time-code" dir="ltr" aria-describedby="code-help">
              <p class="help" id="code-help">${say('signIn.codeHelp')}</p></div>`
          : nothing
      }
      <details><summary>${say('signIn.several')}</summary>
        <div class="field"><label for="agency">${say('signIn.agency')}</label><input id="agency" name="agency" maxlength="60" autocomplete="organization" dir="ltr" value=${new URLSearchParams(location.search).get('agency') ?? ''}></div></details>
      <div class="row"><button class="primary" ?disabled=${this.busy}>${say('signIn.button')}</button>
        ${passkeysWork() ? html`<button type="button" ?disabled=${this.busy} @click=${() => this.#passkey()}>${say('signIn.passkey')}</button>` : nothing}</div>
    </form>`
  }
}
customElements.define('staff-sign-in', SignInScreen)

declare global {
  interface HTMLElementTagNameMap {
    'staff-sign-in': SignInScreen
  }
}
