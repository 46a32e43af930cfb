import type { FieldType } from '@guichet/core'
import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { FieldViewProps } from '../field-view.ts'
import type { CalendarName } from './calendar.ts'
import { splitDay, type TypedDay } from './date-text.ts'

type Part = keyof TypedDay

const labels: Readonly<Record<Part, string>> = { day: 'labelDay', month: 'labelMonth', year: 'labelYear' }

const dayFirst: readonly Part[] = ['day', 'month', 'year']
/** By language, or language and calendar. The interface's own languages are told, in either calendar: a page's first formatter costs it much time. */
const orders: Record<string, readonly Part[]> = { en: dayFirst, el: dayFirst, vi: dayFirst, fa: dayFirst, hu: [...dayFirst].reverse() }

/** Day, month and year in the order in which a language writes a date in words; from right to left that is the written order too. */
export const partsInOrder = (language: string, calendar: CalendarName): readonly Part[] =>
  orders[language] ??
  (orders[language + calendar] ??= new Intl.DateTimeFormat(language, { calendar, dateStyle: 'long' })
    .formatToParts(0)
    .flatMap(({ type }) => (type in labels ? [type as Part] : [])))

/** Which boxes to mark as wrong: the one that the finding is about, or all of them where it is about the whole. */
export function marksOf<Settings>(
  { input, invalid, field, context }: FieldViewProps<Settings>,
  type: Pick<FieldType<Settings>, 'parse'>,
): (box: string) => boolean {
  const parsed = type.parse(input, field, context)
  const code = 'finding' in parsed ? parsed.finding.code.replace('Missing', '') : ''
  return (box) => invalid && (!/^(day|month|year|time)$/.test(code) || code === box)
}

/** A labelled box of a group of inputs. The group's fieldset tells hint and error. */
export function box(
  props: Pick<FieldViewProps, 'id' | 'name' | 'required' | 'message'>,
  part: { first: boolean; wrong: boolean; name: string; label: string; size: 'g-box-2' | 'g-box-4' | 'g-box-5'; autocomplete: string; typed: string },
  onTyped: (typed: string) => void,
): TemplateResult {
  const id = part.first ? props.id : `${props.id}-${part.name}`
  return html`<div class="g-box">
    <label class="g-box-label" for=${id}>${props.message(part.label)}</label>
    <input
      class="g-input ${part.size}"
      type="text"
      id=${id}
      name="${props.name}-${part.name}"
      dir="ltr"
      inputmode="numeric"
      autocomplete=${part.autocomplete}
      aria-invalid=${part.wrong ? 'true' : nothing}
      aria-required=${props.required ? 'true' : nothing}
      .value=${live(part.typed)}
      @input=${(event: InputEvent) => onTyped((event.target as HTMLInputElement).value)}
    />
  </div>`
}

type DayProps = FieldViewProps<{ min?: string; max?: string; autocomplete?: string }>
/** What a calendar has below the boxes of a day. */
export type Below = (props: DayProps, typed: TypedDay, onTyped: (typed: TypedDay) => void) => TemplateResult
/** By calendar; persian-day.view.ts, which comes for services of that calendar alone, puts itself here. */
export const below: { [calendar in CalendarName]?: Below } = {}

/** Three boxes for a day. A whole date that is pasted into one of them goes into all three. */
export function dayBoxes(
  props: DayProps,
  calendar: CalendarName,
  typed: TypedDay,
  isWrong: (box: string) => boolean,
  onTyped: (typed: TypedDay) => void,
): TemplateResult[] {
  return partsInOrder(props.language, calendar).map((part, i) =>
    box(
      props,
      {
        first: i === 0,
        wrong: isWrong(part),
        name: part,
        label: labels[part],
        size: part === 'year' ? 'g-box-4' : 'g-box-2',
        autocomplete: props.field.autocomplete === 'bday' ? `bday-${part}` : 'off',
        typed: typed[part],
      },
      (text) => {
        const whole = splitDay(text)
        onTyped(whole?.year && whole.month && whole.day ? whole : { ...typed, [part]: text.replaceAll('/', '') })
      },
    ),
  )
}

export const boxStyles = `
.g-boxes { display: flex; flex-wrap: wrap; gap: 0.75em 1em; }
.g-box-label { display: block; margin-block-end: 0.25em; }
.g-box-2, .g-box-4, .g-box-5 { max-inline-size: 100%; }
.g-box-2 { inline-size: 3.75em; }
.g-box-4 { inline-size: 5.5em; }
.g-box-5 { inline-size: 6em; }
`
