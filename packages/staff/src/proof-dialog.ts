/** Proving again who is there, before what is dangerous: a password, with a code where one was set up, or a passkey. */
import { html, LitElement, nothing } from 'lit'
import { ApiError, httpCaller, problemOf, Unreachable } from './http.ts'
import { Localized, say } from './language.ts'
import { passkeysWork, signWithPasskey } from './passkey.ts'
import { shared } from './styles.ts'

const call = httpCaller('/v1/admin/', (...request) => fetch(...request))
let asked: Promise<boolean> | null = null

/** Opens the dialog, once for all who ask meanwhile. False: somebody would rather not. */
export function askForProof(): Promise<boolean> {
  asked ??= new Promise<boolean>((resolve) => {
    const dialog = document.createElement('staff-proof')
    dialog.addEventListener('staff-proof-end', () => {
      dialog.remove()
      asked = null
      resolve(dialog.proved)
    })
    document.body.append(dialog)
  })
  return asked
}

class ProofDialog extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { fault: { state: true }, second: { state: true }, busy: { state: true } }
  declare protected fault: string | null
  /** The password was right, and a code is asked for. */
  declare protected second: boolean
  declare protected busy: boolean
  proved = false

  constructor() {
    super()
    this.fault = null
    this.second = this.busy = false
    new Localized(this)
  }

  protected override firstUpdated() {
    this.renderRoot.querySelector('dialog')?.showModal()
  }

  /** `work` is false where somebody would rather not after all. */
  async #prove(work: () => Promise<boolean>) {
    if (this.busy) return
    this.busy = true
    this.fault = null
    try {
      this.proved = await work()
      if (this.proved) this.#close()
    } catch (error) {
      if (problemOf(error) === 'second-factor') await this.#askForCode()
      else this.fault = faultOf(error)
    } finally {
      this.busy = false
    }
  }

  async #askForCode() {
    this.second = true
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#proof-code')?.focus()
  }

  // Closing gives the focus back to where it was.
  readonly #close = () => this.renderRoot.querySelector('dialog')?.close()

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    const code = String(data.get('code') ?? '').trim()
    void this.#prove(() => call('POST', 'session/proof', { password: String(data.get('password')), ...(code ? { code } : {}) }).then(() => true))
  }

  readonly #passkey = () =>
    void this.#prove(async () => {
      const response = await signWithPasskey(await call<object>('POST', 'session/passkey/options', {}))
      return response !== null && call('POST', 'session/proof/passkey', { response }).then(() => true)
    })

  protected override render() {
    return html`<dialog aria-labelledby="title" aria-describedby="text" @close=${() => this.dispatchEvent(new Event('staff-proof-end'))}>
      <form class="stack" @submit=${this.#submit}>
        <h2 id="title">${say('proof.title')}</h2><p id="text">${say('proof.text')}</p>
        ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
        <div class="field"><label for="proof-password">${say('signIn.password')}</label>
          <input id="proof-password" name="password" type="password" required autocomplete="current-password" dir="ltr" autofocus></div>
        ${
          this.second
            ? html`<div class="field"><label for="proof-code">${say('signIn.code')}</label>
              <input id="proof-code" name="code" required maxlength="60" autocomplete="one-time-code" dir="ltr"></div>`
            : nothing
        }
        <div class="row"><button class="primary" aria-disabled=${this.busy}>${say('proof.button')}</button>
          ${passkeysWork() ? html`<button type="button" @click=${this.#passkey}>${say('signIn.passkey')}</button>` : nothing}
          <button type="button" @click=${this.#close}>${say('cancel')}</button></div>
      </form></dialog>`
  }
}
customElements.define('staff-proof', ProofDialog)

function faultOf(error: unknown): string {
  if (error instanceof Unreachable) return say('unreachable')
  if (!(error instanceof ApiError)) throw error
  switch (problemOf(error)) {
    case 'sign-in':
      return say('proof.wrong')
    case 'second-factor-wrong':
      return say('signIn.wrongCode')
    case 'passkey':
      return say('signIn.wrongPasskey')
    default:
      return error.status === 429 ? say('signIn.slower') : say('failed', { detail: error.message })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'staff-proof': ProofDialog
  }
}
