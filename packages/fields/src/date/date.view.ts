import { html } from 'lit-html'
import type { DateField } from '../../generated/settings.ts'
import type { FieldView } from '../field-view.ts'
import { date } from './date.ts'
import { boxesOf, calendarOf, type TypedDay, typedDay } from './date-text.ts'
import { below, boxStyles, dayBoxes, marksOf } from './day-boxes.view.ts'

export const view: FieldView<DateField> = {
  layout: 'group',
  render(props) {
    const calendar = calendarOf(props.field, props.context)
    const typed = boxesOf(props.input, calendar, props.language)
    const onTyped = (typed: TypedDay) => props.onInput(typedDay(typed))
    return html`<div class="g-boxes">${dayBoxes(props, calendar, typed, marksOf(props, date), onTyped)}</div>${below[calendar]?.(props, typed, onTyped)}`
  },
  styles: boxStyles,
}
