import { html, nothing } from 'lit-html'
import type { RatingField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView } from '../field-view.ts'
import { choice } from '../single-choice.view.ts'
import { endOf, limitsOf } from './rating.ts'

export const view: FieldView<RatingField> = {
  layout: 'group',
  render(props) {
    const { id, name, field, language } = props
    const [lowest] = limitsOf(field)
    const format = new Intl.NumberFormat(language)
    return html`<div class="g-rating">
      ${Array.from({ length: field.steps }, (_, i) => {
        const value = lowest + i
        const end = endOf(value, field)
        return choice(
          { name, describedBy: undefined, invalid: false },
          {
            type: 'radio',
            id: i === 0 ? id : `${id}-${i + 1}`,
            value: String(value),
            checked: props.value === value,
            onChange: () => props.onInput(value),
          },
          html`${format.format(value)}${end ? html` <span class="g-rating-end">${said(props.text(end), language)}</span>` : nothing}`,
        )
      })}
    </div>`
  },
  styles: `
.g-rating { display: flex; flex-wrap: wrap; gap: 0.25em 1.25em; }
.g-rating .g-choice { gap: 0.5em; }
.g-rating-end { color: var(--guichet-colour-muted); }
`,
}
