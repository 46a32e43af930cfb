/**
 * A repeated group drawn as a table: a line a row, a cell a field. Where there is no room each row is a card, with the words
 * of the columns as labels. Each input is called by its column and its row, in both.
 */
import { type FieldNode, formatMessage } from '@guichet/core'
import { html, nothing, render } from 'lit-html'
import { h } from './dom.ts'
import { partId } from './part.ts'
import type { Row, Rows } from './rows.ts'
import { say, sayText } from './said.ts'
import { stringsIn } from './strings-in.ts'
import strings from './table-strings.json' with { type: 'json' }

/** The words of a row in the names of its inputs, which change as rows before it go. */
const rowWords = new WeakMap<Row, { head: HTMLElement; remove: HTMLElement | null; names: HTMLElement[] }>()

export function buildTableRow(rows: Rows, row: Row, at: () => string) {
  const { form } = rows
  const head = h('th', { role: 'rowheader', scope: 'row' })
  const remove = rows.repeat.each ? null : h('td', { role: 'cell', class: 'g-table-remove' })
  const names: HTMLElement[] = []
  row.element.setAttribute('role', 'row')
  row.element.append(head)
  for (const node of rows.asked) {
    const cell = h('td', { role: 'cell' })
    form.build([node], at, row.parts, cell)
    row.element.append(cell)
  }
  if (remove) row.element.append(remove)
  rowWords.set(row, { head, remove, names })
}

/** Says which row it is, at its head and in each label or legend. */
export function drawTableRow(rows: Rows, row: Row) {
  const held = rowWords.get(row)
  if (!held) return
  const { words } = rows.form
  render(say(words, rows.title(row)), held.head)
  if (held.remove) render(rows.remover(row), held.remove)
  // Questions that come into view with this answer are drawn after their row.
  queueMicrotask(() => nameInputs(rows, row, held.names))
}

function nameInputs(rows: Rows, row: Row, names: HTMLElement[]) {
  const { words } = rows.form
  for (const { element } of row.parts) {
    const label = element.querySelector(':scope > label, :scope > fieldset > legend, :scope > * > label, :scope > .g-choice')
    if (!label || label.querySelector('.g-table-row')) continue
    const name = h('span', { class: 'g-hidden g-table-row' })
    label.append(' ', name)
    names.push(name)
  }
  for (const name of names) name.replaceChildren('(', say(words, rows.title(row)), ')')
}

/** The sum of a column; what is no number adds nothing. */
function total({ form, node, at, rows }: Rows, column: FieldNode): string {
  const { words, session } = form
  let sum = 0
  for (const { index } of rows) {
    const value = session.value(column, `${at}${node.field.id}/${index}/`)
    if (typeof value === 'number') sum += value
  }
  return column.type.kind(column.field as never) === 'money' ? words.money(sum) : words.number(sum)
}

export function drawTable(rows: Rows, body: HTMLElement) {
  const { asked, form, repeat } = rows
  const { words } = form
  const { totals = [] } = repeat
  const hasTotal = asked.some(({ field }) => totals.includes(field.id))
  return html`<div class="g-table">
    <table class="g-table-${asked.length > 4 ? 'wide' : asked.length > 2 ? 'middle' : 'narrow'}" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <td role="cell"></td>
          ${asked.map(
            ({ field }) => html`<th role="columnheader" scope="col">
              ${sayText(words, field.label)} ${field.optional ? html`<span class="g-optional">${words.message('optional')}</span>` : nothing}
              ${field.hint ? html`<div class="g-hint">${sayText(words, field.hint)}</div>` : nothing}
            </th>`,
          )}
          ${repeat.each ? nothing : html`<th role="columnheader" scope="col"><span class="g-hidden">${words.message('rows.remove')}</span></th>`}
        </tr>
      </thead>
      ${body}
      ${
        hasTotal
          ? html`<tfoot role="rowgroup">
              <tr role="row">
                <th role="rowheader" scope="row">${formatMessage(stringsIn(strings, words.language).total, {}, words.language)}</th>
                ${asked.map((column) =>
                  totals.includes(column.field.id)
                    ? html`<td role="cell">
                        <span class="g-table-word">${sayText(words, column.field.label)}: </span
                        ><output id="${partId(rows.instance)}-sum-${column.field.id}"><bdi>${total(rows, column)}</bdi></output>
                      </td>`
                    : html`<td role="cell" class="g-table-empty"></td>`,
                )}
                ${repeat.each ? nothing : html`<td role="cell" class="g-table-empty"></td>`}
              </tr>
            </tfoot>`
          : nothing
      }
    </table>
  </div>`
}

/** `room`: what the table takes. Where there is less, a row is a card. */
const styles = (which: string, room: string) => /* css */ `
@container guichet-table (max-width: ${room}) {
  ${which}, ${which} :is(tbody, tfoot, tr, th, td) { display: block; }
  ${which} thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
  ${which} tr { border: 1px solid var(--guichet-colour-line); border-radius: var(--guichet-radius); padding: 1em; margin-block-end: 1em; }
  ${which} th { font-size: 1.1em; font-weight: 700; margin-block-end: 0.6em; text-align: start; }
  ${which} td + td { margin-block-start: 1em; }
  ${which} tfoot td { margin: 0; }
  ${which} :is(.g-table-empty, td:has(> .g-field[hidden])) { display: none; }
}
@container guichet-table not (max-width: ${room}) {
  ${which} :is(th, td) { padding: 0.4em 0.5em; border-block-end: 1px solid var(--guichet-colour-line); text-align: start; vertical-align: top; }
  ${which} :is(th, td):first-child { padding-inline-start: 0; }
  ${which} :is(th, td):last-child { padding-inline-end: 0; }
  ${which} tbody th { font-weight: 600; padding-block-start: 1em; }
  ${which} thead :is(th, td) { vertical-align: bottom; }
  ${which} thead .g-hint { font-weight: 400; margin: 0; }
  ${which} tfoot :is(th, td) { border: 0; font-weight: 700; }
  ${which} :is(.g-table-word, td :is(.g-label, .g-hint), td > .g-field > .g-choice > span) {
    position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
}`

export const tableStyles = /* css */ `
.g-table { container: guichet-table / inline-size; margin-block-end: 1em; }
.g-table table { inline-size: 100%; border-collapse: collapse; }
.g-table .g-field { margin: 0 !important; }
${styles('.g-table-narrow', '26em')}
${styles('.g-table-middle', '34em')}
${styles('.g-table-wide', '56em')}
`
