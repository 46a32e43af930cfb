/** The steps of the history in words, the last one first. Fires `builder-step` with the one to go to. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import type { Words } from './editor/edit.ts'
import { Localized, say } from './language.ts'
import { sentenceOfStep } from './step-words.ts'

export class StepEvent extends Event {
  static readonly type = 'builder-step'
  readonly at: number
  constructor(at: number) {
    super(StepEvent.type)
    this.at = at
  }
}

interface Steps {
  readonly words: readonly Words[]
  /** The one that holds. */
  readonly at: number
}

const none: Steps = { words: [], at: 0 }

export class StepsDialog extends LitElement {
  static override readonly styles = [
    shared,
    css`
      ol { max-block-size: 50vh; overflow: auto; display: grid; gap: 0.25rem; }
      li button { inline-size: 100%; }
      [aria-current] button { background: var(--chosen); font-weight: 600; }
    `,
  ]
  static override readonly properties = { steps: { state: true } }
  /** None while it is closed: there may be hundreds. */
  declare protected steps: Steps

  constructor() {
    super()
    this.steps = none
    new Localized(this)
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog')
  }

  async open(steps: Steps) {
    this.steps = steps
    await this.updateComplete
    if (this.#dialog?.open === false) this.#dialog.showModal()
  }

  #choose(at: number) {
    this.dispatchEvent(new StepEvent(at))
    this.#dialog?.close()
  }

  protected override render() {
    const { words, at } = this.steps
    return html`<dialog aria-labelledby="title" @close=${() => (this.steps = none)}>
      <div class="stack">
        <div class="row spread"><h2 id="title">${say('history.title')}</h2><button type="button" class="small" @click=${() => this.#dialog?.close()}>${say('close')}</button></div>
        <ol reversed>${words
          .map(
            (one, i) =>
              html`<li aria-current=${i === at ? 'step' : nothing}><button type="button" @click=${() => this.#choose(i)}>${sentenceOfStep(one)}</button></li>`,
          )
          .reverse()}</ol>
      </div>
    </dialog>`
  }
}
customElements.define('builder-steps', StepsDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-steps': StepsDialog
  }
}
