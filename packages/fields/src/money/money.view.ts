import type { MoneyField } from '../../generated/settings.ts'
import { typedNumber } from '../decimal.ts'
import type { FieldView } from '../field-view.ts'
import { inputText, keypad, textInput } from '../text-input.view.ts'

export const view: FieldView<MoneyField> = {
  layout: 'label',
  render(props) {
    const { currency, decimals } = props.context.locale
    const parts = new Intl.NumberFormat(props.language, { style: 'currency', currency }).formatToParts(1)
    const at = parts.findIndex((part) => part.type === 'currency')
    const before = at < parts.findIndex((part) => part.type === 'integer')
    return textInput(props, {
      inputmode: keypad(decimals === 0, props.field.min),
      dir: 'ltr',
      typed: (input) => (typeof input === 'number' ? typedNumber(input / 10 ** decimals, props.language, decimals) : inputText(input)),
      [before ? 'prefix' : 'suffix']: parts[at]?.value ?? currency,
    })
  },
}
