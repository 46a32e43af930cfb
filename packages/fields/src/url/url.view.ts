import type { UrlField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'

export const view: FieldView<UrlField> = {
  layout: 'label',
  render: (props) => textInput(props, { inputmode: 'url', autocomplete: 'url', dir: 'ltr' }),
}
