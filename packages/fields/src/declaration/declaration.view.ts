import { html, nothing } from 'lit-html'
import type { DeclarationField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'
import { paragraphs } from '../paragraphs.view.ts'
import { choice } from '../single-choice.view.ts'

export const view: FieldView<DeclarationField> = {
  layout: 'own',
  render(props) {
    const { id, field, language } = props
    const describedBy = [`${id}-statement`, props.describedBy].filter(Boolean).join(' ')
    const statement = props.text(field.statement)
    const label = field.accept ? said(props.text(field.accept), language) : props.message('accept')
    const box = {
      type: 'checkbox' as const,
      id,
      value: 'true',
      checked: props.value !== null,
      required: props.required,
      // Without the statement in one's own language, another is read: that one counts.
      onChange: (checked: boolean) => props.onInput(checked ? { version: field.version, language: statement.language || language, accepted: true } : false),
    }
    const title = field.label ? props.text(field.label) : undefined
    return html`${title ? html`<div class="g-label">${said(title, language)}</div>` : nothing}
      <div class="g-statement" id="${id}-statement" lang=${statement.language === language ? nothing : statement.language} dir=${statement.language === language ? nothing : 'auto'}>
        ${paragraphs(statement.text)}
      </div>
      ${choice({ ...props, describedBy }, box, label)}`
  },
}
