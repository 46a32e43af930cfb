/**
 * A month to choose a day from, opened beside the boxes: the date picker dialog of the ARIA Authoring Practices. It comes
 * when it is asked for, with its words and styles. What is chosen goes into the boxes as if it had been typed.
 */
import { html, nothing, render } from 'lit-html'
import type { FieldViewProps } from '../field-view.ts'
import { type CalendarName, type Day, dayOf } from './calendar.ts'
import type { TypedDay } from './date-text.ts'
import { daysOn, intoWeek, limitsOf, monthsOn, nearest, weekStart, weeksOf } from './day-grid.ts'
import strings from './day-picker-strings.json' with { type: 'json' }

type Words = Record<string, string>
type Write = (iso: string) => string

const styles = `
.g-picker {
  box-sizing: border-box; inline-size: 22em; max-inline-size: 100%; max-block-size: 100%; margin-inline: auto; padding: 0.75em; overflow: auto;
  border: 2px solid var(--guichet-colour-border); border-radius: var(--guichet-radius);
  background: var(--guichet-colour-surface); color: var(--guichet-colour-text);
}
.g-picker::backdrop { background: #0008; }
.g-picker-top { display: flex; align-items: center; gap: 0.25em; }
.g-picker-month { flex: 1; margin: 0; font-size: 1.1em; text-align: center; }
.g-picker button { min-inline-size: 2.5em; min-block-size: 2.5em; border: 2px solid var(--guichet-colour-border); border-radius: var(--guichet-radius); background: var(--guichet-colour-raised); color: inherit; }
.g-picker-grid { inline-size: 100%; margin-block: 0.5em; border-collapse: separate; border-spacing: 2px; table-layout: fixed; }
.g-picker-grid :is(th, td) { block-size: 2.25em; padding: 0; text-align: center; }
.g-picker-grid th { color: var(--guichet-colour-muted); font-weight: 600; }
.g-picker-grid [tabindex] { border: 2px solid transparent; border-radius: var(--guichet-radius); cursor: pointer; }
.g-picker-grid [tabindex]:hover { border-color: var(--guichet-colour-border); }
.g-picker-grid [aria-current] { font-weight: 700; text-decoration: underline; text-underline-offset: 0.2em; }
.g-picker-grid [aria-disabled] { color: var(--guichet-colour-muted); text-decoration: line-through; cursor: default; }
.g-picker-grid [aria-selected="true"] { background: var(--guichet-colour-primary); color: var(--guichet-colour-on-primary); }
.g-picker p { margin-block: 0 0.5em; color: var(--guichet-colour-muted); font-size: 0.9em; }
.g-picker .g-picker-close { inline-size: 100%; }
@media (max-width: 24em) { .g-picker { padding: 0.25em; } .g-picker-grid { border-spacing: 0; } }
@media (forced-colors: active) {
  .g-picker-grid [tabindex] { border-color: Canvas; }
  .g-picker-grid [aria-disabled] { color: GrayText; }
  .g-picker-grid [aria-selected="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`
let sheet: CSSStyleSheet | undefined

/** Puts them beside those that are there; whoever dresses the page anew takes them away, so this is done each time. */
function dress(root: Document | ShadowRoot) {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}

