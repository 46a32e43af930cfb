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
        const chosen = live(option.value === props.value)
        // A page may have thousands of these.
        return language && language !== props.language
          ? html`<option value=${option.value} lang=${language} .selected=${chosen}>${text}</option>`
          : html`<option value=${option.value} .selected=${chosen}>${text}</option>`
      })}
    </select>`,
}
