import type { NumberField } from '../../generated/settings.ts'
import { typedNumber } from '../decimal.ts'
import type { FieldView } from '../field-view.ts'
import { inputText, keypad, textInput } from '../text-input.view.ts'

export const view: FieldView<NumberField> = {
  layout: 'label',
  render: (props) =>
    textInput(props, {
      inputmode: keypad(props.field.integer === true, props.field.min),
      dir: 'ltr',
      typed: (input) => (typeof input === 'number' ? typedNumber(input, props.language) : inputText(input)),
      suffix: props.field.unit && props.text(props.field.unit).text,
    }),
}
