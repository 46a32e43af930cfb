import type { CheckboxField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'
import { choice } from '../single-choice.view.ts'

export const view: FieldView<CheckboxField> = {
  layout: 'own',
  render: (props) =>
    choice(
      props,
      { type: 'checkbox', id: props.id, value: 'true', checked: props.value === true, onChange: props.onInput },
      said(props.text(props.field.label), props.language),
    ),
}
