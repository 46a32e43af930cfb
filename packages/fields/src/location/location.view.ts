import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { LocationField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'
import { typedLines } from './location.ts'

const how = { point: 'howPoint', line: 'howLine', polygon: 'howPolygon' } as const

/** Coordinates in words: whatever map may come later is a second way in, never the only one. */
export const view: FieldView<LocationField> = {
  layout: 'label',
  render(props) {
    const shape = props.field.shape ?? 'point'
    const describedBy = [props.describedBy, `${props.id}-how`].filter(Boolean).join(' ')
    const rule = html`<div class="g-hint" id="${props.id}-how">${props.message(how[shape])}</div>`
    if (shape === 'point') return html`${rule}${textInput({ ...props, describedBy }, { dir: 'ltr', autocomplete: 'off', typed: typedLines })}`
    return html`${rule}<textarea
        class="g-textarea"
        id=${props.id}
        name=${props.name}
        rows="5"
        dir="ltr"
        autocomplete="off"
        spellcheck="false"
        aria-describedby=${describedBy}
        aria-invalid=${props.invalid ? 'true' : nothing}
        aria-required=${props.required ? 'true' : nothing}
        .value=${live(typedLines(props.input))}
        @input=${(event: InputEvent) => props.onInput((event.target as HTMLTextAreaElement).value)}
      ></textarea>`
  },
}
