/**
 * Asks what chosen parts are called as a shared block, and whether they are the next version of the one that they came from.
 * Fires `builder-kept-block` with the answer; it stays open until the server has taken it.
 */
import { shared } from '@guichet/staff/styles'
import { html, LitElement, nothing } from 'lit'
import type { BlockUse } from './editor/block.ts'
import { Localized, say } from './language.ts'

export interface KeptBlock {
  /** The use whose block gets a next version; null: a new block. */
  of: BlockUse | null
  name: string
  description: string
}

export class KeptBlockEvent extends Event {
  static readonly type = 'builder-kept-block'
  readonly kept: KeptBlock
  constructor(kept: KeptBlock) {
    super(KeptBlockEvent.type)
    this.kept = kept
  }
}

export class KeepBlockDialog extends LitElement {
  static override readonly styles = shared
  static override readonly properties = {
    of: { state: true },
    isNext: { state: true },
    names: { state: true },
    fault: { state: true },
    contentLanguage: {},
  }
  declare protected of: BlockUse | null
  declare protected isNext: boolean
  /** Of the block that they came from. */
  declare protected names: { name: string; description: string }
  declare protected fault: string | null
  declare contentLanguage: string

  constructor() {
    super()
    this.of = this.fault = null
    this.isNext = false
    this.names = { name: '', description: '' }
    this.contentLanguage = 'en'
    new Localized(this)
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog')
  }

  /** @param isWhole Whether all that came from the block is chosen: less is rather a block of its own. */
  async open(of: BlockUse | null, names: { name: string; description: string }, isWhole: boolean) {
    this.of = of
    this.isNext = of !== null && isWhole
    this.names = names
    this.fault = null
    await this.updateComplete
    this.#fill()
    this.#dialog?.showModal()
  }

  /** Why the server did not take it. */
  refuse(sentence: string) {
    this.fault = sentence
  }

  close() {
    this.#dialog?.close()
  }

  #fill() {
    const { name, description } = this.isNext ? this.names : { name: '', description: '' }
    for (const [id, value] of Object.entries({ name, description })) {
      const input = this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)
      if (input) input.value = value
    }
  }

  #choose(isNext: boolean) {
    this.isNext = isNext
    this.#fill()
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault()
    const given = (id: string) => this.renderRoot.querySelector<HTMLInputElement>(`#${id}`)?.value.trim() ?? ''
    const name = given('name')
    if (name === '') return
    this.fault = null
    this.dispatchEvent(new KeptBlockEvent({ of: this.isNext ? this.of : null, name, description: given('description') }))
  }

  protected override render() {
    const { of, isNext } = this
    const option = (id: string, label: string, next: boolean) =>
      html`<div class="tick"><input type="radio" name="which" id=${id} .checked=${isNext === next} @change=${() => this.#choose(next)}><label for=${id}>${label}</label></div>`
    return html`<dialog aria-labelledby="title">
      <form class="stack" @submit=${this.#submit}>
        <h2 id="title">${say('blocks.keep')}</h2>
        <p>${say('blocks.keepText')}</p>
        ${
          of
            ? html`<fieldset><legend>${say('blocks.which')}</legend>
              ${option('next', say('blocks.next', { name: this.names.name, version: of.version + 1 }), true)}${option('new', say('blocks.new'), false)}</fieldset>`
            : nothing
        }
        <div class="field"><label for="name">${say('blocks.name')}</label>
          <input id="name" autofocus required maxlength="200" autocomplete="off" lang=${this.contentLanguage} dir="auto"></div>
        <div class="field"><label for="description">${say('blocks.description')}</label>
          <textarea id="description" maxlength="2000" lang=${this.contentLanguage} dir="auto"></textarea></div>
        <p class="wrong" role="alert">${this.fault ?? ''}</p>
        <div class="row"><button class="primary">${say('blocks.keepButton')}</button>
          <button type="button" @click=${() => this.close()}>${say('cancel')}</button></div>
      </form>
    </dialog>`
  }
}
customElements.define('builder-keep-block', KeepBlockDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-keep-block': KeepBlockDialog
  }
}
