import { html, nothing } from 'lit-html'
import type { DateRangeField } from '../../generated/settings.ts'
import { boxesOf, calendarOf, type TypedDay, typedDay } from '../date/date-text.ts'
import { below, boxStyles, dayBoxes } from '../date/day-boxes.view.ts'
import type { FieldView } from '../field-view.ts'
import { dateRange, type Side, sidesOf } from './date-range.ts'

/** Findings about one of the two days alone. */
const about: Readonly<Record<string, Side>> = { past: 'from', tooEarly: 'from', future: 'to', tooLate: 'to', order: 'to' }

export const view: FieldView<DateRangeField> = {
  layout: 'group',
  render(props) {
    const { id, name, field, context, input, language, message } = props
    const calendar = calendarOf(field, context)
    const sides = sidesOf(input)
    const parsed = dateRange.parse(input, field, context)
    const code = ('finding' in parsed ? parsed.finding.code : parsed.value !== null && dateRange.check?.(parsed.value, field, context)?.code) || ''
    const wrong = about[code] ?? (/^(from|to)/.exec(code)?.[0] as Side | undefined)
    const group = (side: Side, heading: typeof field.fromLabel, label: string) => {
      const at = side === 'from' ? id : `${id}-to`
      const text = heading ? props.text(heading) : { text: message(label), language }
      const day = boxesOf(sides[side], calendar, language)
      const isWrong = () => props.invalid && (wrong === undefined || wrong === side)
      const own = { ...props, id: at, name: `${name}-${side}` }
      const onTyped = (typed: TypedDay) => props.onInput({ ...sides, [side]: typedDay(typed) })
      return html`<div class="g-side" role="group" aria-labelledby="${id}-${side}-label">
        <div class="g-side-label" id="${id}-${side}-label" lang=${text.language === language ? nothing : text.language} dir=${text.language === language ? nothing : 'auto'}>${text.text}</div>
        <div class="g-boxes">
          ${dayBoxes(own, calendar, day, isWrong, onTyped)}
        </div>
        ${below[calendar]?.(own, day, onTyped)}
      </div>`
    }
    return html`${group('from', field.fromLabel, 'labelFrom')}${group('to', field.toLabel, 'labelTo')}`
  },
  styles: `${boxStyles}
.g-side + .g-side { margin-block-start: 1em; }
.g-side-label { font-weight: 600; margin-block-end: 0.25em; }
`,
}
