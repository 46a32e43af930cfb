import { html } from 'lit-html'
import type { DatetimeField } from '../../generated/settings.ts'
import { boxesOf, calendarOf, type TypedDay, typedDay } from '../date/date-text.ts'
import { below, box, boxStyles, dayBoxes, marksOf } from '../date/day-boxes.view.ts'
import type { FieldView } from '../field-view.ts'
import { datetime, splitMoment, typedMoment } from './datetime.ts'

export const view: FieldView<DatetimeField> = {
  layout: 'group',
  render(props) {
    const calendar = calendarOf(props.field, props.context)
    const { day, time } = splitMoment(typeof props.input === 'string' ? props.input : '')
    const isWrong = marksOf(props, datetime)
    const boxes = boxesOf(day, calendar, props.language)
    const onTyped = (typed: TypedDay) => props.onInput(typedMoment(typedDay(typed), time))
    return html`<div class="g-boxes">
        ${dayBoxes(props, calendar, boxes, isWrong, onTyped)}
      ${box(props, { first: false, wrong: isWrong('time'), name: 'time', label: 'labelTime', size: 'g-box-5', autocomplete: 'off', typed: time }, (typed) =>
        props.onInput(typedMoment(day, typed.replaceAll('T', ''))),
      )}
      </div>
      ${below[calendar]?.(props, boxes, onTyped)}`
  },
  styles: boxStyles,
}
