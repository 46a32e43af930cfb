/** Asks for a question's text and kind. Fires `builder-picked` with both; the text may be empty. */

import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import type { KeptLine } from './api.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { kindsFound } from './kinds-found.ts'
import { Localized, language, say } from './language.ts'
import { pickable, pickableBlocks } from './pickable.ts'

export class PickedEvent extends Event {
  static readonly type = 'builder-picked'
  readonly picked: string
  readonly label: string
  constructor(picked: string, label: string) {
    super(PickedEvent.type)
    this.picked = picked
    this.label = label
  }
}

export class TypePicker extends LitElement {
  static override readonly styles = [
    shared,
    css`
      ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: 0.5rem; }
      li button { inline-size: 100%; block-size: 100%; display: grid; gap: 0.1rem; align-content: start; padding: 0.5rem 0.7rem; }
      .title { font-weight: 600; }
    `,
  ]
  static override readonly properties = {
    blocks: { attribute: false },
    settings: { attribute: false },
    contentLanguage: {},
    wanted: { state: true },
    label: { state: true },
    isOpen: { state: true },
  }
  declare settings: SettingsSchemas
  /** What the agency shares, by id. */
  declare blocks: ReadonlyMap<string, KeptLine>
  /** Language of the question's text. */
  declare contentLanguage: string
  declare protected wanted: string
  declare protected label: string
  /** Closed, nothing is looked for. */
  declare protected isOpen: boolean

  constructor() {
    super()
    this.settings = {}
    this.blocks = new Map()
    this.wanted = this.label = ''
    this.contentLanguage = 'en'
    this.isOpen = false
    new Localized(this)
  }

  async open() {
    this.wanted = this.label = ''
    this.isOpen = true
    await this.updateComplete
    this.renderRoot.querySelector('dialog')?.showModal()
  }

  get #types() {
    const kinds = [...pickable(this.settings), ...pickableBlocks(this.blocks)].map(({ type, title, help }) => ({
      type,
      title: title.text,
      lang: title.lang,
      help: help?.text ?? '',
      helpLang: help?.lang,
    }))
    return kindsFound(kinds, this.wanted, language())
  }

  #pick(type: string) {
    this.renderRoot.querySelector('dialog')?.close()
    this.dispatchEvent(new PickedEvent(type, this.label.trim()))
  }

  protected override render() {
    const types = this.isOpen ? this.#types : []
    return html`<dialog aria-labelledby="title" @close=${(event: Event) => (this.isOpen = (event.target as HTMLDialogElement).open)}>
      <div class="stack">
        <div class="row spread"><h2 id="title">${say('picker.title')}</h2>
          <button type="button" class="small" @click=${() => this.renderRoot.querySelector('dialog')?.close()}>${say('cancel')}</button></div>
        <div class="field">
          <label for="label">${say('picker.label')}</label>
          <input id="label" autofocus autocomplete="off" lang=${this.contentLanguage} dir="auto" .value=${this.label}
            @input=${(event: Event) => (this.label = (event.target as HTMLInputElement).value)}>
        </div>
        <div class="field">
          <label for="wanted">${say('picker.search')}</label>
          <input id="wanted" type="search" autocomplete="off" .value=${this.wanted}
            @input=${(event: Event) => (this.wanted = (event.target as HTMLInputElement).value)}
            @keydown=${(event: KeyboardEvent) => {
              const [first] = types
              if (event.key !== 'Enter' || !first) return
              event.preventDefault()
              this.#pick(first.type)
            }}>
        </div>
        <p class="unseen" role="status">${say('picker.count', { count: types.length })}</p>
        <ul>${types.map(
          ({ type, title, lang, help, helpLang }) =>
            html`<li><button type="button" data-type=${type} @click=${() => this.#pick(type)}>
              <span class="title" lang=${lang ?? nothing}>${title}</span>
              ${help ? html`<span class="help" lang=${helpLang ?? nothing}>${help}</span>` : nothing}
            </button></li>`,
        )}</ul>
      </div>
    </dialog>`
  }
}
customElements.define('builder-type-picker', TypePicker)

declare global {
  interface HTMLElementTagNameMap {
    'builder-type-picker': TypePicker
  }
}
