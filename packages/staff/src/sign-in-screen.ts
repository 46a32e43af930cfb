/** Signing in. Fires `staff-entered`. */
import { html, LitElement, nothing } from 'lit'
import { ApiError, Unreachable } from './http.ts'
import { Localized, say } from './language.ts'
import type { SessionApi } from './session.ts'
import { shared } from './styles.ts'

export class SignInScreen extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { api: { attribute: false }, fault: { state: true }, busy: { state: true } }
  declare api: Pick<SessionApi, 'signIn'>
  declare protected fault: string | null
  declare protected busy: boolean

  constructor() {
    super()
    this.fault = null
    this.busy = false
    new Localized(this)
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    this.busy = true
    this.fault = null
    try {
      await this.api.signIn(String(data.get('email')).trim(), String(data.get('password')))
      this.dispatchEvent(new Event('staff-entered'))
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError)
        this.fault = error.status === 429 ? say('signIn.slower') : error.status < 500 ? say('signIn.wrong') : say('failed', { detail: error.message })
      else throw error
    } finally {
      this.busy = false
    }
  }

  protected override render() {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => void this.#submit(event)}>
      <h1 tabindex="-1">${say('signIn.title')}</h1>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <div class="field"><label for="email">${say('signIn.email')}</label><input id="email" name="email" type="email" required autocomplete="username" dir="ltr"></div>
      <div class="field"><label for="password">${say('signIn.password')}</label><input id="password" name="password" type="password" required autocomplete="current-password" dir="ltr"></div>
      <div><button class="primary" ?disabled=${this.busy}>${say('signIn.button')}</button></div>
    </form>`
  }
}
customElements.define('staff-sign-in', SignInScreen)

declare global {
  interface HTMLElementTagNameMap {
    'staff-sign-in': SignInScreen
  }
}
