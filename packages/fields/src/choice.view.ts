import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { Option } from '../generated/settings.ts'
import { type Choosing, labelOf, optionsOf } from './choices.ts'
import type { FieldViewProps, Json } from './field-view.ts'

/** A text of the definition, marked where it is in another language than the page, which may be written the other way. */
export const said = ({ text, language }: { text: string; language: string }, around: string): string | TemplateResult =>
  language && language !== around ? html`<span lang=${language} dir="auto">${text}</span>` : text

/** The text of an option in the reader's language. */
export const optionText = (option: Option, props: Pick<FieldViewProps, 'text' | 'language'>): { text: string; language: string } =>
  'und' in option.label ? labelOf(option, props.language, []) : props.text(option.label)

/**
 * All options in sight, one under the other. The runtime ties hint and error to the fieldset around them. A page may have
 * hundreds of options: each binds what it must and no more, and the list listens for all of them.
 */
export function choiceList<Settings extends Choosing>(
  props: FieldViewProps<Settings>,
  type: 'radio' | 'checkbox',
  isChecked: (value: string) => boolean,
  change: (value: string, checked: boolean) => Json,
): TemplateResult {
  const { id, name, language } = props
  const invalid = props.invalid && type === 'checkbox' ? 'true' : nothing
  const listen = ({ target }: Event) => {
    const { value, checked } = target as HTMLInputElement
    props.onInput(change(value, checked))
  }
  return html`<div class="g-choices" @change=${listen}>${optionsOf(props.field, props.context).map((option, i) => {
    const label = said(optionText(option, props), language)
    return html`<label class="g-choice"
      ><input
        type=${type}
        id=${i === 0 ? id : `${id}-${i + 1}`}
        name=${name}
        value=${option.value}
        aria-invalid=${invalid}
        .checked=${live(isChecked(option.value))}
      /><span>${option.hint ? html`${label}<span class="g-choice-hint">${said(props.text(option.hint), language)}</span>` : label}</span></label
    >`
  })}</div>`
}
