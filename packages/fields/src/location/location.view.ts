import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { LocationField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView, FieldViewProps } from '../field-view.ts'
import { autocompleteOf, textInput } from '../text-input.view.ts'
import { lineOf, type Position, positionsTyped } from './coordinates.ts'
import { leastOf, mostOf, shapeOf, typedLines, wordsOf } from './location.ts'
import type { ShownMap } from './map.view.ts'

type Props = FieldViewProps<LocationField>

const how = { point: 'howPoint', line: 'howLine', polygon: 'howPolygon' } as const

/** What went wrong when the position was asked for, by the codes of GeolocationPositionError. */
const faults: Readonly<Record<number, string>> = { 1: 'denied', 3: 'slow' }

/** Five decimals are a metre: what is more, no telephone and no finger on a map knows. */
const written = (position: Position) => lineOf(position, 5)
const metres = (number: number) => ({ number: Math.ceil(number), style: 'unit', unit: 'meter', unitDisplay: 'long' })

/** A line and an area have a row for each point, and one at least for each that they need. */
function rowsOf({ input, field }: Props): string[] {
  const rows = typedLines(input).split('\n')
  return [...rows, ...Array.from({ length: Math.max(0, leastOf(field) - rows.length) }, () => '')]
}

const rootOf = (element: Element) => element.closest('.g-location') as HTMLElement
function say(element: Element, sentence: string) {
  const status = rootOf(element)?.querySelector('[role=status]')
  if (status) status.textContent = sentence
}

/** Writes a point where the person can read and change it: over the one with that index, or into the first empty row. Gives its number. */
function write(props: Props, position: Position, index: number | null): number | null {
  if (shapeOf(props.field) === 'point') {
    props.onInput(written(position))
    return 1
  }
  const rows = rowsOf(props)
  const free = rows.findIndex((row) => row.trim() === '')
  const at = index ?? (free < 0 ? rows.length : free)
  if (at >= mostOf(props.field)) return null
  rows[at] = written(position)
  props.onInput(rows.join('\n').trimEnd())
  return at + 1
}

const inputOf = ({ id }: Props, number: number) => (number === 1 ? id : `${id}-${number}`)
const focusOn = (root: Element, id: string) => root.querySelector<HTMLElement>(`#${CSS.escape(id)}`)?.focus()

/** Asked for when the button is pressed, and never before. */
function find(event: Event, props: Props) {
  const button = event.currentTarget as HTMLButtonElement
  const { message, field } = props
  if (button.getAttribute('aria-disabled')) return
  button.setAttribute('aria-disabled', 'true')
  say(button, message('finding'))
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute('aria-disabled')
      const accuracy = metres(coords.accuracy)
      if (field.accuracy !== undefined && coords.accuracy > field.accuracy)
        return say(button, message('inaccurate', { accuracy, most: metres(field.accuracy) }))
      const position: Position = [coords.longitude, coords.latitude]
      const number = write(current(props), position, null)
      if (number === null) return say(button, message('full'))
      say(button, message('found', { place: written(position), accuracy }))
      focusOn(rootOf(button), inputOf(props, number))
    },
    ({ code }) => {
      button.removeAttribute('aria-disabled')
      say(button, message(faults[code] ?? 'unknown'))
    },
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: field.accuracy === undefined ? 60_000 : 0 },
  )
}

interface Area {
  element: HTMLElement
  props: Props
  map: ShownMap | null
}
/** By field, and by place among the rows of a group. A map keeps where it was moved to, so it is made once and put into the page. */
const areas = new WeakMap<object, Map<string, Area>>()
/** Where no map came, none is offered again. */
const failed = new WeakSet<object>()

/** What is typed by now, for who comes back later with a position. */
const latest = new WeakMap<object, Map<string, Props>>()
const current = (props: Props) => latest.get(props.field)?.get(props.name) ?? props
function remember(props: Props) {
  const byName = latest.get(props.field) ?? new Map<string, Props>()
  latest.set(props.field, byName.set(props.name, props))
}

