import { html, nothing } from 'lit-html'
import type { SignatureField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'
import { paragraphs } from '../paragraphs.view.ts'
import { textInput } from '../text-input.view.ts'

export const view: FieldView<SignatureField> = {
  layout: 'group',
  render(props) {
    const { id, field, language } = props
    const statement = props.text(field.statement)
    const ways = field.accept
      ? html`<div id="${id}-ways">
          <p>${props.message('ways')}</p>
          <ul class="g-list">${field.accept.map((way) => html`<li>${said(props.text(way), language)}</li>`)}</ul>
        </div>`
      : nothing
    // The statement is what is signed: it is read out with the input.
    const describedBy = [`${id}-statement`, field.accept && `${id}-ways`].filter(Boolean).join(' ')
    return html`<div class="g-statement" id="${id}-statement" dir="auto" lang=${statement.language === language ? nothing : statement.language}>
        ${paragraphs(statement.text)}
      </div>
      ${ways}
      <label class="g-box-label" for=${id}>${props.message(field.accept ? 'code' : 'name')}</label>
      ${textInput({ ...props, describedBy }, { autocomplete: field.accept ? 'off' : 'name' })}`
  },
}
