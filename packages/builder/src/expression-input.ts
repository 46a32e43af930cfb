/**
 * A condition or value, as rows or as a formula line; both edit the same expression, and one can go from one to the other
 * at any time. What rows cannot say stands in the line. An expression that not even the line can say is shown as JSON.
 *
 * Fires `builder-setting` with path '' and the expression, or undefined for none.
 */
import { printFormula } from '@guichet/core/formula-line'
import type { Expression } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { live } from 'lit/directives/live.js'
import './condition-editor.ts'
import type { RowsEvent } from './condition-editor.ts'
import { expressionOf, rowsOf, rowsWithFormulas } from './editor/condition-rows.ts'
import type { ReadableName } from './editor/readable-names.ts'
import { SettingEvent } from './events.ts'
import './formula-input.ts'
import type { PlacedFault } from './formula-input.ts'
import { Localized, say } from './language.ts'

export class ExpressionInput extends LitElement {
  static override readonly styles = [
    shared,
    css`
      fieldset { border: 1px solid var(--line); border-radius: var(--corner); padding: 0.6rem; }
      legend { padding-inline: 0.3rem; margin: 0; }
    `,
  ]
  static override readonly properties = {
    value: { attribute: false },
    label: {},
    help: {},
    names: { attribute: false },
    condition: { type: Boolean },
    required: { type: Boolean },
    faults: { attribute: false },
    checked: { attribute: false },
    decimals: { type: Number },
    currency: {},
    asLine: { state: true },
    draft: { state: true },
    wrong: { state: true },
  }
  declare value: Expression | undefined
  declare label: string
  declare help: string
  /** What may be read here. */
  declare names: readonly ReadableName[]
  /** Whether a yes or no is wanted: only then rows make sense. */
  declare condition: boolean
  declare required: boolean
  /** What core finds wrong. */
  declare faults: readonly PlacedFault[]
  /** Another one whenever the checks have run again. */
  declare checked: unknown
  /** Minor digits of the service's currency. */
  declare decimals: number
  /** ISO 4217 code. */
  declare currency: string
  /** As the author chose; null: rows where they can say all of it. */
  declare protected asLine: boolean | null
  /** JSON as typed, while it is not valid. */
  declare protected draft: string | null
  declare protected wrong: string | null

  constructor() {
    super()
    this.label = this.help = ''
    this.names = []
    this.faults = []
    this.condition = this.required = false
    this.asLine = this.draft = this.wrong = null
    this.decimals = 2
    this.currency = 'EUR'
    new Localized(this)
  }

  #sent: Expression | undefined

  protected override willUpdate(changed: PropertyValues<this>) {
    // Changed from outside (undo): what was typed is no longer what holds.
    if (changed.has('value') && this.value !== this.#sent) this.draft = this.wrong = null
  }

  /**
   * What is found is about the expression before the last edit until the checks have run again. What is shown stays so
   * long: a sentence that comes or goes as the line is left moves the button away that is being pressed.
   */
  #held: { checked: unknown; faults: readonly PlacedFault[] } | null = null

  get #faults(): readonly PlacedFault[] {
    if (this.#held?.checked === this.checked && this.#held) return this.#held.faults
    return this.value === null ? [] : this.faults
  }

  #set(value: Expression | undefined) {
    this.#held = { checked: this.checked, faults: this.#faults }
    this.value = this.#sent = value
    this.dispatchEvent(new SettingEvent('', value))
  }

  /** To the first thing that can be edited. */
  override focus() {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('builder-condition, builder-formula, textarea')?.focus())
  }

  readonly #typed = (event: Event) => {
    const raw = (event.target as HTMLTextAreaElement).value
    this.draft = raw
    if (raw.trim() === '') {
      this.wrong = this.required ? say('expression.needed') : null
      if (!this.required) this.#set(undefined)
      return
    }
    try {
      const parsed = JSON.parse(raw) as Expression
      this.wrong = null
      this.#set(parsed)
    } catch {
      this.wrong = say('form.json')
    }
  }

  #json() {
    const shown = this.draft ?? JSON.stringify(this.value, null, 1).replaceAll(/\n\s*/g, ' ')
    return html`
      <label class="unseen" for="json">${say('expression.json')}</label>
      <textarea id="json" class="code" dir="ltr" rows="2" spellcheck="false" .value=${live(shown)} @input=${this.#typed}
        @blur=${() => {
          if (this.wrong === null) this.draft = null
        }}
        aria-invalid=${this.wrong !== null || this.faults.length > 0 ? 'true' : 'false'} aria-describedby="faults help"></textarea>
      ${this.#sentences([...(this.wrong ? [this.wrong] : []), ...this.faults.map(({ sentence }) => sentence)])}
    `
  }

  #sentences(sentences: readonly string[]) {
    return html`<div id="faults" class="stack">${sentences.map((sentence) => html`<p class="wrong">${sentence}</p>`)}</div>`
  }

  #switchTo(asLine: boolean) {
    this.asLine = asLine
    this.focus()
  }

  #content() {
    // Nothing alone is what a new rule starts with: it is still to be written, and no mistake yet.
    const value = this.value ?? undefined
    const faults = this.#faults
    if (this.draft !== null || (value !== undefined && printFormula(value, this) === null)) return this.#json()
    const isSaid = this.condition && rowsOf(value) !== null
    const asLine = !this.condition || (this.asLine ?? !isSaid)
    if (asLine)
      return html`<builder-formula .value=${value} .names=${this.names} .currency=${this.currency} .decimals=${this.decimals} .required=${this.required}
          .label=${say('formula.line', { label: this.label })} .faults=${faults}
          @builder-setting=${(event: SettingEvent) => {
            event.stopPropagation()
            this.#set(event.value as Expression | undefined)
          }}></builder-formula>
        ${this.condition && !isSaid ? html`<p class="help">${say('expression.onlyLine')}</p>` : nothing}
        ${this.condition ? html`<div><button type="button" class="small plain" @click=${() => this.#switchTo(false)}>${say('expression.asRows')}</button></div>` : nothing}`
    return html`<builder-condition .rows=${rowsWithFormulas(value)} .names=${this.names} .decimals=${this.decimals} .currency=${this.currency}
        @builder-rows=${({ rows }: RowsEvent) => this.#set(expressionOf(rows))}></builder-condition>
      <div><button type="button" class="small plain" @click=${() => this.#switchTo(true)}>${say('expression.asLine')}</button></div>
      ${this.#sentences(faults.map(({ sentence }) => sentence))}`
  }

  protected override render() {
    return html`<fieldset class="stack" aria-describedby="help">
      <legend>${this.label}</legend>
      <p class="help" id="help">${this.help}</p>
      ${this.#content()}
    </fieldset>`
  }
}
customElements.define('builder-expression-input', ExpressionInput)

declare global {
  interface HTMLElementTagNameMap {
    'builder-expression-input': ExpressionInput
  }
  interface HTMLElementEventMap {
    'builder-rows': RowsEvent
  }
}
