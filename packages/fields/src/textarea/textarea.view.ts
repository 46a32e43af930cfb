import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { TextareaField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { autocompleteOf, inputText } from '../text-input.view.ts'

export const view: FieldView<TextareaField> = {
  layout: 'label',
  render: (props) =>
    html`<textarea
      class="g-textarea"
      id=${props.id}
      name=${props.name}
      rows=${props.field.rows ?? 5}
      dir="auto"
      autocomplete=${autocompleteOf(props) ?? nothing}
      aria-describedby=${props.describedBy ?? nothing}
      aria-invalid=${props.invalid ? 'true' : nothing}
      aria-required=${props.required ? 'true' : nothing}
      .value=${live(inputText(props.input))}
      @input=${(event: InputEvent) => props.onInput((event.target as HTMLTextAreaElement).value)}
    ></textarea>`,
}
