import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { MatrixField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView, Json } from '../field-view.ts'
import { answerTo } from './matrix.ts'

/** A table where there is room for one; where there is not, each statement over its answers, with their words beside them. */
export const view: FieldView<MatrixField> = {
  layout: 'group',
  render(props) {
    const { id, name, field, language, value, invalid } = props
    const given = (typeof value === 'object' ? value : null) as { [row: string]: Json } | null
    // Until something was sent in, a statement without an answer is no mistake.
    const isMissing = (row: string) => invalid && !field.partial && answerTo(given, row) === null
    return html`<div class="g-matrix">
      <table class="g-matrix-table" role="table">
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader"><span class="g-hidden">${props.message('statement')}</span></th>
            ${field.columns.map(({ label }, j) => html`<th scope="col" role="columnheader" id="${id}-c${j}">${said(props.text(label), language)}</th>`)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${field.rows.map(
            (row, i) => html`<tr role="row" class=${isMissing(row.id) ? 'g-matrix-missing' : nothing}>
              <th scope="row" role="rowheader" id="${id}-r${i}">
                ${said(props.text(row.label), language)}${isMissing(row.id) ? html`<span class="g-hidden"> (${props.message('unanswered')})</span>` : nothing}
              </th>
              ${field.columns.map(
                ({ value: column, label }, j) => html`<td role="cell"><label class="g-choice"
                    ><input
                      type="radio"
                      id=${i + j === 0 ? id : `${id}-${i}-${j}`}
                      name="${name}-${row.id}"
                      value=${column}
                      aria-labelledby="${id}-r${i} ${id}-c${j}"
                      .checked=${live(answerTo(given, row.id) === column)}
                      @change=${() => props.onInput({ ...given, [row.id]: column })}
                    /><span class="g-matrix-word">${said(props.text(label), language)}</span></label
                  ></td>`,
              )}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`
  },
  // The question is what is measured: Chromium (150) draws nothing more of a table in a measured box once a part of it has been redrawn.
  styles: `
.g-field:has(> .g-fieldset > .g-matrix) { container-type: inline-size; }
.g-matrix-table { inline-size: 100%; border-collapse: collapse; }
.g-matrix-table :is(th, td) { padding: 0.5em; border-block-end: 1px solid var(--guichet-colour-line); vertical-align: middle; }
.g-matrix-table th { text-align: start; font-weight: 400; padding-inline-start: 0; }
.g-matrix-table thead th { text-align: center; font-weight: 600; vertical-align: bottom; }
.g-matrix-missing th { border-inline-start: 0.25em solid var(--guichet-colour-error); padding-inline-start: 0.5em; }
.g-matrix-table .g-choice { justify-content: center; inline-size: auto; padding: 0.25em; align-items: center; }
.g-matrix-word { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 34em) {
  .g-matrix-table, .g-matrix-table :is(tbody, tr, th, td) { display: block; }
  .g-matrix-table thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  .g-matrix-table :is(th, td) { border: 0; padding: 0; }
  .g-matrix-table tr { border-block-end: 1px solid var(--guichet-colour-line); padding-block: 0.75em; }
  .g-matrix-table tbody th { font-weight: 600; }
  .g-matrix-missing th { border-inline-start: 0.25em solid var(--guichet-colour-error); padding-inline-start: 0.5em; }
  .g-matrix-table .g-choice { justify-content: flex-start; }
  .g-matrix-word { position: static; inline-size: auto; block-size: auto; overflow: visible; clip-path: none; white-space: normal; }
}
`,
}
