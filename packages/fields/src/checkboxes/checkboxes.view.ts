import type { CheckboxesField } from '../../generated/settings.ts'
import { choiceList } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'

export const view: FieldView<CheckboxesField> = {
  layout: 'group',
  render(props) {
    const ticked = Array.isArray(props.value) ? props.value : []
    return choiceList(
      props,
      'checkbox',
      (value) => ticked.includes(value),
      (value, checked) => (checked ? [...ticked, value] : ticked.filter((other) => other !== value)),
    )
  },
}
