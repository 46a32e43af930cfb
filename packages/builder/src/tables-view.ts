/**
 * Tables and fee lines as grids of plain inputs: Tab goes through the cells, arrow keys and Enter from row to row, and
 * cells copied from a spreadsheet are pasted where the focus is.
 */
import type { Expression, FeeLine } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { Definition, Draft } from './editor/edit.ts'
import { editPart } from './editor/edit-part.ts'
import { idFrom } from './editor/ids.ts'
import { isInside } from './editor/pointer.ts'
import { readableNames } from './editor/readable-names.ts'
import { renameColumn, renameTable } from './editor/rename-table.ts'
import { setTable } from './editor/set-table.ts'
import {
  type Cell,
  type CellType,
  cellFrom,
  cellsIn,
  converted,
  type Grid,
  gridFrom,
  gridOf,
  pasted,
  type Table,
  tableOf,
  typeOf,
} from './editor/table-grid.ts'
import { EditEvent, SelectEvent, type SettingEvent } from './events.ts'
import { fieldSchemas, fieldTypes } from './known-types.ts'
import { Localized, say } from './language.ts'
import './formula-input.ts'
import { type Finding, sentenceOf } from './findings.ts'
import { settled } from './settled.ts'
import { readerAt } from './words-of.ts'

const cellTypes: readonly CellType[] = ['text', 'number', 'boolean']

/** The amount of a line that is always the same; null if it is worked out. */
function fixedAmount(amount: Expression): number | null {
  if (amount === 0) return 0
  const minor = (amount as { money?: unknown } | null)?.money
  const value = Array.isArray(minor) && minor.length === 1 ? minor[0] : minor
  return typeof value === 'number' ? value : null
}

