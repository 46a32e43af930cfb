import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { PersonNameField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { autocompleteOf } from '../text-input.view.ts'
import { askedParts, type NamePart, nameOf, neededParts, personName } from './person-name.ts'

const labels: Readonly<Record<NamePart, string>> = { title: 'labelTitle', given: 'labelGiven', middle: 'labelMiddle', family: 'labelFamily' }
const tokens: Readonly<Record<NamePart, string>> = {
  title: 'honorific-prefix',
  given: 'given-name',
  middle: 'additional-name',
  family: 'family-name',
}

export const view: FieldView<PersonNameField> = {
  layout: 'group',
  render(props) {
    const { field, language } = props
    const typed = nameOf(props.input)
    const needed = neededParts(field)
    const asked = askedParts(field, language)
    // Only the part that the finding is about is marked, if it is about one.
    const code = (props.value !== null && personName.check?.(props.value, field, props.context)?.code) || ''
    const wrong = asked.find((part) => code.startsWith(part))
    return html`${asked.map((part, i) => {
      const id = i === 0 ? props.id : `${props.id}-${part}`
      const label = props.message(labels[part])
      const free = !needed.includes(part)
      // `off` holds for all parts; in rows about other people there is none.
      const token = field.autocomplete === 'off' ? 'off' : autocompleteOf({ name: props.name, field: {} }, tokens[part])
      return html`<div class="g-part">
        <label class="g-box-label" for=${id}>${free ? props.message('optionalPart', { label }) : label}</label>
        <input
          class="g-input ${part === 'title' ? 'g-name-title' : ''}"
          type="text"
          id=${id}
          name="${props.name}-${part}"
          dir="auto"
          autocomplete=${token ?? nothing}
          spellcheck="false"
          aria-invalid=${props.invalid && (!wrong || wrong === part) ? 'true' : nothing}
          aria-required=${props.required && !free ? 'true' : nothing}
          .value=${live(typed[part] ?? '')}
          @input=${(event: InputEvent) => props.onInput({ ...typed, [part]: (event.target as HTMLInputElement).value })}
        />
      </div>`
    })}`
  },
  styles: `
.g-part + .g-part { margin-block-start: 0.75em; }
.g-part .g-box-label { display: block; margin-block-end: 0.25em; }
.g-name-title { inline-size: 9em; max-inline-size: 100%; }
`,
}
