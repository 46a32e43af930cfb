import type { FeeOutcome } from '@guichet/core'
import type { Fee } from '@guichet/schemas'
import { html, nothing } from 'lit-html'
import { sayText } from './said.ts'
import type { Words } from './words.ts'

/** The lines of a fee and their sum; nothing for a service without a fee. */
export const feeTable = (words: Words, fee: Fee | undefined, { lines, total }: Pick<FeeOutcome, 'lines' | 'total'>) =>
  fee && fee.lines.length > 0
    ? html`<table class="g-table">
        <caption>${words.message('fee.title')}</caption>
        <tbody>
          ${lines.map(
            ({ id, amount, refundable }) =>
              html`<tr>
                <th scope="row">
                  ${sayText(words, fee.lines.find((line) => line.id === id)?.label)}
                  ${refundable ? html`<span class="g-muted">${words.message('fee.refundable')}</span>` : nothing}
                </th>
                <td>${words.money(amount)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">${words.message('fee.total')}</th>
            <td>${words.money(total)}</td>
          </tr>
        </tfoot>
      </table>`
    : nothing
