import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { CountryField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { autocompleteOf } from '../text-input.view.ts'
import { codesOf, nameOf } from './country.ts'

interface Named {
  code: string
  name: string
}

/** The names of all countries cost a few milliseconds to look up and to sort, so each list is made once. */
const lists = new WeakMap<CountryField, Map<string, readonly [common: Named[], others: Named[]]>>()

function listOf(field: CountryField, language: string) {
  let byLanguage = lists.get(field)
  if (!byLanguage) lists.set(field, (byLanguage = new Map()))
  let list = byLanguage.get(language)
  if (!list) {
    const named = codesOf(field).map((code) => ({ code, name: nameOf(code, [language]) }))
    const { compare } = new Intl.Collator(language)
    const common = named.slice(0, field.first?.length ?? 0)
    list = [common, named.slice(common.length).sort((a, b) => compare(a.name, b.name))]
    byLanguage.set(language, list)
  }
  return list
}

export const view: FieldView<CountryField> = {
  layout: 'label',
  render(props) {
    const { field, language, value } = props
    const [common, others] = listOf(field, language)
    const option = ({ code, name }: Named) => html`<option value=${code} .selected=${live(code === value)}>${name}</option>`
    return html`<select
      class="g-select"
      id=${props.id}
      name=${props.name}
      autocomplete=${(field.nationality ? field.autocomplete : autocompleteOf(props)) ?? nothing}
      aria-describedby=${props.describedBy ?? nothing}
      aria-invalid=${props.invalid ? 'true' : nothing}
      aria-required=${props.required ? 'true' : nothing}
      @change=${(event: Event) => props.onInput((event.target as HTMLSelectElement).value)}
    >
      <option value="" .selected=${live(value === null)}>${props.message('choose')}</option>
      ${
        common.length > 0
          ? html`<optgroup label=${props.message('common')}>${common.map(option)}</optgroup>
              <optgroup label=${props.message('all')}>${others.map(option)}</optgroup>`
          : others.map(option)
      }
    </select>`
  },
}
