/** A text to take along, with a button that copies it. */

import { shared } from '@guichet/staff/styles'
import { html, LitElement } from 'lit'
import { Localized, say } from './language.ts'

export class CopyBox extends LitElement {
  static override readonly styles = shared
  static override readonly properties = { label: {}, text: {}, copied: { state: true } }
  declare label: string
  declare text: string
  declare protected copied: boolean

  constructor() {
    super()
    this.label = this.text = ''
    this.copied = false
    new Localized(this)
  }

  async #copy() {
    const box = this.renderRoot.querySelector('textarea')
    box?.select()
    // Where the clipboard is not allowed, the text is at least selected.
    await navigator.clipboard?.writeText(this.text).then(
      () => (this.copied = true),
      () => {},
    )
  }

  protected override render() {
    return html`<div class="field">
      <label for="text">${this.label}</label>
      <textarea id="text" class="code" dir="ltr" readonly rows="3" .value=${this.text}></textarea>
      <div class="row"><button type="button" class="small" @click=${() => void this.#copy()}>${say('copy')}</button>
        <span role="status" class="help">${this.copied ? say('copied') : ''}</span></div>
    </div>`
  }
}
customElements.define('builder-copy-box', CopyBox)

declare global {
  interface HTMLElementTagNameMap {
    'builder-copy-box': CopyBox
  }
}