function areaOf(props: Props): Area {
  const { field, name } = props
  let places = areas.get(field)
  if (!places) areas.set(field, (places = new Map()))
  let area = places.get(name)
  if (area) area.props = props
  else {
    places.set(name, (area = { element: document.createElement('div'), props, map: null }))
    const { element } = area
    element.className = 'g-map-view'
    element.dir = 'ltr'
    element.tabIndex = 0
    element.setAttribute('role', 'application')
    void open(area)
  }
  area.element.setAttribute('aria-label', props.message('mapHow'))
  area.map?.show(positionsTyped(typedLines(props.input)))
  return area
}

async function open(area: Area) {
  const { field, language } = area.props
  const { tiles, maxZoom = 19, start } = field.map as NonNullable<LocationField['map']>
  const digits = new Intl.NumberFormat(language)
  const lose = () => {
    failed.add(field)
    const { element, props } = area
    const root = rootOf(element)
    const wasThere = root?.contains((element.getRootNode() as Document).activeElement)
    props.redraw()
    if (!root) return
    say(root, props.message('mapFailed'))
    if (wasThere) focusOn(root, props.id)
  }
  try {
    const { openMap } = await import('./map.view.ts')
    const settings = { tiles, maxZoom, start, within: field.within, shape: shapeOf(field), number: (point: number) => digits.format(point) }
    area.map = openMap(area.element, settings, {
      put(position, index) {
        const { props, element } = area
        const number = write(props, position, index)
        say(element, number === null ? props.message('full') : props.message('put', { number, place: written(position) }))
      },
      chosen: (index) => say(area.element, index === null ? '' : area.props.message('chosen', { number: index + 1 })),
      moved: (middle) => say(area.element, area.props.message('middle', { place: written(middle) })),
      failed: lose,
    })
    area.map.show(positionsTyped(typedLines(area.props.input)))
  } catch {
    lose()
  }
}

const arrows = [
  ['left', '←', -0.3, 0],
  ['up', '↑', 0, -0.3],
  ['down', '↓', 0, 0.3],
  ['right', '→', 0.3, 0],
] as const

function map(props: Props): TemplateResult | typeof nothing {
  const { field, language, message } = props
  // Templates are also made where there is no page, to be looked at.
  if (!field.map || typeof document === 'undefined') return nothing
  if (failed.has(field)) return html`<p class="g-hint">${message('mapFailed')}</p>`
  const area = areaOf(props)
  const { attribution, attributionLink } = field.map
  const credit = said(props.text(attribution), language)
  const button = (label: string, sign: string, press: (map: ShownMap) => void) =>
    html`<button type="button" class="g-button g-button-secondary g-map-button" aria-label=${label} @click=${() => area.map && press(area.map)}>${sign}</button>`
  return html`<div class="g-map" role="group" aria-label=${message('map')}>
    ${area.element}
    <p class="g-hint g-map-credit">${attributionLink ? html`<a href=${attributionLink} target="_blank" rel="noreferrer">${credit}</a>` : credit}</p>
    <div class="g-map-buttons" dir="ltr">
      ${button(message('closer'), '+', (map) => map.zoom(1))} ${button(message('farther'), '−', (map) => map.zoom(-1))}
      ${arrows.map(([key, sign, right, down]) => button(message(key), sign, (map) => map.pan(right, down)))}
      <button type="button" class="g-button g-button-secondary g-map-button" dir="auto" @click=${() => area.map?.put()}>${message('putMiddle')}</button>
    </div>
  </div>`
}

function position(props: Props): TemplateResult | typeof nothing {
  // Browsers have it in secure contexts only.
  if (!globalThis.isSecureContext || !globalThis.navigator?.geolocation) return nothing
  const key = shapeOf(props.field) === 'point' ? 'use' : 'add'
  return html`<button type="button" class="g-button g-button-secondary" @click=${(event: Event) => find(event, props)}>${props.message(key)}</button>`
}

