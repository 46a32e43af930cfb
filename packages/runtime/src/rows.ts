/** A repeated group: rows that are added and taken away one by one, or that stand there by the names their author gave them. */
import type { Text } from '@guichet/core'
import { asNamed, namedRows, standAsNamed } from '@guichet/core/named-rows'
import { html, nothing, render, type TemplateResult } from 'lit-html'
import { h } from './dom.ts'
import { Part, partId } from './part.ts'
import { rowName } from './row-names.ts'
import { say, sayText } from './said.ts'
import { buildTableRow, drawTable, drawTableRow, tableStyles } from './table-rows.ts'
import type { Said } from './words.ts'
import './more-styles.ts'

export interface Repeat {
  min?: number
  max?: number
  add?: Text
  item?: Text
  as?: 'table'
  each?: string
  totals?: readonly string[]
}

export interface Row {
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
${tableStyles}`
  readonly rows: Row[] = []
  readonly #list = h(this.repeat.as ? 'tbody' : 'div', {})
  #started = false

  get repeat(): Repeat {
    return (this.node.field.repeat ?? {}) as Repeat
  }

  /** The fields that are asked in each row: all but the one that names it. */
  get asked() {
    return this.node.children.filter(({ field }) => field.id !== this.repeat.each)
  }

  #count(): number {
    const rows = this.form.session.input(this.instance)
    return Array.isArray(rows) ? rows.length : 0
  }

  /** Rows that are needed anyway stand there from the start. */
  #start() {
    const { session } = this.form
    const named = namedRows(this.node, session.context)
    if (!named) for (let missing = (this.repeat.min ?? 0) - this.#count(); missing > 0; missing--) session.addRow(this.instance)
    // Those of another version of the service, too, come to stand as they do in this one.
    else if (!standAsNamed(session.input(this.instance), named)) session.set(this.instance, asNamed(session.input(this.instance), named))
  }

  protected override draw() {
    if (!this.#started) {
      this.#started = true
      this.#start()
    }
    while (this.rows.length < this.#count()) this.#append()
    for (const row of this.rows) this.#drawRow(row)
    const { form, node } = this
    const { words } = form
    const { label, hint, optional } = node.field
    const { add, max, as, each } = this.repeat
    const id = partId(this.instance)
    const describedBy = [hint && `${id}-hint`, this.problem && `${id}-error`].filter(Boolean).join(' ')
    render(
      html`<fieldset class="g-fieldset g-group" aria-describedby=${describedBy || nothing} id=${each ? id : nothing} tabindex=${each ? '-1' : nothing}>
        <legend class="g-legend">
          ${sayText(words, label)} ${optional ? html`<span class="g-optional">${words.message('optional')}</span>` : nothing}
        </legend>
        ${hint ? html`<div class="g-hint" id="${id}-hint">${sayText(words, hint)}</div>` : nothing} ${this.error(id)}
        ${as ? drawTable(this, this.#list) : this.#list}
        ${
          each
            ? nothing
            : max !== undefined && this.rows.length >= max
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
    const table = this.repeat.as
    const element = h(table ? 'tr' : 'div', {})
    const row: Row = { index: this.rows.length, element, inside: table ? element : h('div', {}), parts: [] }
    this.rows.push(row)
    const at = () => `${this.instance}/${row.index}/`
    if (table) buildTableRow(this, row, at)
    else this.form.build(this.asked, at, row.parts, row.inside)
    this.#drawRow(row)
    this.#list.append(row.element)
  }

  title(row: Row): Said {
    return rowName(this.form.session, this.form.words, this.node, row.index)
  }

  /** Takes a row away; there where the author has not said which rows there are. */
  remover(row: Row): TemplateResult | typeof nothing {
    if (this.repeat.each) return nothing
    const { words } = this.form
    return html`<button type="button" class="g-link" @click=${() => this.#remove(row)}>
      ${words.message('rows.remove')} <span class="g-hidden">${say(words, this.title(row))}</span>
    </button>`
  }

  #drawRow(row: Row) {
    if (this.repeat.as) return drawTableRow(this, row)
    render(
      html`<fieldset class="g-fieldset g-row">
        <legend class="g-legend g-row-title">${say(this.form.words, this.title(row))}</legend>
        ${row.inside} ${this.remover(row)}
      </fieldset>`,
      row.element,
    )
  }

  readonly #add = () => {
    this.form.edited(this, this.form.session.addRow(this.instance))
    const row = this.rows.at(-1)
    ;(row?.inside.querySelector(`.g-field:not([hidden]) :is(${focusable})`) as HTMLElement | null)?.focus()
    if (row) this.form.announce(this.form.words.message('rows.added', { name: this.title(row).text }))
  }

  #remove(row: Row) {
    const { form } = this
    const name = this.title(row).text
    const { index } = row
    this.rows.splice(index, 1)
    row.element.remove()
    form.forget(row.parts)
    this.rows.forEach((other, at) => {
      other.index = at
    })
    form.edited(this, form.session.removeRow(this.instance, index))
    // The rows after it carry new names and ids now.
    for (const other of this.rows.slice(index)) form.refresh(other.parts)
    const before = this.rows[index - 1]?.element.querySelector<HTMLElement>(':is(.g-row, .g-table-remove) > .g-link')
    ;(before ?? this.element.querySelector<HTMLElement>(`#${partId(this.instance)}`))?.focus()
    form.announce(form.words.message('rows.removed', { name }))
  }
}
