import type { PhoneField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'

export const view: FieldView<PhoneField> = {
  layout: 'label',
  render: (props) => textInput(props, { type: 'tel', autocomplete: 'tel', dir: 'ltr' }),
}