/** `props.field` may limit the days, as any field of days does. */
export function openPicker(
  button: HTMLElement,
  props: Pick<FieldViewProps<{ min?: string; max?: string }>, 'id' | 'field' | 'context' | 'language' | 'message'>,
  calendar: CalendarName,
  chosen: string | null,
  onTyped: (typed: TypedDay) => void,
) {
  const { id, field, context, language } = props
  const words = (key: keyof typeof strings) => (strings[key] as Words)[language.split('-')[0] as string] ?? strings[key].en
  const { today } = context
  const limits = limitsOf(field, today)
  const start = weekStart(language, calendar)
  const digits = new Intl.NumberFormat(language, { useGrouping: false })
  const written = (iso: string): TypedDay => {
    const { year, month, day } = dayOf(iso, calendar) as Day
    return { year: digits.format(year), month: digits.format(month), day: digits.format(day) }
  }
  const formatter = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, { calendar, timeZone: 'UTC', ...options })
  const [long, month, weekday, letter] = [
    formatter({ dateStyle: 'long' }),
    formatter({ month: 'long' }),
    formatter({ weekday: 'long' }),
    formatter({ weekday: 'narrow' }),
  ].map((each) => (iso: string) => each.format(new Date(iso))) as [Write, Write, Write, Write]
  const parts = formatter({ dateStyle: 'long' })
    .formatToParts(0)
    .map(({ type }) => type)
  const yearFirst = parts.indexOf('year') < parts.indexOf('month')

  /** Where the person is. */
  let at = nearest(chosen ?? today, limits)
  const dialog = document.createElement('dialog')
  dialog.className = 'g-picker'
  dialog.setAttribute('aria-label', props.message('labelPicker'))
  const isOut = (iso: string) => iso < limits.min || iso > limits.max

  const say = (sentence: string) => {
    ;(dialog.querySelector('[role=status]') as HTMLElement).textContent = sentence
  }
  const focus = () => dialog.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  function draw() {
    const { year } = written(at)
    const title = yearFirst ? `${year} ${month(at)}` : `${month(at)} ${year}`
    const weeks = weeksOf(at, calendar, start)
    const step = (key: keyof typeof strings, sign: string, months: number) =>
      html`<button type="button" aria-label=${words(key)} @click=${() => go(monthsOn(at, months, calendar))}>${sign}</button>`
    const cell = (iso: string | null) =>
      iso
        ? html`<td
            tabindex=${iso === at ? '0' : '-1'}
            data-day=${iso}
            aria-label="${weekday(iso)} ${long(iso)}"
            aria-selected=${iso === chosen ? 'true' : 'false'}
            aria-current=${iso === today ? 'date' : nothing}
            aria-disabled=${isOut(iso) ? 'true' : nothing}
          >${written(iso).day}</td>`
        : html`<td></td>`
    render(
      html`<div class="g-picker-top">
          ${step('previousYear', '«', -12)}${step('previousMonth', '‹', -1)}
          <h2 class="g-picker-month" id="${id}-shown" aria-live="polite">${title}</h2>
          ${step('nextMonth', '›', 1)}${step('nextYear', '»', 12)}
        </div>
        <table class="g-picker-grid" role="grid" aria-labelledby="${id}-shown" aria-describedby="${id}-how" @click=${press} @keydown=${key}>
          <thead><tr>
            ${[0, 1, 2, 3, 4, 5, 6].map((i) => {
              const day = daysOn(at, i - intoWeek(at, start))
              return html`<th scope="col"><span aria-hidden="true">${letter(day)}</span><span class="g-hidden">${weekday(day)}</span></th>`
            })}
          </tr></thead>
          <tbody>${weeks.map((week) => html`<tr>${week.map(cell)}</tr>`)}</tbody>
        </table>
        <p role="status"></p>
        <p id="${id}-how">${words('how')}</p>
        <button type="button" class="g-picker-close" @click=${() => dialog.close()}>${words('close')}</button>`,
      dialog,
    )
  }
  /** Below the button if there is room, and never out of sight: the frame that it stands in may be longer than the screen. */
  function place() {
    const top = Math.min(button.getBoundingClientRect().bottom, innerHeight - dialog.getBoundingClientRect().height)
    dialog.style.marginBlock = `${Math.max(0, Math.floor(top))}px auto`
  }
  function go(iso: string) {
    at = iso
    say('')
    draw()
    // On a narrow screen a long month's name takes another line.
    place()
  }
  function choose(iso: string) {
    if (isOut(iso)) return say(words('unavailable'))
    dialog.close()
    onTyped(written(iso))
  }
  function press(event: Event) {
    const { day } = (event.target as HTMLElement).closest('td')?.dataset ?? {}
    if (!day) return
    go(day)
    focus()
    choose(day)
  }
  function key(event: KeyboardEvent) {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event
    if (ctrlKey || altKey || metaKey) return
    const onward = getComputedStyle(dialog).direction === 'rtl' ? -1 : 1
    const into = intoWeek(at, start)
    const ways: Record<string, () => string> = {
      ArrowRight: () => daysOn(at, onward),
      ArrowLeft: () => daysOn(at, -onward),
      ArrowDown: () => daysOn(at, 7),
      ArrowUp: () => daysOn(at, -7),
      Home: () => daysOn(at, -into),
      End: () => daysOn(at, 6 - into),
      PageDown: () => monthsOn(at, shiftKey ? 12 : 1, calendar),
      PageUp: () => monthsOn(at, shiftKey ? -12 : -1, calendar),
    }
    const isChoice = key === 'Enter' || key === ' '
    if (!isChoice && !Object.hasOwn(ways, key)) return
    event.preventDefault()
    if (isChoice) return choose(at)
    go((ways[key] as () => string)())
    focus()
  }

  dialog.addEventListener('close', () => {
    dialog.remove()
    button.focus()
  })
  // In the question itself: styles, language and direction are those of the page around.
  dress(button.getRootNode() as Document | ShadowRoot)
  button.parentElement?.append(dialog)
  draw()
  dialog.showModal()
  place()
  focus()
}
