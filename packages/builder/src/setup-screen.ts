/** The first account, made with the one-time link that the server printed at its first start. Fires `builder-entered`. */

import { shared } from '@guichet/staff/styles'
import { html, LitElement, nothing } from 'lit'
import { type Api, ApiError, Unreachable } from './api.ts'
import { Localized, say } from './language.ts'

export const passwordLength = 12

export class SetupScreen extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { token: {}, api: { attribute: false }, fault: { state: true }, busy: { state: true } }
  declare token: string
  declare api: Api
  declare protected fault: string | null
  declare protected busy: boolean

  constructor() {
    super()
    this.token = ''
    this.fault = null
    this.busy = false
    new Localized(this)
  }

  async #submit(event: SubmitEvent) {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    const [name = '', email = '', password = ''] = ['name', 'email', 'password'].map((key) => String(data.get(key) ?? ''))
    this.busy = true
    this.fault = null
    try {
      await this.api.setUp({ token: this.token, name: name.trim(), email: email.trim(), password })
      this.dispatchEvent(new Event('builder-entered'))
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError)
        this.fault = [401, 403, 404, 409, 410].includes(error.status)
          ? say('setup.used')
          : say('failed', { detail: error.problem.errors?.map(({ detail }) => detail).join(' ') || error.message })
      else throw error
    } finally {
      this.busy = false
    }
  }

  protected override render() {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => void this.#submit(event)}>
      <h1 tabindex="-1">${say('setup.title')}</h1>
      <p>${say('setup.text')}</p>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <div class="field"><label for="name">${say('setup.name')}</label><input id="name" name="name" required autocomplete="name" maxlength="120"></div>
      <div class="field"><label for="email">${say('signIn.email')}</label><input id="email" name="email" type="email" required autocomplete="username" dir="ltr"></div>
      <div class="field"><label for="password">${say('signIn.password')}</label>
        <input id="password" name="password" type="password" required minlength=${passwordLength} autocomplete="new-password" dir="ltr" aria-describedby="password-help">
        <p class="help" id="password-help">${say('setup.passwordHelp', { count: passwordLength })}</p></div>
      <div><button class="primary" ?disabled=${this.busy}>${say('setup.button')}</button></div>
    </form>`
  }
}
customElements.define('builder-setup', SetupScreen)

declare global {
  interface HTMLElementTagNameMap {
    'builder-setup': SetupScreen
  }
}
