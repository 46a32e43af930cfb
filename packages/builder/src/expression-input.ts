/**
 * A condition or value, as rows where rows can say it and as JSON where not. Both edit the same expression.
 *
 * Fires `builder-setting` with path '' and the expression, or undefined for none.
 */
import type { Json } from '@guichet/core'
import type { Expression } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { live } from 'lit/directives/live.js'
import { expressionOf, type Operator, operatorsOf, type Row, type Rows, rowsOf, takesValue } from './editor/condition-rows.ts'
import type { ReadableName } from './editor/readable-names.ts'
import { SettingEvent } from './events.ts'
import { Localized, say } from './language.ts'
import { settled } from './settled.ts'

export class ExpressionInput extends LitElement {
  static override readonly styles = [
    shared,
    css`
      fieldset { border: 1px solid var(--line); border-radius: var(--corner); padding: 0.6rem; }
      legend { padding-inline: 0.3rem; margin: 0; }
      .condition { display: grid; grid-template-columns: 1fr 1fr; gap: 0.35rem; padding-block-end: 0.5rem; border-block-end: 1px dashed var(--line); }
      .condition > .wide { grid-column: 1 / -1; }
      select[multiple] { min-block-size: 5rem; }
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
    decimals: { type: Number },
    asJson: { state: true },
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
  /** What core finds wrong, in sentences. */
  declare faults: readonly string[]
  /** Minor digits of the service's currency. */
  declare decimals: number
  declare protected asJson: boolean
  /** JSON as typed, while it is not valid. */
  declare protected draft: string | null
  declare protected wrong: string | null

  constructor() {
    super()
    this.label = this.help = ''
    this.names = []
    this.faults = []
    this.condition = this.required = this.asJson = false
    this.draft = this.wrong = null
    this.decimals = 2
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    // Changed from outside (undo): what was typed is no longer what holds.
    if (changed.has('value') && this.value !== this.#sent) this.draft = this.wrong = null
  }

  #sent: Expression | undefined

  #set(value: Expression | undefined) {
    this.value = this.#sent = value
    this.dispatchEvent(new SettingEvent('', value))
  }

  #setRows(rows: Rows) {
    this.#set(expressionOf(rows))
  }

  /** To the first thing that can be edited. */
  override focus() {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('select, textarea, button')?.focus())
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

  #firstRow(): Row {
    const first = this.names[0]
    return this.#fresh(first?.name ?? '', first ? (operatorsOf[first.kind][0] as Operator) : 'is')
  }

  /** A row for a field, with the value that its kind suggests. */
  #fresh(name: string, operator: Operator): Row {
    const named = this.names.find((one) => one.name === name)
    const first = named?.choices[0]?.value ?? ''
    if (!takesValue(operator)) return { name, operator, value: null }
    if (operator === 'oneOf') return { name, operator, value: [first] }
    if (operator.startsWith('rows')) return { name, operator, value: 1 }
    if (operator.startsWith('age')) return { name, operator, value: 18 }
    const kind = named?.kind
    if (kind === 'boolean') return { name, operator, value: true }
    if (kind === 'money') return { name, operator, value: 0, money: true }
    if (kind === 'number') return { name, operator, value: 0 }
    return { name, operator, value: kind === 'date' ? '2026-01-01' : first }
  }

  #value(row: Row, i: number, change: (row: Row) => void) {
    const id = `value-${i}`
    const named = this.names.find(({ name }) => name === row.name)
    const set = (value: Json) => change({ ...row, value })
    const label = html`<label class="unseen" for=${id}>${say('condition.value')}</label>`
    if (!takesValue(row.operator)) return nothing
    if (typeof row.value === 'boolean') {
      return html`${label}<select id=${id} @change=${(event: Event) => set((event.target as HTMLSelectElement).value === 'true')}>
        <option value="true" .selected=${row.value}>${say('condition.yes')}</option><option value="false" .selected=${!row.value}>${say('condition.no')}</option>
      </select>`
    }
    if (named && named.choices.length > 0) {
      const several = row.operator === 'oneOf'
      const chosen = Array.isArray(row.value) ? row.value : [row.value]
      const known = named.choices.some(({ value }) => chosen.includes(value)) || several
      return html`${label}<select id=${id} ?multiple=${several} class=${several ? 'wide' : ''}
        @change=${(event: Event) => {
          const values = [...(event.target as HTMLSelectElement).selectedOptions].map((option) => option.value)
          set(several ? values : (values[0] ?? ''))
        }}>
        ${known ? nothing : html`<option value=${String(row.value)} selected>${String(row.value)}</option>`}
        ${named.choices.map((choice) => html`<option value=${choice.value} .selected=${chosen.includes(choice.value)}>${choice.label}</option>`)}
      </select>`
    }
    const isNumber = typeof row.value === 'number'
    const factor = row.money ? 10 ** this.decimals : 1
    const isDate = named?.kind === 'date' && !isNumber
    const shown = isNumber ? String((row.value as number) / factor) : String(row.value ?? '')
    return html`${label}<input id=${id} type=${isDate ? 'date' : 'text'} inputmode=${isNumber ? 'decimal' : 'text'} .value=${settled(shown)}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement
        const raw = input.value.trim()
        if (!isNumber) return set(raw)
        const number = Number(raw.replace(',', '.'))
        if (raw !== '' && Number.isFinite(number)) set(row.money ? Math.round(number * factor) : number)
        else input.value = shown
      }}>`
  }

  #row(rows: Rows, row: Row, i: number) {
    const named = this.names.find(({ name }) => name === row.name)
    const operators = named ? operatorsOf[named.kind] : [row.operator]
    const change = (next: Row) => this.#setRows({ ...rows, rows: rows.rows.map((old, at) => (at === i ? next : old)) })
    return html`<li class="condition">
      <div class="wide">
        <label class="unseen" for="name-${i}">${say('condition.field')}</label>
        <select id="name-${i}" @change=${(event: Event) => {
          const name = (event.target as HTMLSelectElement).value
          const kind = this.names.find((one) => one.name === name)?.kind ?? 'text'
          const kept = operatorsOf[kind].includes(row.operator) ? row.operator : (operatorsOf[kind][0] as Operator)
          change(this.#fresh(name, kept))
        }}>
          ${named ? nothing : html`<option value=${row.name} selected>${say('condition.unknown', { name: row.name })}</option>`}
          ${this.names.map(({ name, label }) => html`<option value=${name} .selected=${name === row.name}>${label === name ? name : `${label} (${name})`}</option>`)}
        </select>
      </div>
      <div>
        <label class="unseen" for="operator-${i}">${say('condition.operator')}</label>
        <select id="operator-${i}" @change=${(event: Event) => {
          const operator = (event.target as HTMLSelectElement).value as Operator
          const fresh = this.#fresh(row.name, operator)
          change(
            typeof fresh.value === typeof row.value && !Array.isArray(fresh.value) && row.value !== null && fresh.money === row.money
              ? { ...fresh, value: row.value }
              : fresh,
          )
        }}>
          ${[...new Set([...operators, row.operator])].map((operator) => html`<option value=${operator} .selected=${operator === row.operator}>${say(`operator.${operator}`)}</option>`)}
        </select>
      </div>
      <div>${this.#value(row, i, change)}</div>
      <div class="wide"><button type="button" class="small plain danger" @click=${() => {
        this.#setRows({ ...rows, rows: rows.rows.filter((_, at) => at !== i) })
        void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.add')?.focus())
      }}>${say('condition.remove', { number: i + 1 })}</button></div>
    </li>`
  }

  #rows(rows: Rows) {
    return html`
      ${
        rows.rows.length > 1
          ? html`<div class="row"><label for="join">${say('condition.join')}</label>
            <select id="join" @change=${(event: Event) => this.#setRows({ ...rows, join: (event.target as HTMLSelectElement).value as Rows['join'] })}>
              <option value="all" .selected=${rows.join === 'all'}>${say('condition.all')}</option>
              <option value="any" .selected=${rows.join === 'any'}>${say('condition.any')}</option>
            </select></div>`
          : nothing
      }
      ${rows.rows.length > 0 ? html`<ol class="stack">${rows.rows.map((row, i) => this.#row(rows, row, i))}</ol>` : html`<p class="help">${say('condition.none')}</p>`}
      <div class="row small">
        <button type="button" class="add" ?disabled=${this.names.length === 0} @click=${async () => {
          this.#setRows({ ...rows, rows: [...rows.rows, this.#firstRow()] })
          await this.updateComplete
          this.renderRoot.querySelector<HTMLElement>(`#name-${rows.rows.length}`)?.focus()
        }}>${say('condition.add')}</button>
        <button type="button" class="plain" @click=${() => (this.asJson = true)}>${say('expression.asJson')}</button>
      </div>
    `
  }

  #json(canBeRows: boolean) {
    const shown = this.draft ?? (this.value === undefined ? '' : JSON.stringify(this.value, null, 1).replaceAll(/\n\s*/g, ' '))
    return html`
      <label class="unseen" for="json">${say('expression.json')}</label>
      <textarea id="json" class="code" dir="ltr" rows="2" spellcheck="false" .value=${live(shown)} @input=${this.#typed}
        @blur=${() => {
          if (this.wrong === null) this.draft = null
        }}
        aria-invalid=${this.wrong !== null || this.faults.length > 0 ? 'true' : 'false'} aria-describedby="faults help"></textarea>
      ${canBeRows ? html`<button type="button" class="small plain" @click=${() => (this.asJson = false)}>${say('expression.asRows')}</button>` : nothing}
    `
  }

  protected override render() {
    const rows = this.condition ? rowsOf(this.value) : null
    const showRows = rows !== null && !this.asJson && this.draft === null
    return html`<fieldset class="stack" aria-describedby="help">
      <legend>${this.label}</legend>
      <p class="help" id="help">${this.help}</p>
      ${showRows ? this.#rows(rows) : this.#json(rows !== null && this.wrong === null)}
      <div id="faults" class="stack">${[...(this.wrong ? [this.wrong] : []), ...this.faults].map((fault) => html`<p class="wrong">${fault}</p>`)}</div>
    </fieldset>`
  }
}
customElements.define('builder-expression-input', ExpressionInput)

declare global {
  interface HTMLElementTagNameMap {
    'builder-expression-input': ExpressionInput
  }
}
