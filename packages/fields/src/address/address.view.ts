import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { AddressField } from '../../generated/settings.ts'
import type { FieldView, FieldViewProps } from '../field-view.ts'
import { autocompleteOf } from '../text-input.view.ts'
import { type AddressPart, address, addressOf, askedParts, neededParts } from './address.ts'

/** A district is asked for as a level only, under the level's own label. */
const labels: Readonly<Record<AddressPart, string>> = {
  lines: 'labelLines',
  postcode: 'labelPostcode',
  city: 'labelCity',
  region: 'labelRegion',
  district: 'labelRegion',
}
const tokens: Readonly<Record<AddressPart, string>> = {
  lines: 'street-address',
  postcode: 'postal-code',
  city: 'address-level2',
  region: 'address-level1',
  district: 'address-level3',
}

/** `off` holds for all parts; another setting, such as `billing`, goes before each part's own token. */
function autocomplete(props: FieldViewProps<AddressField>, token: string): string | undefined {
  const own = props.field.autocomplete
  return own === 'off' ? own : own ? `${own} ${token}` : autocompleteOf(props, token)
}

export const view: FieldView<AddressField> = {
  layout: 'group',
  render(props) {
    const { field, language } = props
    const typed = addressOf(props.input)
    const needed = neededParts(field)
    const asked = askedParts(field)
    // Only the part that the finding is about is marked, if it is about one.
    const code = (props.value !== null && address.check?.(props.value, field, props.context)?.code) || ''
    const wrong = asked.find((part) => code.startsWith(part))
    const take = (part: AddressPart) => (event: InputEvent) => props.onInput({ ...typed, [part]: (event.target as HTMLInputElement).value })
    return html`${asked.map((part, i) => {
      const id = i === 0 ? props.id : `${props.id}-${part}`
      const level = part === 'postcode' ? undefined : field.levels?.[i]
      const label = level ? props.text(level) : { text: props.message(labels[part]), language }
      // The lines hold several only where nothing else says what goes into them.
      const several = part === 'lines' && !field.levels
      const token = part === 'lines' && !several ? 'address-line1' : tokens[part]
      const required = props.required && needed.includes(part) ? 'true' : nothing
      const invalid = props.invalid && (!wrong || wrong === part) ? 'true' : nothing
      const name = `${props.name}-${part}`
      return html`<div class="g-part">
        <label class="g-box-label" for=${id} lang=${label.language === language ? nothing : label.language} dir=${label.language === language ? nothing : 'auto'}
          >${needed.includes(part) ? label.text : props.message('optionalPart', { label: label.text })}</label
        >
        ${
          several
            ? html`<textarea
                class="g-textarea"
                id=${id}
                name=${name}
                rows="3"
                dir="auto"
                autocomplete=${autocomplete(props, token) ?? nothing}
                aria-invalid=${invalid}
                aria-required=${required}
                .value=${live(typed[part] ?? '')}
                @input=${take(part)}
              ></textarea>`
            : html`<input
                class="g-input ${part === 'postcode' ? 'g-postcode' : ''}"
                type="text"
                id=${id}
                name=${name}
                dir=${part === 'postcode' ? 'ltr' : 'auto'}
                autocomplete=${autocomplete(props, token) ?? nothing}
                aria-invalid=${invalid}
                aria-required=${required}
                .value=${live(typed[part] ?? '')}
                @input=${take(part)}
              />`
        }
      </div>`
    })}`
  },
  styles: `
.g-part + .g-part { margin-block-start: 0.75em; }
.g-part .g-box-label { display: block; margin-block-end: 0.25em; }
.g-postcode { inline-size: 9em; max-inline-size: 100%; }
`,
}