/** The rows of a line or an area. */
function points(props: Props, describedBy: string): TemplateResult {
  const { message, field } = props
  const rows = rowsOf(props)
  const instead = (at: number, ...now: string[]) => [...rows.slice(0, at), ...now, ...rows.slice(at + 1)]
  const change = (event: Event, next: readonly string[], focus: number, sentence?: string) => {
    const root = rootOf(event.currentTarget as Element)
    props.onInput(next.join('\n'))
    focusOn(root, inputOf(props, focus))
    if (sentence) say(root, sentence)
  }
  const move = (from: number, by: -1 | 1) => (event: Event) => {
    const to = from + by
    if (to < 0 || to >= rows.length) return
    const next = rows.map((row, i) => rows[i === from ? to : i === to ? from : i] ?? row)
    const root = rootOf(event.currentTarget as Element)
    props.onInput(next.join('\n'))
    // The focus goes along with what was moved, so that it can be moved on.
    root.querySelectorAll('li')[to]?.querySelectorAll('button')[by < 0 ? 0 : 1]?.focus()
    say(root, message('movedTo', { number: to + 1 }))
  }
  const remove = (i: number) => (event: Event) =>
    change(event, instead(i), Math.min(i + 1, Math.max(rows.length - 1, leastOf(field))), message('removed', { number: i + 1 }))
  const paste = (i: number) => (event: ClipboardEvent) => {
    const pasted =
      event.clipboardData
        ?.getData('text/plain')
        .trim()
        .split(/[\r\n;|]+/) ?? []
    if (pasted.length < 2) return
    // An input of one line would run them together.
    event.preventDefault()
    change(event, instead(i, ...pasted), i + pasted.length)
  }
  const button = (label: string, sign: string, press: (event: Event) => void, off = false) =>
    html`<button type="button" class="g-button g-button-secondary g-map-button" aria-label=${label} aria-disabled=${off ? 'true' : nothing} @click=${press}>${sign}</button>`
  return html`<ol class="g-places" role="list">
      ${rows.map((row, i) => {
        const number = i + 1
        return html`<li class="g-place">
          <label class="g-place-label" for=${inputOf(props, number)}>${message('pointLabel', { number })}</label>
          <input
            class="g-input g-place-input"
            type="text"
            id=${inputOf(props, number)}
            name=${number === 1 ? props.name : `${props.name}-${number}`}
            dir="ltr"
            autocomplete="off"
            spellcheck="false"
            aria-describedby=${describedBy}
            aria-invalid=${props.invalid && positionsTyped(row)[0] === null ? 'true' : nothing}
            .value=${live(row)}
            @paste=${paste(i)}
            @input=${(event: InputEvent) => props.onInput(instead(i, (event.target as HTMLInputElement).value).join('\n'))}
          />
          <span class="g-place-buttons">
            ${button(message('pointUp', { number }), '↑', move(i, -1), i === 0)}
            ${button(message('pointDown', { number }), '↓', move(i, 1), i === rows.length - 1)}
            ${button(message('pointRemove', { number }), '×', remove(i))}
          </span>
        </li>`
      })}
    </ol>
    ${
      rows.length < mostOf(field)
        ? html`<button type="button" class="g-button g-button-secondary" @click=${(event: Event) => change(event, [...rows, ''], rows.length + 1)}>${message('addPoint')}</button>`
        : nothing
    }`
}

