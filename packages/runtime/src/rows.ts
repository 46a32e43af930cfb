/** A repeated group: rows that are added and taken away one by one. */
import type { Text } from '@guichet/core'
import { html, nothing, render } from 'lit-html'
import { Part, partId } from './part.ts'
import { say, sayText } from './said.ts'
import type { Said } from './words.ts'
import './more-styles.ts'

interface Repeat {
  min?: number
  max?: number
  add?: Text
  item?: Text
}

interface Row {
  /** Its place, which changes when a row before it goes. */
  index: number
  readonly element: HTMLElement
  readonly inside: HTMLElement
  readonly parts: Part[]
}

/** What a person can type into or press. */
const focusable = 'input, select, textarea, button'

export class Rows extends Part {
  static readonly styles = /* css */ `
.g-row-title { font-size: 1.1em; }
.g-row {
  border: 1px solid var(--guichet-colour-line); border-radius: var(--guichet-radius); padding: 1em; margin-block-end: 1em;
}
.g-row > .g-row-title { float: inline-start; inline-size: 100%; }
.g-row > .g-row-title + * { clear: both; }
.g-row .g-field:last-child { margin-block-end: 0.5em; }
`
  readonly #rows: Row[] = []
  readonly #list = document.createElement('div')
  #started = false

  get #repeat(): Repeat {
    return (this.node.field.repeat ?? {}) as Repeat
  }

  #count(): number {
    const rows = this.form.session.input(this.instance)
    return Array.isArray(rows) ? rows.length : 0
  }

  protected override draw() {
    const { form, node } = this
    if (!this.#started) {
      this.#started = true
      // Rows that are needed anyway stand there from the start.
      for (let missing = (this.#repeat.min ?? 0) - this.#count(); missing > 0; missing--) form.session.addRow(this.instance)
    }
    while (this.#rows.length < this.#count()) this.#append()
    for (const row of this.#rows) this.#drawRow(row)
    const { words } = form
    const { label, hint, optional } = node.field
    const id = partId(this.instance)
    const describedBy = [hint && `${id}-hint`, this.problem && `${id}-error`].filter(Boolean).join(' ')
    const { add, max } = this.#repeat
    render(
      html`<fieldset class="g-fieldset g-group" aria-describedby=${describedBy || nothing}>
        <legend class="g-legend">
          ${sayText(words, label)} ${optional ? html`<span class="g-optional">${words.message('optional')}</span>` : nothing}
        </legend>
        ${hint ? html`<div class="g-hint" id="${id}-hint">${sayText(words, hint)}</div>` : nothing} ${this.error(id)} ${this.#list}
        ${
          max !== undefined && this.#rows.length >= max
            ? html`<p class="g-hint" id=${id} tabindex="-1">${words.message('rows.full', { count: max })}</p>`
            : html`<button type="button" class="g-button g-button-secondary" id=${id} @click=${this.#add}>
                ${add ? sayText(words, add) : words.message('rows.add')}
              </button>`
        }
      </fieldset>`,
      this.element,
    )
  }

  #append() {
    const element = document.createElement('div')
    const row: Row = { index: this.#rows.length, element, inside: document.createElement('div'), parts: [] }
    this.#rows.push(row)
    this.form.build(this.node.children, () => `${this.instance}/${row.index}/`, row.parts, row.inside)
    this.#drawRow(row)
    this.#list.append(element)
  }

  #title(row: Row): Said {
    const { words } = this.form
    const { item } = this.#repeat
    const name = words.text(item)
    const number = words.number(row.index + 1)
    return item ? { ...name, text: `${name.text} ${number}` } : { text: words.message('rows.item', { number: row.index + 1 }), language: words.language }
  }

  #drawRow(row: Row) {
    const { words } = this.form
    const title = this.#title(row)
    render(
      html`<fieldset class="g-fieldset g-row">
        <legend class="g-legend g-row-title">${say(words, title)}</legend>
        ${row.inside}
        <button type="button" class="g-link" @click=${() => this.#remove(row)}>
          ${words.message('rows.remove')} <span class="g-hidden">${say(words, title)}</span>
        </button>
      </fieldset>`,
      row.element,
    )
  }

  readonly #add = () => {
    this.form.edited(this, this.form.session.addRow(this.instance))
    const row = this.#rows.at(-1)
    ;(row?.inside.querySelector(`.g-field:not([hidden]) :is(${focusable})`) as HTMLElement | null)?.focus()
    if (row) this.form.announce(this.form.words.message('rows.added', { name: this.#title(row).text }))
  }

  #remove(row: Row) {
    const { form } = this
    const name = this.#title(row).text
    const { index } = row
    this.#rows.splice(index, 1)
    row.element.remove()
    form.forget(row.parts)
    this.#rows.forEach((other, at) => {
      other.index = at
    })
    form.edited(this, form.session.removeRow(this.instance, index))
    // The rows after it carry new names and ids now.
    for (const other of this.#rows.slice(index)) form.refresh(other.parts)
    const before = this.#rows[index - 1]?.element.querySelector<HTMLElement>('.g-row > .g-link')
    ;(before ?? this.element.querySelector<HTMLElement>(`#${partId(this.instance)}`))?.focus()
    form.announce(form.words.message('rows.removed', { name }))
  }
}
