/**
 * A condition as rows: a question, a comparison and a value in each, groups of them, and for repeated groups how many
 * entries there are, which hold a condition of their own, and what they sum up to.
 *
 * Fires `builder-rows` with the rows as they shall be.
 */
import { printFormula } from '@guichet/core/formula-line'
import type { Json } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { type Formula, type Item, isRow, isRows, type Operator, operatorsOf, type Row, type Rows, takesValue } from './editor/condition-rows.ts'
import type { ReadableName } from './editor/readable-names.ts'
import { Localized, language, say } from './language.ts'
import { operatorName } from './names.ts'
import { settled } from './settled.ts'

export class RowsEvent extends Event {
  static readonly type = 'builder-rows'
  readonly rows: Rows
  constructor(rows: Rows) {
    super(RowsEvent.type)
    this.rows = rows
  }
}

type Change<Value> = (value: Value) => void

const ofEntries: readonly Operator[] = ['anyRow', 'everyRow', 'noRow']
const ofSum: readonly Operator[] = ['sumAtLeast', 'sumAtMost']

/** A row for a field, with the value that its kind suggests. */
export function freshRow(names: readonly ReadableName[], name: string, operator: Operator): Row {
  const named = names.find((one) => one.name === name)
  const first = named?.choices[0]?.value ?? ''
  const base = { name, operator }
  if (ofEntries.includes(operator)) return { ...base, value: null, where: { join: 'all', rows: firstRow([...(named?.fields ?? []), ...names]) } }
  if (ofSum.includes(operator)) {
    const summed = numbersOf(named)[0]
    return { ...base, value: 0, field: summed?.name ?? '', ...(summed?.kind === 'money' ? { money: true } : {}) }
  }
  if (!takesValue(operator)) return { ...base, value: null }
  if (operator === 'oneOf') return { ...base, value: [first] }
  if (operator.startsWith('rows')) return { ...base, value: 1 }
  if (operator.startsWith('age')) return { ...base, value: 18 }
  const kind = named?.kind
  if (kind === 'boolean') return { ...base, value: true }
  if (kind === 'money') return { ...base, value: 0, money: true }
  if (kind === 'number') return { ...base, value: 0 }
  return { ...base, value: kind === 'date' ? '2026-01-01' : first }
}

const numbersOf = (named: ReadableName | undefined) => (named?.fields ?? []).filter(({ kind }) => kind === 'number' || kind === 'money')

/** Operators that make sense for a name; entries without anything to read can only be counted. */
function operatorsFor(named: ReadableName): readonly Operator[] {
  return operatorsOf[named.kind].filter((operator) => {
    if (ofEntries.includes(operator)) return (named.fields ?? []).length > 0
    return !ofSum.includes(operator) || numbersOf(named).length > 0
  })
}

export function firstRow(names: readonly ReadableName[]): Row[] {
  const [first] = names
  const [operator] = first ? operatorsFor(first) : []
  return first && operator ? [freshRow(names, first.name, operator)] : []
}

export class ConditionEditor extends LitElement {
  static override readonly styles = [
    shared,
    css`
      fieldset, .where { border: 1px solid var(--line); border-radius: var(--corner); padding: 0.5rem; }
      .where { border-style: dashed; }
      legend { padding-inline: 0.3rem; margin: 0; font-weight: 600; }
      .condition { display: grid; grid-template-columns: 1fr 1fr; gap: 0.35rem; padding-block-end: 0.5rem; border-block-end: 1px dashed var(--line); }
      .condition > .wide { grid-column: 1 / -1; }
      select[multiple] { min-block-size: 5rem; }
      code { overflow-wrap: anywhere; }
      @container (max-width: 18rem) { .condition { grid-template-columns: minmax(0, 1fr); } }
      :host { container-type: inline-size; }
    `,
  ]
  static override readonly properties = { rows: { attribute: false }, names: { attribute: false }, decimals: { type: Number }, currency: {} }
  declare rows: Rows
  /** What may be read here. */
  declare names: readonly ReadableName[]
  declare decimals: number
  declare currency: string

