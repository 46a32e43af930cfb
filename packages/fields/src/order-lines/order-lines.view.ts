import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { OrderLinesField } from '../../generated/settings.ts'
import { optionText, said } from '../choice.view.ts'
import { typedNumber } from '../decimal.ts'
import type { FieldView } from '../field-view.ts'
import { showMoney } from '../money/money.ts'
import { inputText } from '../text-input.view.ts'
import { itemsOf, quantitiesIn, readQuantity, totalOf } from './order-lines.ts'

/** A table where there is room; where there is not, each item over its price, quantity and amount. */
export const view: FieldView<OrderLinesField> = {
  layout: 'group',
  render(props) {
    const { id, name, field, context, language, message } = props
    const items = itemsOf(field, context)
    const typed = quantitiesIn(props.input) ?? new Map()
    const money = (amount: number) => showMoney(amount, context.locale, language, [])
    const { maxQuantity = 99 } = field
    const head = (key: string, part = '') => html`<th scope="col" role="columnheader" id=${part ? `${id}-${part}` : nothing}>${message(key)}</th>`
    return html`<div class="g-order">
      <table class="g-order-table" role="table">
        <thead role="rowgroup">
          <tr role="row">${head('labelItem')}${head('labelPrice')}${head('labelQuantity', 'quantity')}${head('labelAmount')}</tr>
        </thead>
        <tbody role="rowgroup">
          ${items.map(({ option, price }, i) => {
            const held = typed.get(option.value) ?? null
            const quantity = readQuantity(held)
            const wrong = props.invalid && (quantity === null || quantity > maxQuantity)
            const inputId = i === 0 ? id : `${id}-${i + 1}`
            return html`<tr role="row">
              <th scope="row" role="rowheader" id="${id}-item-${i}">${said(optionText(option, props), language)}</th>
              <td role="cell"><span class="g-order-word">${message('labelPrice')}: </span>${money(price)}</td>
              <td role="cell">
                <label class="g-order-word" for=${inputId}>${message('labelQuantity')}</label>
                <input
                  class="g-input g-order-quantity"
                  type="text"
                  inputmode="numeric"
                  id=${inputId}
                  name="${name}-${i + 1}"
                  dir="ltr"
                  autocomplete="off"
                  aria-labelledby="${id}-quantity ${id}-item-${i}"
                  aria-invalid=${wrong ? 'true' : nothing}
                  .value=${live(typeof held === 'number' ? typedNumber(held, language) : inputText(held))}
                  @input=${(event: InputEvent) => props.onInput(Object.fromEntries([...typed, [option.value, (event.target as HTMLInputElement).value]]))}
                />
              </td>
              <td role="cell"><span class="g-order-word">${message('labelAmount')}: </span>${money(price * (quantity ?? 0))}</td>
            </tr>`
          })}
        </tbody>
      </table>
      <p class="g-order-total">${message('labelTotal')}: <output class="g-output" for=${id}>${money(totalOf(items, typed))}</output></p>
    </div>`
  },
  // The question is what is measured: Chromium (150) draws nothing more of a table in a measured box once a part of it has been redrawn.
  styles: `
.g-field:has(> .g-fieldset > .g-order) { container-type: inline-size; }
.g-order-table { inline-size: 100%; border-collapse: collapse; }
.g-order-table :is(th, td) { padding: 0.5em; border-block-end: 1px solid var(--guichet-colour-line); text-align: end; font-variant-numeric: tabular-nums; }
.g-order-table th:first-child { text-align: start; padding-inline-start: 0; }
.g-order-table tbody th { font-weight: 400; }
.g-order-table td:last-child, .g-order-table th:last-child { padding-inline-end: 0; }
.g-order-quantity { inline-size: 4.5em; margin-inline-start: auto; }
.g-order-word { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.g-order-total { text-align: end; margin-block: 0.75em 0; }
@container (max-width: 30em) {
  .g-order-table, .g-order-table :is(tbody, tr, th, td) { display: block; text-align: start; }
  .g-order-table thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .g-order-table :is(th, td) { border: 0; padding: 0.15em 0; }
  .g-order-table tr { border-block-end: 1px solid var(--guichet-colour-line); padding-block: 0.75em; }
  .g-order-table tbody th { font-weight: 600; }
  .g-order-quantity { margin-inline-start: 0; }
  .g-order-word { position: static; inline-size: auto; block-size: auto; overflow: visible; clip-path: none; }
}
`,
}
