/**
 * A condition or value as a line, as in a spreadsheet: names and functions are completed, the function around the caret is
 * explained, and what cannot be read is told with its place. A text area of one or more lines with a list of suggestions:
 * the focus stays in the text, Down goes into the list, Enter or Tab takes what is chosen there, Escape closes it.
 *
 * Fires `builder-setting` with path '' and the expression, or undefined for none.
 */
import { type FormulaFault, type FormulaLanguage, parseFormula, printFormula } from '@guichet/core/formula-line'
import type { Expression } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { ReadableName } from './editor/readable-names.ts'
import { SettingEvent } from './events.ts'
import { type Completions, callAt, completionsAt, type FunctionName } from './formula-caret.ts'
import { Localized, language, say } from './language.ts'

/** A finding of the checks, and which part of the expression it is about. */
export interface PlacedFault {
  /** JSON pointer into the expression. */
  pointer: string
  sentence: string
}

/** What cannot be read is told this long after the last key: half a formula is no mistake. */
const pause = 900
/** What can be read is taken this long after the last key, so that half a name is no edit. */
const settles = 300
/** Suggestions shown at once. */
const most = 8

/** Numbers with a comma, where the author's language has one. */
const hasDecimalComma = () => new Intl.NumberFormat(language(), { numberingSystem: 'latn' }).format(1.5).includes(',')

function currencySign(currency: string): string {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(1).find(({ type }) => type === 'currency')
        ?.value ?? ''
    )
  } catch {
    return ''
  }
}

