import type { PercentField } from '../../generated/settings.ts'
import { typedNumber } from '../decimal.ts'
import type { FieldView } from '../field-view.ts'
import { inputText, keypad, textInput } from '../text-input.view.ts'

const signOf = (language: string) =>
  new Intl.NumberFormat(language, { style: 'percent' })
    .formatToParts(0)
    .find(({ type }) => type === 'percentSign')
    ?.value.replace(/\p{Cf}/gu, '') ?? '%'

export const view: FieldView<PercentField> = {
  layout: 'label',
  render: (props) =>
    textInput(props, {
      inputmode: keypad(props.field.decimals === 0, props.field.min),
      dir: 'ltr',
      autocomplete: 'off',
      typed: (input) => (typeof input === 'number' ? typedNumber(input, props.language) : inputText(input)),
      suffix: signOf(props.language),
    }),
}
