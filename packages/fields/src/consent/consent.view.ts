import { html, nothing } from 'lit-html'
import type { ConsentField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'
import { paragraphs } from '../paragraphs.view.ts'
import { choice } from '../single-choice.view.ts'

export const view: FieldView<ConsentField> = {
  layout: 'own',
  render(props) {
    const { id, field } = props
    const describedBy = [`${id}-statement`, props.describedBy].filter(Boolean).join(' ')
    const label = field.label ? said(props.text(field.label), props.language) : props.message('agree')
    const box = { type: 'checkbox' as const, id, value: 'true', checked: props.value === true, required: props.required, onChange: props.onInput }
    const statement = props.text(field.statement)
    return html`<div class="g-statement" id="${id}-statement" lang=${statement.language === props.language ? nothing : statement.language} dir=${statement.language === props.language ? nothing : 'auto'}>
        ${paragraphs(statement.text)}
      </div>
      ${choice({ ...props, describedBy }, box, label)}`
  },
}