export class FormulaInput extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .box { position: relative; }
      textarea { text-align: start; }
      [role='listbox'] {
        position: absolute; inset-inline: 0; inset-block-start: 100%; z-index: 2; display: grid; background: var(--surface); border: 1px solid var(--control-line);
        border-radius: var(--corner); box-shadow: 0 4px 12px rgb(0 0 0 / 0.2);
      }
      [role='option'] { display: flex; gap: 0.75rem; justify-content: space-between; padding: 0.25rem 0.5rem; min-block-size: 1.75rem; cursor: pointer; }
      [role='option'] > * { min-inline-size: 0; overflow-wrap: anywhere; }
      [role='option'][aria-selected='true'] { background: var(--chosen); outline: 2px solid var(--focus); outline-offset: -2px; }
      [role='option'] > code { flex: none; max-inline-size: 60%; }
      .label { color: var(--quiet); text-align: end; font-weight: 400; }
      .call { font-size: 0.85rem; color: var(--quiet); }
      .call b { color: var(--text); text-decoration: underline; }
      .fault { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
    `,
  ]
  static override readonly properties = {
    value: { attribute: false },
    names: { attribute: false },
    currency: {},
    decimals: { type: Number },
    required: { type: Boolean },
    label: {},
    faults: { attribute: false },
    line: { state: true },
    caret: { state: true },
    shown: { state: true },
    active: { state: true },
    fault: { state: true },
    told: { state: true },
  }
  declare value: Expression | undefined
  /** What may be read here. */
  declare names: readonly ReadableName[]
  declare currency: string
  declare decimals: number
  declare required: boolean
  /** What the line is called. */
  declare label: string
  /** What the checks find wrong. */
  declare faults: readonly PlacedFault[]
  /** As typed. */
  declare protected line: string
  declare protected caret: number
  declare protected shown: Completions | null
  /** Which suggestion is chosen; -1: none. */
  declare protected active: number
  /** What cannot be read. */
  declare protected fault: FormulaFault | null
  declare protected told: string

  #sent: Expression | undefined
  #places: ReadonlyMap<string, readonly [start: number, end: number]> = new Map()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.names = this.faults = []
    this.currency = 'EUR'
    this.decimals = 2
    this.required = false
    this.label = this.line = this.told = ''
    this.caret = 0
    this.active = -1
    this.shown = this.fault = null
    new Localized(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  /** What waits to be taken is taken now. */
  #flush() {
    clearTimeout(this.#timer)
    const parsed = this.#read()
    if ('expression' in parsed) this.#set(parsed.expression)
    else if (parsed.fault.code === 'empty' && !this.required) this.#set(undefined)
    return parsed
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    // Changed from outside (rows, undo): what was typed is no longer what holds.
    if (!changed.has('value') || (this.hasUpdated && this.value === this.#sent)) return
    this.#sent = this.value
    this.#print()
  }

  get #text(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea')
  }

  override focus() {
    void this.updateComplete.then(() => this.#text?.focus())
  }

  #language(): FormulaLanguage {
    const known = new Map<string, string[]>()
    const all = this.names.flatMap((name) => [name, ...(name.fields ?? [])])
    for (const { name, label } of all) known.set(label.toLocaleLowerCase(), [...new Set([...(known.get(label.toLocaleLowerCase()) ?? []), name])])
    const names = new Set(all.map(({ name }) => name))
    return {
      currency: this.currency,
      decimals: this.decimals,
      decimalComma: hasDecimalComma(),
      sign: currencySign(this.currency),
      words: new Map((['and', 'or', 'not', 'true', 'false', 'nothing'] as const).map((word) => [say(`formula.${word}`).toLocaleLowerCase(), word])),
      isName: (name) => names.has(name),
      nameOf: (label) => {
        const [only, ...more] = known.get(label.toLocaleLowerCase()) ?? []
        return only !== undefined && more.length === 0 ? only : null
      },
    }
  }

  /** The expression as a line; its parts then have places. */
  #print() {
    clearTimeout(this.#timer)
    this.fault = null
    this.line = this.value === undefined ? '' : (printFormula(this.value, this) ?? '')
    this.#read()
  }

  #read() {
    const parsed = parseFormula(this.line, this.#language(), this.value)
    this.#places = 'fault' in parsed ? new Map() : parsed.places
    return parsed
  }

  #take() {
    clearTimeout(this.#timer)
    const parsed = this.#read()
    const isFault = 'fault' in parsed && (parsed.fault.code !== 'empty' || this.required)
    if (!isFault) this.fault = null
    this.#timer = setTimeout(() => (isFault ? this.#tell(parsed.fault) : this.#flush()), isFault ? pause : settles)
  }

  #tell(fault: FormulaFault) {
    this.fault = fault
    this.told = this.#sentenceOf(fault)
  }

  #sentenceOf({ code, text, start }: FormulaFault): string {
    const position = Math.min(start + 1, Math.max(1, this.line.length))
    return say(`formula.fault.${code}`, { text: text.trim(), position, currency: this.currency, decimals: this.decimals })
  }

  #set(value: Expression | undefined) {
    if (JSON.stringify(value) === JSON.stringify(this.value)) return
    this.value = this.#sent = value
    this.dispatchEvent(new SettingEvent('', value))
  }

  readonly #typed = () => {
    const text = this.#text as HTMLTextAreaElement
    this.line = text.value
    this.#moved()
    this.#suggest(false)
    this.#take()
  }

  readonly #moved = () => {
    this.caret = this.#text?.selectionStart ?? 0
  }

  #suggest(asked: boolean) {
    const found = completionsAt(this.line, this.caret, this.names, hasDecimalComma(), asked)
    this.shown = found ? { ...found, options: found.options.slice(0, most) } : null
    this.active = -1
    this.told = this.shown ? say('formula.suggestions', { count: this.shown.options.length }) : ''
  }

  #close() {
    this.shown = null
    this.active = -1
    this.told = ''
  }

  #choose(index: number) {
    const option = this.shown?.options[index]
    const text = this.#text
    if (!this.shown || !option || !text) return
    text.setRangeText(option.text, this.shown.start, this.shown.end, 'end')
    const caret = text.selectionEnd - option.back
    text.setSelectionRange(caret, caret)
    this.#close()
    this.line = text.value
    this.#moved()
    this.#take()
    text.focus()
  }

  readonly #onKey = (event: KeyboardEvent) => {
    const { key } = event
    const count = this.shown?.options.length ?? 0
    // Undo takes back what stands there now.
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'z') this.#flush()
    if (key === ' ' && event.ctrlKey) this.#suggest(true)
    else if (count === 0 || event.ctrlKey || event.altKey || event.metaKey) return
    else if (key === 'ArrowDown') this.active = (this.active + 1) % count
    else if (key === 'ArrowUp') this.active = this.active <= 0 ? count - 1 : this.active - 1
    else if ((key === 'Enter' || (key === 'Tab' && !event.shiftKey)) && this.active >= 0) this.#choose(this.active)
    else if (key === 'Escape') {
      this.#close()
      // Escape here closes no dialog around.
      event.stopPropagation()
    } else return
    event.preventDefault()
  }

  /** The line is left: it is written as the builder writes it, so that the next one reads it so. */
  readonly #left = () => {
    this.#close()
    const parsed = this.#flush()
    if ('expression' in parsed) this.#print()
    else if (this.required || parsed.fault.code !== 'empty') this.#tell(parsed.fault)
  }

  #showPlace(start: number, end: number) {
    const text = this.#text
    text?.focus()
    text?.setSelectionRange(start, end)
  }

  #call() {
    const call = callAt(this.line, this.caret, hasDecimalComma())
    if (!call) return nothing
    const parts = say(`formula.of.${call.name as FunctionName}`).split('; ')
    // The last argument of some may be repeated.
    const current = Math.min(call.argument, parts.length - 1)
    return html`<bdi>${call.name}(${parts.map((part, i) => html`${i > 0 ? '; ' : ''}${i === current ? html`<b>${part}</b>` : part}`)})</bdi>: ${say(`formula.does.${call.name as FunctionName}`)}`
  }

  #faultsShown() {
    const { fault } = this
    const told = fault
      ? [{ sentence: this.#sentenceOf(fault), place: [fault.start, fault.end] as const }]
      : this.faults.map(({ pointer, sentence }) => {
          // The smallest part around that has a place.
          let at = pointer
          while (at !== '' && !this.#places.has(at)) at = at.slice(0, at.lastIndexOf('/'))
          return { sentence, place: this.#places.get(at) }
        })
    return told.map(
      ({ sentence, place }) =>
        html`<div class="fault"><p class="wrong">${sentence}</p>${
          place && place[1] > place[0] && this.line !== ''
            ? html`<button type="button" class="small plain" @click=${() => this.#showPlace(place[0], place[1])}>${say('formula.show')}</button>`
            : nothing
        }</div>`,
    )
  }

  protected override render() {
    const isWrong = this.fault !== null || this.faults.length > 0
    const options = this.shown?.options ?? []
    return html`
      <label class="unseen" for="line">${this.label}</label>
      <div class="box">
        <textarea id="line" class="code" dir="ltr" rows="1" spellcheck="false" autocomplete="off" autocapitalize="off" .value=${this.line}
          aria-autocomplete="list" aria-controls="choices" aria-activedescendant=${this.active >= 0 ? `choice-${this.active}` : nothing}
          aria-invalid=${isWrong ? 'true' : 'false'} aria-describedby="call faults"
          @input=${this.#typed} @keydown=${this.#onKey} @keyup=${this.#moved} @click=${this.#moved} @blur=${this.#left}></textarea>
        <ul id="choices" role="listbox" aria-label=${say('formula.list')} ?hidden=${options.length === 0}>${options.map(
          ({ text, label, kind }, i) => html`<li role="option" id="choice-${i}" aria-selected=${i === this.active ? 'true' : 'false'}
            @pointerdown=${(event: Event) => {
              // The focus stays in the line.
              event.preventDefault()
              this.#choose(i)
            }}><code>${text}</code> <span class="label" dir="auto">${kind === 'function' ? say(`formula.does.${label as FunctionName}`) : kind === 'word' ? '' : label}</span></li>`,
        )}</ul>
      </div>
      <p class="unseen" role="status">${this.told}</p>
      <p class="call" id="call">${this.#call()}</p>
      <div id="faults">${this.#faultsShown()}</div>
    `
  }
}
customElements.define('builder-formula', FormulaInput)

declare global {
  interface HTMLElementTagNameMap {
    'builder-formula': FormulaInput
  }
}
