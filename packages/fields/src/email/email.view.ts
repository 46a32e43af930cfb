import type { EmailField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'

export const view: FieldView<EmailField> = {
  layout: 'label',
  // `type=email` makes browsers rewrite letters of other scripts in the host; `inputmode` brings the same keyboard.
  render: (props) => textInput(props, { inputmode: 'email', autocomplete: 'email', dir: 'ltr' }),
}
