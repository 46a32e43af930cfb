import { html, nothing } from 'lit-html'
import type { DateField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { date } from './date.ts'
import { boxesOf, calendarOf, limitParams, typedDay } from './date-text.ts'
import { boxStyles, dayBoxes, marksOf } from './day-boxes.view.ts'

export const view: FieldView<DateField> = {
  layout: 'group',
  render(props) {
    const calendar = calendarOf(props.field, props.context)
    const typed = boxesOf(props.input, calendar, props.language)
    const boxes = dayBoxes(props, calendar, typed, marksOf(props, date), (typed) => props.onInput(typedDay(typed)))
    // Persian months are known by their names; a number mistaken for another shows at once.
    const meant = calendar === 'persian' && typeof props.value === 'string' ? props.message('meant', limitParams(props.value, calendar)) : nothing
    return html`<div class="g-boxes">${boxes}</div>
      ${meant === nothing ? nothing : html`<p class="g-hint g-meant">${meant}</p>`}`
  },
  styles: boxStyles,
}