  constructor() {
    super()
    this.rows = { join: 'all', rows: [] }
    this.names = []
    this.decimals = 2
    this.currency = 'EUR'
    new Localized(this)
  }

  override focus() {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('select, button')?.focus())
  }

  #set(rows: Rows) {
    this.rows = rows
    this.dispatchEvent(new RowsEvent(rows))
  }

  async #focus(id: string) {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.focus()
  }

  #value(row: Row, at: string, names: readonly ReadableName[], change: Change<Row>) {
    const id = `value-${at}`
    const named = names.find(({ name }) => name === row.name)
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

  #nameSelect(id: string, label: string, chosen: string, names: readonly ReadableName[], take: Change<string>) {
    const isKnown = names.some(({ name }) => name === chosen)
    return html`<label class="unseen" for=${id}>${label}</label>
      <select id=${id} @change=${(event: Event) => take((event.target as HTMLSelectElement).value)}>
        ${isKnown ? nothing : html`<option value=${chosen} selected>${say('condition.unknown', { name: chosen })}</option>`}
        ${names.map(({ name, label: shown }) => html`<option value=${name} .selected=${name === chosen}>${shown === name ? name : `${shown} (${name})`}</option>`)}
      </select>`
  }

  #row(row: Row, at: string, number: string, names: readonly ReadableName[], change: Change<Row>, remove: () => void): TemplateResult {
    const named = names.find(({ name }) => name === row.name)
    const operators = named ? operatorsFor(named) : [row.operator]
    return html`<li><div class="condition" role="group" aria-label=${say('condition.number', { number })}>
      <div class="wide">${this.#nameSelect(`name-${at}`, say('condition.field'), row.name, names, (name) => {
        const next = names.find((one) => one.name === name)
        const known = next ? operatorsFor(next) : operatorsOf.text
        change(freshRow(names, name, known.includes(row.operator) ? row.operator : (known[0] as Operator)))
      })}</div>
      <div>
        <label class="unseen" for="operator-${at}">${say('condition.operator')}</label>
        <select id="operator-${at}" @change=${(event: Event) => {
          const operator = (event.target as HTMLSelectElement).value as Operator
          const fresh = freshRow(names, row.name, operator)
          const keeps = typeof fresh.value === typeof row.value && !Array.isArray(fresh.value) && row.value !== null && fresh.money === row.money
          change({
            ...fresh,
            ...(keeps ? { value: row.value } : {}),
            ...(row.where && (fresh.where || operator.startsWith('rows')) ? { where: row.where } : {}),
          })
        }}>
          ${[...new Set([...operators, row.operator])].map((operator) => html`<option value=${operator} .selected=${operator === row.operator}>${operatorName(operator, named?.kind)}</option>`)}
        </select>
      </div>
      ${
        row.field === undefined
          ? nothing
          : html`<div>${this.#nameSelect(`of-${at}`, say('condition.summed'), row.field, numbersOf(named), (field) => {
              const isMoney = numbersOf(named).find(({ name }) => name === field)?.kind === 'money'
              const { money: _money, ...rest } = row
              change({ ...rest, field, ...(isMoney ? { money: true } : {}) })
            })}</div>`
      }
      <div>${this.#value(row, at, names, change)}</div>
      ${row.where ? this.#where(row, row.where, at, number, names, change) : nothing}
      <div class="wide row small">
        ${
          row.where || !row.operator.startsWith('rows') || (named?.fields ?? []).length === 0
            ? nothing
            : html`<button type="button" class="plain" @click=${() => {
                change({ ...row, where: { join: 'all', rows: firstRow(named?.fields ?? []) } })
                void this.#focus(`name-${at}-w-0`)
              }}>${say('condition.onlyWhere')}</button>`
        }
        <button type="button" class="small plain danger" @click=${remove}>${say('condition.remove', { number })}</button>
      </div>
    </div></li>`
  }

  #where(row: Row, where: Rows, at: string, number: string, names: readonly ReadableName[], change: Change<Row>) {
    const fields = names.find(({ name }) => name === row.name)?.fields ?? []
    const inside = [...fields, ...names.filter(({ name }) => !fields.some((field) => field.name === name))]
    return html`<div class="where wide stack" role="group" aria-label=${say('condition.where')}>
      <p class="label">${say('condition.where')}</p>
      ${this.#list(where, `${at}-w`, `${number}.`, inside, (next) => {
        const { where: _where, ...rest } = row
        // Counted without a condition is counted; "any" without one says nothing.
        change(next.rows.length > 0 ? { ...row, where: next } : row.operator.startsWith('rows') ? rest : freshRow(names, row.name, row.operator))
      })}
    </div>`
  }

  #formula({ formula }: Formula, number: string, remove: () => void) {
    return html`<li><div class="condition" role="group" aria-label=${say('condition.number', { number })}>
      <div class="wide"><code dir="ltr">${printFormula(formula, this) ?? JSON.stringify(formula)}</code></div>
      <p class="wide help">${say('condition.inFormula')}</p>
      <div class="wide"><button type="button" class="small plain danger" @click=${remove}>${say('condition.remove', { number })}</button></div>
    </div></li>`
  }

  #list(rows: Rows, at: string, number: string, names: readonly ReadableName[], change: Change<Rows>): TemplateResult {
    const id = (name: string) => (at === '' ? name : `${name}-${at}`)
    const put = (i: number, item: Item | null) => change({ ...rows, rows: rows.rows.flatMap((old, j) => (i !== j ? [old] : item ? [item] : [])) })
    const remove = (i: number) => () => {
      put(i, null)
      void this.#focus(id('add')).then(() => {
        // With its last row a group is gone, and its button with it.
        if (!(this.renderRoot as ShadowRoot).activeElement) void this.#focus('add')
      })
    }
    const inside = (i: number) => (at === '' ? `${i}` : `${at}-${i}`)
    const add = (item: Item | undefined) => {
      if (!item) return
      change({ ...rows, rows: [...rows.rows, item] })
      // The first row of what was added.
      void this.#focus(`name-${inside(rows.rows.length)}${isRows(item) ? '-0' : ''}`)
    }
    return html`
      ${
        rows.rows.length > 1
          ? html`<div class="row"><label for=${id('join')}>${say('condition.join')}</label>
            <select id=${id('join')} @change=${(event: Event) => change({ ...rows, join: (event.target as HTMLSelectElement).value as Rows['join'] })}>
              <option value="all" .selected=${rows.join === 'all'}>${say('condition.all')}</option>
              <option value="any" .selected=${rows.join === 'any'}>${say('condition.any')}</option>
            </select></div>`
          : nothing
      }
      ${
        rows.rows.length > 0
          ? html`<ol class="stack">${rows.rows.map((item, i) => {
              const own = `${number}${new Intl.NumberFormat(language()).format(i + 1)}`
              if (isRow(item)) return this.#row(item, inside(i), own, names, (next) => put(i, next), remove(i))
              if (!isRows(item)) return this.#formula(item, own, remove(i))
              return html`<li><fieldset class="stack"><legend>${say('condition.group', { number: own })}</legend>
                ${this.#list(item, inside(i), `${own}.`, names, (next) => (next.rows.length > 0 ? put(i, next) : put(i, null)))}</fieldset></li>`
            })}</ol>`
          : html`<p class="help">${say('condition.none')}</p>`
      }
      <div class="row small">
        <button type="button" class="add" id=${id('add')} ?disabled=${names.length === 0} @click=${() => add(firstRow(names)[0])}>${say('condition.add')}</button>
        ${
          rows.rows.length > 0
            ? html`<button type="button" ?disabled=${names.length === 0} @click=${() =>
                add({ join: rows.join === 'all' ? 'any' : 'all', rows: firstRow(names) })}>${say('condition.addGroup')}</button>`
            : nothing
        }
      </div>
    `
  }

  protected override render() {
    return this.#list(this.rows, '', '', this.names, (rows) => this.#set(rows))
  }
}
customElements.define('builder-condition', ConditionEditor)

declare global {
  interface HTMLElementTagNameMap {
    'builder-condition': ConditionEditor
  }
}
