import type { IdentifierField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'

export const view: FieldView<IdentifierField> = {
  layout: 'label',
  // A letter key must be in reach for an IBAN. No browser may offer the number to whoever uses the computer next.
  render: (props) => textInput(props, { dir: 'ltr', autocomplete: 'off', ...(props.field.scheme === 'iban' ? {} : { inputmode: 'numeric' }) }),
}
