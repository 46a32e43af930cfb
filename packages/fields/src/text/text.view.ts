import type { TextField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'

export const view: FieldView<TextField> = {
  layout: 'label',
  render: (props) => textInput(props, { dir: props.field.direction, size: props.field.maxLength }),
}
