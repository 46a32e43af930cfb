import type { FieldView } from '@guichet/fields/field-view'
import { html, nothing } from 'lit-html'
import type { LicencePlateField } from './licence-plate.ts'

export const view: FieldView<LicencePlateField> = {
  layout: 'label',
  render: ({ id, name, input, describedBy, invalid, required, onInput }) => html`<input
    class="g-input g-plate"
    id=${id}
    name=${name}
    type="text"
    dir="ltr"
    autocapitalize="characters"
    autocomplete="off"
    spellcheck="false"
    maxlength="40"
    .value=${typeof input === 'string' ? input : ''}
    aria-describedby=${describedBy ?? nothing}
    aria-invalid=${invalid ? 'true' : nothing}
    ?required=${required}
    @input=${(event: Event) => onInput((event.target as HTMLInputElement).value)}
  />`,
  styles: `.g-plate { inline-size: 12ch; letter-spacing: 0.08em; text-transform: uppercase; }`,
}
