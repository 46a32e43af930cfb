/** Asks what a new page or document is called. Fires `builder-named` with the name. */

import { shared } from '@guichet/staff/styles'
import { html, LitElement } from 'lit'
import { Localized, say } from './language.ts'

export class NamedEvent extends Event {
  static readonly type = 'builder-named'
  readonly what: 'page' | 'document'
  readonly named: string
  constructor(what: NamedEvent['what'], named: string) {
    super(NamedEvent.type)
    this.what = what
    this.named = named
  }
}

export class NameDialog extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { what: { state: true }, contentLanguage: {} }
  declare protected what: NamedEvent['what']
  declare contentLanguage: string

  constructor() {
    super()
    this.what = 'page'
    this.contentLanguage = 'en'
    new Localized(this)
  }

  async open(what: NamedEvent['what']) {
    this.what = what
    await this.updateComplete
    this.renderRoot.querySelector('form')?.reset()
    this.renderRoot.querySelector('dialog')?.showModal()
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault()
    const named = this.renderRoot.querySelector('input')?.value.trim() ?? ''
    if (named === '') return
    this.renderRoot.querySelector('dialog')?.close()
    this.dispatchEvent(new NamedEvent(this.what, named))
  }

  protected override render() {
    return html`<dialog aria-labelledby="title">
      <form class="stack" @submit=${this.#submit}>
        <h2 id="title">${say(`name.${this.what}`)}</h2>
        <div class="field"><label for="name">${say(`name.${this.what}Label`)}</label>
          <input id="name" autofocus required autocomplete="off" lang=${this.contentLanguage} dir="auto"></div>
        <div class="row"><button class="primary">${say('name.add')}</button>
          <button type="button" @click=${() => this.renderRoot.querySelector('dialog')?.close()}>${say('cancel')}</button></div>
      </form>
    </dialog>`
  }
}
customElements.define('builder-name-dialog', NameDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-name-dialog': NameDialog
  }
}
