/** Accepting an invitation with the one-time link. Fires `builder-entered`. */
import { problemOf } from '@guichet/staff/http'
import { shared } from '@guichet/staff/styles'
import { html, LitElement, nothing } from 'lit'
import { Localized, say } from '../language.ts'
import { peopleApi } from './api.ts'
import { wordsOf } from './deeds.ts'

export class InvitationScreen extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { token: {}, seen: { state: true }, fault: { state: true }, busy: { state: true } }
  declare token: string
  declare protected seen: { agency: { name: string }; email: string; memberships: { role: string }[] } | null
  declare protected fault: string | null
  declare protected busy: boolean
  readonly #api = peopleApi()

  constructor() {
    super()
    this.token = ''
    this.seen = this.fault = null
    this.busy = false
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#try(async () => {
      this.seen = await this.#api.invitation(this.token)
    })
  }

  async #try(work: () => Promise<void>) {
    this.busy = true
    this.fault = null
    try {
      await work()
    } catch (error) {
      this.fault = problemOf(error) === 'rate' ? say('signIn.slower') : wordsOf(error)
    } finally {
      this.busy = false
    }
  }

  #submit(event: SubmitEvent) {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    void this.#try(async () => {
      await this.#api.accept(this.token, String(data.get('name')).trim(), String(data.get('password')))
      this.dispatchEvent(new Event('builder-entered'))
    })
  }

  protected override render() {
    const { seen } = this
    const roles = seen?.memberships.map(({ role }) => say(`role.${role}` as 'role.owner')).join(', ') ?? ''
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.#submit(event)}>
      <h1 tabindex="-1">${say('invitation.title')}</h1>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${
        seen
          ? html`<p>${say('invitation.text', { agency: seen.agency.name || say('invitation.installation'), roles })}</p>
            <div class="field"><label for="email">${say('signIn.email')}</label><input id="email" type="email" readonly autocomplete="username" dir="ltr" .value=${seen.email}></div>
            <div class="field"><label for="name">${say('setup.name')}</label><input id="name" name="name" required autocomplete="name" maxlength="200"></div>
            <div class="field"><label for="password">${say('signIn.password')}</label>
              <input id="password" name="password" type="password" required minlength="12" autocomplete="new-password" dir="ltr" aria-describedby="password-help"><p class="help" id="password-help">${say('setup.passwordHelp', { count: 12 })}</p></div>
            <div><button class="primary" ?disabled=${this.busy}>${say('invitation.button')}</button></div>`
          : nothing
      }
    </form>`
  }
}
customElements.define('builder-invitation', InvitationScreen)
