import type { TimeField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'

/** Digits alone will do (0930), as keypads lack the colon. */
export const view: FieldView<TimeField> = {
  layout: 'label',
  render: (props) => textInput(props, { inputmode: 'numeric', dir: 'ltr', autocomplete: 'off' }),
}
