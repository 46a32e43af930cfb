import type { RadioField } from '../../generated/settings.ts'
import { choiceList } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'

export const view: FieldView<RadioField> = {
  layout: 'group',
  render: (props) =>
    choiceList(
      props,
      'radio',
      (value) => value === props.value,
      (value) => value,
    ),
}
