import { html, nothing, type TemplateResult } from 'lit-html'
import type { SignatureField } from '../../generated/settings.ts'
import { said } from '../choice.view.ts'
import type { FieldView, FieldViewProps } from '../field-view.ts'
import { paragraphs } from '../paragraphs.view.ts'
import { textInput } from '../text-input.view.ts'
import { pathOf, strokesOf } from './drawing.ts'
import type { Pad } from './pad.view.ts'
import { drawnPath } from './signature.ts'

type Props = FieldViewProps<SignatureField>

interface Area {
  canvas: HTMLCanvasElement
  props: Props
  pad: Pad | null
}
/** By field, and by place among the rows of a group. A canvas keeps what is on it, so it is made once and put into the page. */
const areas = new WeakMap<object, Map<string, Area>>()
/** Where drawing did not load, it is not offered again. */
const failed = new WeakSet<object>()

const statusOf = (element: Element) => element.closest('.g-sign')?.querySelector('[role=status]')
const say = (element: Element, sentence: string) => {
  const status = statusOf(element)
  if (status) status.textContent = sentence
}

/** The canvas of a question, with what is known now. */
function canvasOf(props: Props, describedBy: string): HTMLCanvasElement {
  const { id, name, field, message } = props
  const path = drawnPath(props.input) ?? ''
  let places = areas.get(field)
  if (!places) areas.set(field, (places = new Map()))
  let area = places.get(name)
  if (area) area.props = props
  else {
    places.set(name, (area = { canvas: document.createElement('canvas'), props, pad: null }))
    area.canvas.className = 'g-sign-area'
    area.canvas.tabIndex = 0
    void open(area)
  }
  const { canvas } = area
  const attributes = { id, role: 'img', 'aria-label': message(path ? 'drawn' : 'draw'), 'aria-describedby': `${describedBy} ${id}-area` }
  for (const [attribute, value] of Object.entries(attributes)) canvas.setAttribute(attribute, value)
  area.pad?.show(path)
  return canvas
}

async function open(area: Area) {
  try {
    const { openPad } = await import('./pad.view.ts')
    area.pad = openPad(area.canvas, { pathOf, strokesOf }, (drawn) => {
      area.props.onInput({ drawn })
      say(area.canvas, area.props.message('drawn'))
    })
    area.pad.show(drawnPath(area.props.input) ?? '')
  } catch {
    failed.add(area.props.field)
    area.props.onInput(null)
    area.props.redraw()
  }
}

/** Another way of signing: what was given in the first is gone, so the focus goes to where it is given now. */
function change(event: Event, props: Props, input: Parameters<Props['onInput']>[0]) {
  const root = (event.currentTarget as Element).closest('.g-sign')
  props.onInput(input)
  root?.querySelector<HTMLElement>(`#${props.id}`)?.focus()
}

const button = (text: string, press: (event: Event) => void) => html`<button type="button" class="g-button g-button-secondary" @click=${press}>${text}</button>`

function drawing(props: Props, describedBy: string): TemplateResult {
  const { id, message } = props
  return html`<p class="g-hint" id="${id}-area">${message('area')}</p>
    ${
      // Templates are also made where there is no page, to be looked at: then it is described, and nobody draws on it.
      typeof document === 'undefined' ? html`<canvas id=${id} aria-describedby=${describedBy}></canvas>` : canvasOf(props, describedBy)
    }
    <div class="g-sign-buttons">
      ${button(message('clear'), (event) => {
        say(event.currentTarget as Element, message('cleared'))
        change(event, props, { drawn: '' })
      })}
      ${button(message('type'), (event) => change(event, props, null))}
    </div>`
}

export const view: FieldView<SignatureField> = {
  layout: 'group',
  render(props) {
    const { id, field, language, message } = props
    const statement = props.text(field.statement)
    const ways = field.accept
      ? html`<div id="${id}-ways">
          <p>${message('ways')}</p>
          <ul class="g-list">${field.accept.map((way) => html`<li>${said(props.text(way), language)}</li>`)}</ul>
        </div>`
      : nothing
    // The statement is what is signed: it is read out with the input.
    const describedBy = [`${id}-statement`, field.accept && `${id}-ways`].filter(Boolean).join(' ')
    const isDrawn = field.draw === true && typeof props.input === 'object' && props.input !== null
    return html`<div class="g-sign">
      <div class="g-statement" id="${id}-statement" lang=${statement.language === language ? nothing : statement.language} dir=${statement.language === language ? nothing : 'auto'}>
        ${paragraphs(statement.text)}
      </div>
      ${ways}
      ${
        isDrawn
          ? drawing(props, describedBy)
          : html`<label class="g-box-label" for=${id}>${message(field.accept ? 'code' : 'name')}</label>
              ${textInput({ ...props, describedBy }, { autocomplete: field.accept ? 'off' : 'name' })}
              ${failed.has(field) ? html`<p class="g-hint">${message('failed')}</p>` : nothing}
              ${field.draw && !failed.has(field) ? html`<div class="g-sign-buttons">${button(message('draw'), (event) => change(event, props, { drawn: '' }))}</div>` : nothing}`
      }
      ${field.draw ? html`<p class="g-hidden" role="status"></p>` : nothing}
    </div>`
  },
  styles: `
.g-sign-area { display: block; inline-size: 100%; max-inline-size: 37.5em; aspect-ratio: 3; box-sizing: border-box; border: 2px solid var(--guichet-colour-border); border-radius: var(--guichet-radius); background: var(--guichet-colour-surface); color: var(--guichet-colour-text); touch-action: none; cursor: crosshair; }
.g-sign-buttons { display: flex; flex-wrap: wrap; gap: 0.75em; margin-block-start: 0.5em; }
`,
}
