import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { Field, FieldViewProps, Json } from './field-view.ts'

export interface TextInput {
  type?: 'text' | 'tel'
  inputmode?: 'numeric' | 'decimal' | 'email' | 'url' | undefined
  /** HTML autocomplete token, unless the field's settings name one. */
  autocomplete?: string
  dir?: 'ltr' | 'rtl' | 'auto'
  /** Spelling is only checked in prose. */
  spellcheck?: boolean
  /** A stored value as it is typed, where that is not the same. */
  typed?: (stored: Json) => string
  /** Unit or currency beside the input; it is read out with the hint. */
  prefix?: string | undefined
  suffix?: string | undefined
  /** The most characters that there can be: a short answer has a short box. */
  size?: number | undefined
}

/** What stands in an input for what was typed or stored. */
export const inputText = (input: Json): string => (typeof input === 'string' ? input : typeof input === 'number' ? String(input) : '')

/** On a phone: digits, with a point if there may be one; all keys where the minus is needed, which keypads lack. */
export const keypad = (whole: boolean, min = 0): 'numeric' | 'decimal' | undefined => (min < 0 ? undefined : whole ? 'numeric' : 'decimal')

/** Rows of a list are about other people, so that a browser must not fill in the person's own data there. */
export const autocompleteOf = ({ name, field }: Pick<FieldViewProps<{ autocomplete?: string }>, 'name' | 'field'>, own?: string): string | undefined =>
  field.autocomplete ?? (name.includes('/') ? undefined : own)

/** The one-line input that most types are. `live` leaves the element alone while it holds what was typed. */
export function textInput<Settings extends Pick<Field, 'autocomplete'>>(props: FieldViewProps<Settings>, options: TextInput = {}): TemplateResult {
  const { id, name, input, describedBy, invalid, required } = props
  const { type = 'text', inputmode, dir = 'auto', spellcheck = false, typed = inputText, prefix, suffix, size = 99 } = options
  const affix = prefix || suffix
  const describes = [describedBy, affix ? `${id}-unit` : undefined].filter(Boolean).join(' ')
  const control = html`<input
    class="g-input"
    type=${type}
    size=${size < 31 ? size : nothing}
    id=${id}
    name=${name}
    dir=${dir}
    inputmode=${inputmode ?? nothing}
    autocomplete=${autocompleteOf(props, options.autocomplete) ?? nothing}
    spellcheck=${spellcheck ? nothing : 'false'}
    aria-describedby=${describes || nothing}
    aria-invalid=${invalid ? 'true' : nothing}
    aria-required=${required ? 'true' : nothing}
    .value=${live(typed(input))}
    @input=${(event: InputEvent) => props.onInput((event.target as HTMLInputElement).value)}
  />`
  if (!affix) return control
  const unit = html`<span class=${prefix ? 'g-prefix' : 'g-suffix'} id="${id}-unit">${affix}</span>`
  return html`<div class="g-affix" dir="ltr">${prefix ? unit : nothing}${control}${prefix ? nothing : unit}</div>`
}
