import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { LocationField } from '../../generated/settings.ts'
import type { FieldView, FieldViewProps } from '../field-view.ts'
import { textInput } from '../text-input.view.ts'
import { typedLines } from './location.ts'

const how = { point: 'howPoint', line: 'howLine', polygon: 'howPolygon' } as const

/** What went wrong when the position was asked for, by the codes of GeolocationPositionError. */
const faults: Readonly<Record<number, string>> = { 1: 'denied', 3: 'slow' }

/** Five decimals are a metre: what is more, no telephone knows. */
const degrees = (value: number) => String(Math.round(value * 1e5) / 1e5)

/** Asked for when the button is pressed, and never before. What is found is written where the person can read and change it. */
function find(event: Event, props: FieldViewProps<LocationField>) {
  const button = event.currentTarget as HTMLButtonElement
  const root = button.closest('.g-location') as HTMLElement
  const status = root.querySelector('[role=status]') as HTMLElement
  const input = root.querySelector(`#${props.id}`) as HTMLInputElement | HTMLTextAreaElement
  if (button.getAttribute('aria-disabled')) return
  button.setAttribute('aria-disabled', 'true')
  status.textContent = props.message('finding')
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute('aria-disabled')
      const place = `${degrees(coords.latitude)}, ${degrees(coords.longitude)}`
      // A line and an area get one point more; a point is replaced.
      const before = (props.field.shape ?? 'point') === 'point' ? '' : input.value.trim()
      props.onInput(before === '' ? place : `${before}\n${place}`)
      status.textContent = props.message('found', { place })
      input.focus()
    },
    ({ code }) => {
      button.removeAttribute('aria-disabled')
      status.textContent = props.message(faults[code] ?? 'unknown')
    },
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
  )
}

function position(props: FieldViewProps<LocationField>): TemplateResult | typeof nothing {
  // Browsers have it in secure contexts only.
  if (!globalThis.isSecureContext || !globalThis.navigator?.geolocation) return nothing
  const key = (props.field.shape ?? 'point') === 'point' ? 'use' : 'add'
  return html`<button type="button" class="g-button g-button-secondary g-location-find" @click=${(event: Event) => find(event, props)}>
      ${props.message(key)}
    </button>
    <p class="g-hint" role="status"></p>`
}

/** Coordinates in words, and the position of the device for who wants it: whatever map may come later is another way in, never the only one. */
export const view: FieldView<LocationField> = {
  layout: 'label',
  render(props) {
    const shape = props.field.shape ?? 'point'
    const describedBy = [props.describedBy, `${props.id}-how`].filter(Boolean).join(' ')
    const input =
      shape === 'point'
        ? textInput({ ...props, describedBy }, { dir: 'ltr', autocomplete: 'off', typed: typedLines })
        : html`<textarea
            class="g-textarea"
            id=${props.id}
            name=${props.name}
            rows="5"
            dir="ltr"
            autocomplete="off"
            spellcheck="false"
            aria-describedby=${describedBy}
            aria-invalid=${props.invalid ? 'true' : nothing}
            aria-required=${props.required ? 'true' : nothing}
            .value=${live(typedLines(props.input))}
            @input=${(event: InputEvent) => props.onInput((event.target as HTMLTextAreaElement).value)}
          ></textarea>`
    return html`<div class="g-location"><div class="g-hint" id="${props.id}-how">${props.message(how[shape])}</div>${input}${position(props)}</div>`
  },
  styles: `
.g-location-find { margin-block-start: 0.5em; }
.g-location > [role="status"]:empty { margin: 0; }
`,
}
