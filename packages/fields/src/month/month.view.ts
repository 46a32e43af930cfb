import { asciiDigits } from '@guichet/core/text'
import { html, nothing } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { MonthField } from '../../generated/settings.ts'
import { type CalendarName, isoDate } from '../date/calendar.ts'
import { calendarOf } from '../date/date-text.ts'
import { box, boxStyles, marksOf } from '../date/day-boxes.view.ts'
import type { FieldView } from '../field-view.ts'
import { month, splitMonth, typedMonth } from './month.ts'

const numbers = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'))

/** The months by name: chosen from a list, none can be mistaken for another. */
function namesOf(calendar: CalendarName, language: string): string[] {
  const format = new Intl.DateTimeFormat(language, { calendar, month: 'long', timeZone: 'UTC' })
  const year = calendar === 'persian' ? 1400 : 2000
  return numbers.map((number) => format.format(new Date(isoDate({ year, month: Number(number), day: 1 }, calendar) ?? '')))
}

const yearFirst = (language: string) => /^(hu|zh|ja|ko)\b/.test(language)

export const view: FieldView<MonthField> = {
  layout: 'group',
  render(props) {
    const { id, name, language, required } = props
    const calendar = calendarOf(props.field, props.context)
    const typed = typeof props.input === 'string' ? props.input : ''
    // What is not in the boxes' own writing was pasted or looked up.
    const own = /^([^-]*)-([^-]*)$/.exec(typed)
    const parts = own ? { year: own[1] as string, month: own[2] as string } : (splitMonth(String(props.value ?? '')) ?? { year: typed, month: '' })
    const isWrong = marksOf(props, month)
    const monthFirst = !yearFirst(language)
    const selectId = monthFirst ? id : `${id}-month`
    const select = html`<div class="g-box">
      <label class="g-box-label" for=${selectId}>${props.message('labelMonth')}</label>
      <select
        class="g-select g-month"
        id=${selectId}
        name="${name}-month"
        autocomplete="off"
        aria-invalid=${isWrong('month') ? 'true' : nothing}
        aria-required=${required ? 'true' : nothing}
        @change=${(event: Event) => props.onInput(typedMonth(parts.year, (event.target as HTMLSelectElement).value))}
      >
        <option value="" .selected=${live(parts.month === '')}>${props.message('choose')}</option>
        ${namesOf(calendar, language).map(
          (month, i) =>
            html`<option value=${numbers[i] as string} .selected=${live(asciiDigits(parts.month).padStart(2, '0') === numbers[i])}>${month}</option>`,
        )}
      </select>
    </div>`
    const year = box(
      props,
      { first: !monthFirst, wrong: isWrong('year'), name: 'year', label: 'labelYear', size: 'g-box-4', autocomplete: 'off', typed: parts.year },
      (text) => {
        const whole = splitMonth(text)
        props.onInput(
          whole?.year && whole.month ? typedMonth(whole.year, asciiDigits(whole.month).padStart(2, '0')) : typedMonth(text.replaceAll('-', '/'), parts.month),
        )
      },
    )
    return html`<div class="g-boxes">${monthFirst ? [select, year] : [year, select]}</div>`
  },
  styles: `${boxStyles}
.g-month { inline-size: auto; }
`,
}