/** Coordinates in words, the position of the device, a map, a description: each is a way in, and none the only one. */
export const view: FieldView<LocationField> = {
  layout: 'group',
  render(props) {
    remember(props)
    const { id, field, message } = props
    const shape = shapeOf(field)
    const words = field.address ? wordsOf(props.input) : null
    const change = (event: Event, input: Parameters<Props['onInput']>[0]) => {
      const root = rootOf(event.currentTarget as Element)
      props.onInput(input)
      focusOn(root, id)
    }
    const button = (key: string, press: (event: Event) => void) =>
      html`<button type="button" class="g-button g-button-secondary" @click=${press}>${message(key)}</button>`
    const inWords = () => html`<label class="g-box-label" for=${id}>${message('words')}</label>
      <textarea
        class="g-textarea"
        id=${id}
        name=${props.name}
        rows="3"
        dir="auto"
        autocomplete=${autocompleteOf(props) ?? 'off'}
        aria-invalid=${props.invalid ? 'true' : nothing}
        .value=${live(words ?? '')}
        @input=${(event: InputEvent) => props.onInput({ address: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      ${button('inPoints', (event) => change(event, null))}`
    const describedBy = `${id}-how`
    const inPoints = () => html`<p class="g-hint" id=${describedBy}>${message(how[shape])}</p>
      ${
        shape === 'point'
          ? html`<label class="g-box-label" for=${id}>${message('coordinates')}</label>
              ${textInput({ ...props, describedBy }, { dir: 'ltr', autocomplete: 'off', typed: typedLines })}`
          : points(props, describedBy)
      }
      ${position(props)} ${field.address ? button('inWords', (event) => change(event, { address: '' })) : nothing} ${map(props)}`
    return html`<div class="g-location">${words === null ? inPoints() : inWords()}<p class="g-hint" role="status"></p></div>`
  },
  styles: `
.g-location { display: flex; flex-wrap: wrap; gap: 0.5em 0.75em; align-items: start; }
.g-location > :is(p, label, ol, .g-input, .g-textarea, .g-map) { flex: 1 0 100%; margin-block: 0; }
.g-location > [role="status"]:empty { display: none; }
.g-places { list-style: none; margin: 0; padding: 0; }
.g-place { display: flex; flex-wrap: wrap; gap: 0.25em 0.5em; align-items: center; padding-block: 0.3em; }
.g-place-label { min-inline-size: 5em; }
.g-place-input { flex: 1 1 12em; min-inline-size: 0; }
.g-place-buttons, .g-map-buttons { display: flex; flex-wrap: wrap; gap: 0.4em; }
.g-map-button { padding: 0.25em 0.75em; min-inline-size: 2.4em; }
.g-map-button[aria-disabled="true"] { cursor: default; opacity: 0.6; }
.g-map-view { position: relative; overflow: hidden; block-size: min(22em, 65vh); border: 2px solid var(--guichet-colour-border); border-radius: var(--guichet-radius); background: var(--guichet-colour-raised); touch-action: none; user-select: none; -webkit-user-select: none; cursor: crosshair; }
.g-map-view img { position: absolute; left: 0; top: 0; inline-size: 256px; block-size: 256px; max-inline-size: none; pointer-events: none; }
.g-map-lines { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; }
.g-map-line { fill: #1d4ed833; stroke: #1d4ed8; stroke-width: 3; pointer-events: none; }
.g-map-bounds { fill: none; stroke: #111; stroke-width: 2; stroke-dasharray: 6 4; pointer-events: none; }
.g-map-point { cursor: move; }
.g-map-point circle { fill: #1d4ed8; stroke: #fff; stroke-width: 3; }
.g-map-chosen circle { fill: #b91c1c; stroke-dasharray: 4 2; }
.g-map-point text { fill: #fff; font: 600 12px system-ui, sans-serif; }
.g-map-cross { position: absolute; inset: 50% auto auto 50%; inline-size: 24px; block-size: 24px; translate: -50% -50%; pointer-events: none; visibility: hidden; border-radius: 50%; border: 2px solid #111; outline: 2px solid #fff; box-sizing: border-box; }
.g-map-view:focus-visible .g-map-cross, .g-map:has(.g-map-buttons :focus-visible) .g-map-cross { visibility: visible; }
.g-map-credit { margin: 0.25em 0; font-size: 0.85em; }
`,
}