export class TablesView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1.5rem; }
      .scroll { overflow-x: auto; max-inline-size: 100%; }
      table { border-collapse: collapse; }
      th, td { border: 1px solid var(--line); padding: 0.15rem; text-align: start; vertical-align: middle; }
      th { background: var(--raised); font-size: 0.875rem; }
      td input:not([type='checkbox']), td select, th input { min-inline-size: 8rem; border-color: transparent; }
      td input:focus, th input:focus { border-color: var(--control-line); }
      td.formula { padding: 0.3rem 0.5rem; max-inline-size: 24rem; overflow-wrap: anywhere; }
      td builder-formula { display: block; min-inline-size: 18rem; }
      td.tickbox { text-align: center; }
      .number { text-align: end; }
      h3 + .unseen + input { inline-size: auto; }
      textarea { min-block-size: 4rem; }
      summary { cursor: pointer; padding-block: 0.3rem; }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    findings: { attribute: false },
    written: { state: true },
    fault: { state: true },
    told: { state: true },
  }
  declare draft: Draft
  declare findings: readonly Finding[]
  /** Ids of the fee lines whose amount is written as a formula, though it may be always the same so far. */
  declare protected written: ReadonlySet<string>
  declare protected fault: string | null
  declare protected told: string

  constructor() {
    super()
    this.findings = []
    this.written = new Set()
    this.fault = null
    this.told = ''
    new Localized(this)
  }

  get #definition(): Definition {
    return this.draft.definition
  }

  #set(name: string, grid: Grid, merge?: string) {
    this.fault = null
    this.dispatchEvent(new EditEvent(setTable({ name, table: tableOf(grid), ...(merge === undefined ? {} : { merge }) })))
  }

  async #focus(selector: string) {
    await this.updateComplete
    // The editor hands the new draft down after the edit.
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus()
  }

  readonly #onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const input = event.target as HTMLElement
    if (step === 0 || input instanceof HTMLSelectElement || input instanceof HTMLButtonElement) return
    const [table, row, column] = (input.dataset.cell ?? '').split('/')
    const next = this.renderRoot.querySelector<HTMLElement>(`[data-cell="${table}/${Number(row) + step}/${column}"]`)
    if (!next) return
    event.preventDefault()
    next.focus()
  }

  #onPaste(event: ClipboardEvent, name: string, grid: Grid, row: number, column: number) {
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (!/[\t\n]/.test(text.replace(/\r?\n$/, ''))) return
    event.preventDefault()
    const cells = cellsIn(text)
    this.#set(name, pasted(grid, row, column, cells))
    this.told = say('tables.taken', { name, count: cells.length })
  }

  #key(name: string, grid: Grid, i: number, typed: string) {
    const key = typed.trim()
    if (key === grid.rows[i]?.key) return
    if (grid.rows.some((row) => row.key === key)) this.fault = say('refused.keyTaken', { key })
    else this.#set(name, { ...grid, rows: grid.rows.map((row, at) => (at === i ? { ...row, key } : row)) })
    this.requestUpdate()
  }

  #cell(name: string, grid: Grid, i: number, column: string, cell: Cell | undefined) {
    const rows = grid.rows.map((row, at) => {
      if (at !== i) return row
      const { [column]: _before, ...others } = row.cells
      return { ...row, cells: cell === undefined ? others : { ...others, [column]: cell } }
    })
    this.#set(name, { ...grid, rows }, `${i}/${column}`)
  }

  #input(name: string, grid: Grid, i: number, column: string, at: number): TemplateResult {
    const row = grid.rows[i] as Grid['rows'][number]
    const type = typeOf(grid, column)
    const value = row.cells[column]
    const label = say('tables.cell', { row: row.key, column })
    if (type === 'boolean') {
      return html`<select aria-label=${label} data-cell="${name}/${i}/${at}" @change=${(event: Event) => {
        const chosen = (event.target as HTMLSelectElement).value
        this.#cell(name, grid, i, column, chosen === '' ? undefined : chosen === 'true')
      }}>
        <option value="" .selected=${value === undefined}></option>
        <option value="true" .selected=${value === true}>${say('condition.yes')}</option>
        <option value="false" .selected=${value === false}>${say('condition.no')}</option>
      </select>`
    }
    return html`<input aria-label=${label} data-cell="${name}/${i}/${at}" class=${type === 'number' ? 'number' : ''} dir="auto" autocomplete="off"
      inputmode=${type === 'number' ? 'decimal' : 'text'} .value=${settled(value === undefined ? '' : String(value))}
      @paste=${(event: ClipboardEvent) => this.#onPaste(event, name, grid, i, at)}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement
        if (input.value.trim() === '') return this.#cell(name, grid, i, column, undefined)
        const cell = cellFrom(input.value, type)
        if (cell !== null) return this.#cell(name, grid, i, column, cell)
        this.fault = say('tables.notANumber', { typed: input.value })
        input.value = value === undefined ? '' : String(value)
      }}>`
  }

  #column(name: string, grid: Grid, column: string, at: number): TemplateResult {
    return html`<th scope="col">
      <input class="code" dir="ltr" aria-label=${say('tables.columnName', { number: at + 1 })} .value=${live(column)} @change=${(event: Event) => {
        const to = (event.target as HTMLInputElement).value.trim()
        if (to !== column) this.dispatchEvent(new EditEvent(renameColumn({ table: name, column, to, settings: fieldSchemas })))
        this.requestUpdate()
      }}>
      <div class="row small">
        <select aria-label=${say('tables.columnType', { column })} @change=${(event: Event) => {
          const type = (event.target as HTMLSelectElement).value as CellType
          const rows = grid.rows.map((row) =>
            Object.hasOwn(row.cells, column) ? { ...row, cells: { ...row.cells, [column]: converted(row.cells[column] as Cell, type) } } : row,
          )
          this.#set(name, { ...grid, rows })
        }}>${cellTypes.map((type) => html`<option value=${type} .selected=${type === typeOf(grid, column)}>${say(`tables.type.${type}`)}</option>`)}</select>
        <button type="button" class="small plain danger" @click=${() => {
          this.#set(name, { ...grid, columns: grid.columns.filter((one) => one !== column) })
          void this.#focus(`[data-add-column="${name}"]`)
        }}>${say('tables.removeColumn', { column })}</button>
      </div>
    </th>`
  }

  #table(name: string, table: Table): TemplateResult {
    const grid = gridOf(table)
    return html`<section class="stack" aria-labelledby="table-${name}">
      <div class="row">
        <h3 id="table-${name}"><code>${name}</code></h3>
        <label for="name-${name}" class="unseen">${say('tables.name', { name })}</label>
        <input id="name-${name}" class="code" dir="ltr" size="16" .value=${live(name)} @change=${(event: Event) => {
          const to = (event.target as HTMLInputElement).value.trim()
          if (to !== name) this.dispatchEvent(new EditEvent(renameTable({ name, to, settings: fieldSchemas })))
          this.requestUpdate()
        }}>
        <button type="button" class="small danger" @click=${() => {
          this.dispatchEvent(new EditEvent(setTable({ name, table: null })))
          void this.#focus('#new-table')
        }}>${say('tables.remove', { name })}</button>
      </div>
      <div class="scroll">
        <table aria-labelledby="table-${name}" @keydown=${this.#onKey}>
          <thead><tr><th scope="col">${say('tables.key')}</th>${grid.columns.map((column, at) => this.#column(name, grid, column, at))}<th scope="col">${say('tables.acts')}</th></tr></thead>
          <tbody>${grid.rows.map(
            ({ key }, i) => html`<tr>
              <th scope="row"><input aria-label=${say('tables.keyOf', { number: i + 1 })} data-cell="${name}/${i}/key" .value=${live(key)} autocomplete="off"
                @change=${(event: Event) => this.#key(name, grid, i, (event.target as HTMLInputElement).value)}></th>
              ${grid.columns.map((column, at) => html`<td>${this.#input(name, grid, i, column, at)}</td>`)}
              <td><button type="button" class="small plain danger" @click=${() => {
                this.#set(name, { ...grid, rows: grid.rows.filter((_, at) => at !== i) })
                void this.#focus(`[data-add-row="${name}"]`)
              }}>${say('tables.removeRow', { row: key })}</button></td>
            </tr>`,
          )}</tbody>
        </table>
      </div>
      <div class="row small">
        <button type="button" data-add-row=${name} @click=${() => {
          const key = idFrom('row', new Set(grid.rows.map((row) => row.key)), 'row')
          // A cell of the kind of its column, so that the column stays what it is.
          this.#set(name, { ...grid, rows: [...grid.rows, { key, cells: {} }] })
          void this.#focus(`[data-cell="${name}/${grid.rows.length}/key"]`)
        }}>${say('tables.addRow', { name })}</button>
        <button type="button" data-add-column=${name} @click=${() => {
          const column = idFrom('column', new Set(grid.columns), 'column')
          // A column lives in its cells: each row gets an empty one.
          const rows = grid.rows.length > 0 ? grid.rows : [{ key: 'row', cells: {} }]
          this.#set(name, { columns: [...grid.columns, column], rows: rows.map((row) => ({ ...row, cells: { ...row.cells, [column]: '' } })) })
          void this.#focus(`section[aria-labelledby="table-${name}"] thead th:nth-child(${grid.columns.length + 2}) input`)
        }}>${say('tables.addColumn', { name })}</button>
      </div>
      <details>
        <summary>${say('tables.paste', { name })}</summary>
        <div class="field">
          <label for="paste-${name}" class="unseen">${say('tables.paste', { name })}</label>
          <textarea id="paste-${name}" class="code" dir="auto" aria-describedby="paste-help-${name}"></textarea>
          <p class="help" id="paste-help-${name}">${say('tables.pasteHelp')}</p>
          <div><button type="button" data-take=${name} @click=${() => {
            const box = this.renderRoot.querySelector<HTMLTextAreaElement>(`#paste-${name}`)
            const taken = gridFrom(box?.value ?? '')
            if (!taken || !box) {
              this.fault = say('tables.nothing')
              return
            }
            this.#set(name, taken)
            box.value = ''
            this.told = say('tables.taken', { name, count: taken.rows.length })
          }}>${say('tables.take')}</button></div>
        </div>
      </details>
    </section>`
  }

  // ── fee lines

  #line(i: number, path: string, value: unknown) {
    this.fault = null
    this.dispatchEvent(new EditEvent(editPart({ pointer: '', path: `/fee/lines/${i}${path}`, value })))
  }

  #lines(lines: readonly FeeLine[]) {
    this.dispatchEvent(new EditEvent(editPart({ pointer: '', path: '/fee', value: lines.length > 0 ? { ...this.#definition.fee, lines } : undefined })))
  }

  /** What the checks say of the amount, by its place in the formula. */
  #faultsOf(i: number) {
    const base = `/fee/lines/${i}/amount`
    return this.findings
      .filter(({ pointer }) => isInside(pointer, base))
      .map((finding) => ({ pointer: finding.pointer.slice(base.length), sentence: sentenceOf(finding) }))
  }

  #feeRow(line: FeeLine, i: number, lines: readonly FeeLine[]): TemplateResult {
    const { languages, locale } = this.#definition
    const [first] = languages
    const number = i + 1
    const reader = readerAt(this.#definition, `/fee/lines/${i}`)
    const fixed = fixedAmount(line.amount)
    const factor = 10 ** locale.decimals
    return html`<tr data-line=${line.id}>
      <td><input lang=${first} dir="auto" data-cell="fee/${i}/label" aria-label=${say('fee.labelOf', { number })} .value=${settled(line.label[first] ?? '')}
        @change=${(event: Event) => this.#line(i, `/label/${first}`, (event.target as HTMLInputElement).value)}></td>
      <td class=${fixed === null || this.written.has(line.id) ? 'formula' : ''}>${
        fixed === null || this.written.has(line.id)
          ? html`<builder-formula .value=${line.amount} .names=${readableNames(this.#definition, fieldTypes, `/fee/lines/${i}`)} .currency=${locale.currency} .decimals=${locale.decimals}
              required .label=${say('fee.formulaOf', { number })} .faults=${this.#faultsOf(i)}
              @builder-setting=${(event: SettingEvent) => {
                event.stopPropagation()
                // It stays a formula while it is written, whatever it amounts to on the way.
                this.written = new Set([...this.written, line.id])
                this.#line(i, '/amount', event.value)
              }}></builder-formula>`
          : html`<div class="row"><input class="number" dir="ltr" inputmode="decimal" data-cell="fee/${i}/amount" aria-label=${say('fee.amountOf', { number, currency: locale.currency })}
              .value=${settled((fixed / factor).toFixed(locale.decimals))}
              @change=${(event: Event) => {
                const input = event.target as HTMLInputElement
                const amount = cellFrom(input.value, 'number')
                if (typeof amount === 'number') return this.#line(i, '/amount', { money: Math.round(amount * factor) })
                this.fault = say('tables.notANumber', { typed: input.value })
                input.value = (fixed / factor).toFixed(locale.decimals)
              }}>
              <button type="button" class="small plain" data-formula=${line.id} @click=${() => {
                this.written = new Set([...this.written, line.id])
                void this.#focus(`tr[data-line="${line.id}"] builder-formula`)
              }}>${say('fee.workOut', { number })}</button></div>`
      }</td>
      <td class="formula">${line.when === undefined ? say('fee.always') : reader.condition(line.when)}</td>
      <td class="tickbox"><input type="checkbox" aria-label=${say('fee.refundableOf', { number })} .checked=${live(line.refundable === true)}
        @change=${(event: Event) => this.#line(i, '/refundable', (event.target as HTMLInputElement).checked || undefined)}></td>
      <td><div class="row small">
        <button type="button" class="small plain" ?disabled=${i === 0} @click=${() => {
          this.#lines(lines.map((one, at) => (at === i - 1 ? line : at === i ? (lines[i - 1] as FeeLine) : one)))
          void this.#focus(`[data-cell="fee/${i - 1}/label"]`)
        }}>${say('fee.up', { number })}</button>
        <button type="button" class="small plain danger" @click=${() => {
          this.#lines(lines.filter((_, at) => at !== i))
          void this.#focus('#add-line')
        }}>${say('fee.remove', { number })}</button>
      </div></td>
    </tr>`
  }

  #fee(): TemplateResult {
    const lines = this.#definition.fee?.lines ?? []
    return html`<section class="stack" aria-labelledby="fee-title">
      <h3 id="fee-title">${say('fee.title')}</h3>
      <p class="help">${say('fee.text')}</p>
      ${
        lines.length > 0
          ? html`<div class="scroll"><table aria-labelledby="fee-title" @keydown=${this.#onKey}>
            <thead><tr><th scope="col">${say('fee.label')}</th><th scope="col">${say('fee.amount')}</th><th scope="col">${say('fee.when')}</th><th scope="col">${say('fee.refundable')}</th><th scope="col">${say('tables.acts')}</th></tr></thead>
            <tbody>${lines.map((line, i) => this.#feeRow(line, i, lines))}</tbody>
          </table></div>`
          : nothing
      }
      <div class="row small">
        <button type="button" id="add-line" @click=${() => {
          const id = idFrom('line', new Set(lines.map((line) => line.id)), 'line')
          this.#lines([...lines, { id, label: { [this.#definition.languages[0]]: say('fee.newLabel') }, amount: { money: 0 } }])
          void this.#focus(`[data-cell="fee/${lines.length}/label"]`)
        }}>${say('fee.add')}</button>
        <button type="button" class="plain" @click=${() => this.dispatchEvent(new SelectEvent('@fee', true))}>${say('fee.settings')}</button>
      </div>
    </section>`
  }

  protected override render() {
    const tables = Object.entries((this.#definition.tables ?? {}) as Record<string, Table>)
    return html`
      <h2 tabindex="-1">${say('view.tables')}</h2>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p class="unseen" role="status">${this.told}</p>
      ${this.#fee()}
      <section class="stack" aria-label=${say('tables.text')}><p>${say('tables.text')}</p><p class="help">${say('tables.keys')}</p></section>
      ${tables.map(([name, table]) => this.#table(name, table))}
      <form class="row" @submit=${(event: SubmitEvent) => {
        event.preventDefault()
        const input = this.renderRoot.querySelector<HTMLInputElement>('#new-table')
        if (!input || input.value.trim() === '') return
        const name = idFrom(input.value, new Set(Object.keys(this.#definition.tables ?? {})), 'table')
        this.#set(name, { columns: ['value'], rows: [{ key: 'row', cells: { value: '' } }] })
        input.value = ''
        void this.#focus(`[data-cell="${name}/0/key"]`)
      }}>
        <label for="new-table">${say('tables.newName')}</label><input id="new-table" autocomplete="off">
        <button>${say('tables.add')}</button>
      </form>
    `
  }
}
customElements.define('builder-tables', TablesView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-tables': TablesView
  }
}
