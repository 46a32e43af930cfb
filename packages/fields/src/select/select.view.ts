import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { SelectField } from '../../generated/settings.ts'
import { optionText } from '../choice.view.ts'
import { optionsOf } from '../choices.ts'
import type { FieldView } from '../field-view.ts'
import { autocompleteOf } from '../text-input.view.ts'

export const view: FieldView<SelectField> = {
  layout: 'label',
  render: (props) =>
    html`<select
      class="g-select"
      id=${props.id}
      name=${props.name}
      autocomplete=${autocompleteOf(props) ?? nothing}
      aria-describedby=${props.describedBy ?? nothing}
      aria-invalid=${props.invalid ? 'true' : nothing}
      aria-required=${props.required ? 'true' : nothing}
      @change=${(event: Event) => props.onInput((event.target as HTMLSelectElement).value)}
    >
      <option value="" .selected=${live(props.value === null)}>${props.message('choose')}</option>
      ${optionsOf(props.field, props.context).map((option) => {
        const { text, language } = optionText(option, props)
        return html`<option value=${option.value} lang=${language && language !== props.language ? language : nothing} .selected=${live(option.value === props.value)}>
          ${text}
        </option>`
      })}
    </select>`,
}
