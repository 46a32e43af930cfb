/**
 * What stands below the boxes of a Persian day: a calendar to choose from, and in words what was typed, as Persian months are known
 * by their names. Services of that calendar load it; the others do without.
 */
import { html, nothing } from 'lit-html'
import { parseDay } from './date-text.ts'
import { type Below, below } from './day-boxes.view.ts'

const persian: Below = (props, typed, onTyped) => {
  const parsed = parseDay(`${typed.year}/${typed.month}/${typed.day}`, 'persian')
  const day = 'value' in parsed ? parsed.value : null
  const open = async ({ currentTarget }: Event) => {
    const button = currentTarget as HTMLButtonElement
    try {
      const { openPicker } = await import('./day-picker.view.ts')
      openPicker(button, props, 'persian', day, onTyped)
    } catch {
      // It did not come, and the boxes are there.
      button.parentElement?.querySelector('input')?.focus()
      button.hidden = true
    }
  }
  return html`<button type="button" class="g-link" aria-haspopup="dialog" @click=${open}>${props.message('labelPicker')}</button>
    ${day ? html`<p class="g-hint g-meant">${props.message('meant', { date: { date: day, calendar: 'persian' } })}</p>` : nothing}`
}
below.persian = persian
