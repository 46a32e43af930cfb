import { html } from 'lit-html'
import type { ComputedField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { computed } from './computed.ts'

export const view: FieldView<ComputedField> = {
  layout: 'label',
  /** An <output> is read out when it changes. */
  render: ({ id, name, field, value, context, language }) =>
    html`<output class="g-output" id=${id} name=${name}>${computed.show(value, field, { ...context, language, fallback: [] }) || '–'}</output>`,
}
