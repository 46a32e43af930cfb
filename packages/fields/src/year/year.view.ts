import type { YearField } from '../../generated/settings.ts'
import { typedNumber } from '../decimal.ts'
import type { FieldView } from '../field-view.ts'
import { inputText, textInput } from '../text-input.view.ts'

export const view: FieldView<YearField> = {
  layout: 'label',
  render: (props) =>
    textInput(props, {
      inputmode: 'numeric',
      dir: 'ltr',
      autocomplete: 'off',
      typed: (input) => (typeof input === 'number' ? typedNumber(input, props.language) : inputText(input)),
    }),
}
