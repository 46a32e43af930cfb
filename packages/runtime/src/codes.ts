/**
 * Fields that ask for a code: what is drawn below them, and what is said while there is no proof. Loaded with services that have
 * such fields. A field's own type and view know nothing of it: here they are taken, and more is put around them.
 */
import { asciiDigits, type FieldType, type Json } from '@guichet/core'
import type { FieldViewProps } from '@guichet/fields/field-view'
import { html, nothing, type TemplateResult } from 'lit-html'
import strings from './codes-strings.json' with { type: 'json' }
import { asksForCode, proofsOf } from './proofs.ts'
import type { AnyView } from './question.ts'
import { stringsIn } from './strings-in.ts'
import { Refused, read, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'

/** What is going on below one question. */
interface Sending {
  /** The address that the code went to. */
  value: string
  verification: string
  /** When it may be sent again. */
  again: number
  /** When it works no more. */
  ends: number
  /** That it ends soon, or has ended, was said. */
  told: '' | 'soon' | 'over'
  /** What was typed of the code. */
  typed: string
}
interface Place {
  sending: Sending | null
  busy: boolean
  /** What went wrong, in words. */
  problem: string | null
  timer: ReturnType<typeof setInterval> | undefined
}

/** By way through a service, and in it by question: another language goes on with them. */
const visits = new WeakMap<object, Map<string, Place>>()

const codeLength = 6
/** Told of so long before it ends: time enough to have another sent. */
const soon = 2 * 60_000
/** What was typed or pasted, as six digits; shorter if there are not as many. */
const digitsOf = (typed: string) => asciiDigits(typed).replace(/\D/g, '').slice(0, codeLength)

export function useCodes(visit: Visit) {
  const { program, fields, words, files, view } = visit
  words.learn(stringsIn(strings, words.language))
  const proofs = proofsOf(files)
  const vouched = new Set(view.asks?.signIn?.fields)
  const isVouched = (id: string) => vouched.has(id) && visit.transport.trust?.fills(id) === true
  for (const node of program.nodes.values()) {
    if (!asksForCode(node.field)) continue
    const { type } = node
    const check: FieldType['check'] = (value, settings, context) =>
      type.check?.(value, settings as never, context) ??
      (proofs.has(String(value)) || (node.group === null && isVouched(settings.id)) ? null : { code: 'unverified' })
    // The program was compiled for this visit alone; what the type comes to know later, this one does as well.
    Object.assign(node, { type: Object.assign(Object.create(type), { check }) })
  }
  for (const name of ['email', 'phone']) {
    const own = fields.views[name] as AnyView | undefined
    if (!own) continue
    const drawn = {
      ...own,
      styles: `${own.styles ?? ''}${styles}`,
      render: (props: FieldViewProps) =>
        asksForCode(props.field) && !isVouched(props.field.id)
          ? html`${own.render(props as never)}${below(visit, props)}`
          : html`${own.render(props as never)}`,
    }
    Object.assign(fields.views, { [name]: drawn })
  }
}

function placeOf({ files }: Visit, name: string): Place {
  let all = visits.get(files)
  if (!all) visits.set(files, (all = new Map()))
  let place = all.get(name)
  if (!place) all.set(name, (place = { sending: null, busy: false, problem: null, timer: undefined }))
  return place
}

function below(visit: Visit, props: FieldViewProps): TemplateResult {
  const { id, value } = props
  const { message } = visit.words
  const place = placeOf(visit, props.name)
  if (typeof value === 'string' && proofsOf(visit.files).has(value))
    return html`<p class="g-verify g-verify-done" id="${id}-proved" tabindex="-1"><span aria-hidden="true">✓</span> ${message(`code.done.${props.field.type}`)}</p>`
  // A changed address has got no code yet.
  if (place.sending && place.sending.value !== value) {
    clearInterval(place.timer)
    Object.assign(place, { sending: null, problem: null })
  }
  const problem = place.problem ? html`<p class="g-error" id="${id}-code-error">${place.problem}</p>` : nothing
  const button = (key: string, press: () => unknown, describedBy: string = '') =>
    html`<button
      type="button"
      class="g-button g-button-secondary"
      aria-disabled=${place.busy ? 'true' : nothing}
      aria-describedby=${describedBy || nothing}
      @click=${() => place.busy || press()}
    >
      ${message(key)}
    </button>`
  const { sending } = place
  if (!sending)
    return html`<div class="g-verify">${problem}<p class="g-hint" id="${id}-why">${message(`code.why.${props.field.type}`)}</p>${button('code.send', () => send(visit, props), `${id}-why`)}</div>`
  const left = Math.ceil((sending.again - Date.now()) / 1000)
  const rest = sending.ends - Date.now()
  const ending =
    rest > soon
      ? nothing
      : html`<p class="g-hint" id="${id}-ends">${rest > 0 ? message('code.soon', { count: Math.ceil(rest / 60_000) }) : message('code.over')}</p>`
  const describedBy = [`${id}-sent`, rest > soon ? '' : `${id}-ends`, place.problem ? `${id}-code-error` : ''].filter(Boolean).join(' ')
  return html`<div class="g-verify" role="group" aria-label=${message('code.label')}>
    <p id="${id}-sent">${message('code.sent', { to: value as string })}</p>
    ${ending}
    <label class="g-box-label" for="${id}-code">${message('code.label')}</label>
    ${problem}
    <input
      class="g-input g-verify-input"
      id="${id}-code"
      type="text"
      inputmode="numeric"
      autocomplete="one-time-code"
      dir="ltr"
      spellcheck="false"
      aria-describedby=${describedBy}
      aria-invalid=${place.problem ? 'true' : nothing}
      .value=${sending.typed}
      @input=${(event: InputEvent) => {
        sending.typed = (event.target as HTMLInputElement).value
      }}
      @keydown=${(event: KeyboardEvent) => {
        // Enter is for the code, not for the page around.
        if (event.key !== 'Enter') return
        event.preventDefault()
        if (!place.busy) void confirm(visit, props, sending)
      }}
    />
    <div class="g-verify-buttons">
      ${button('code.confirm', () => confirm(visit, props, sending))}
      ${left > 0 ? html`<span class="g-hint">${message('code.wait', { count: left })}</span>` : button('code.again', () => send(visit, props))}
    </div>
  </div>`
}

/** Draws the question again, and puts the focus where the person goes on. */
async function settle(visit: Visit, { redraw }: FieldViewProps, focus: string) {
  redraw()
  // Drawn at once; what is found is what stands there now.
  visit.find(`#${focus}`)?.focus()
}

const request = <Body>(visit: Visit, path: string, body: Record<string, Json>) =>
  read<Body>(
    fetch(`${visit.transport.address}verifications${path}`, {
      method: 'POST',
      credentials: 'omit',
      signal: AbortSignal.timeout(30_000),
      headers: { 'content-type': 'application/json', 'accept-language': visit.words.language },
      body: JSON.stringify(body),
    }),
  )

const fieldOf = (name: string) => name.replace(/\/\d+(?=\/)/g, '').replaceAll('/', '.')

/** One request at a time below a question; what goes wrong is said there. */
async function asking(visit: Visit, props: FieldViewProps, ask: (place: Place) => Promise<string>) {
  const place = placeOf(visit, props.name)
  Object.assign(place, { busy: true, problem: null })
  props.redraw()
  let focus = ''
  try {
    focus = await ask(place)
  } catch (error) {
    place.problem = error instanceof Refused ? sentenceOf(error) : visit.words.message('send.unreachable')
    visit.announce(place.problem)
    if (place.sending) focus = `${props.id}-code`
  }
  place.busy = false
  await settle(visit, props, focus || props.id)
}

interface Begun {
  verification: string
  expiresInSeconds: number
  resendInSeconds: number
}

function send(visit: Visit, props: FieldViewProps) {
  const { value, name } = props
  const place = placeOf(visit, name)
  if (typeof value !== 'string') {
    place.problem = visit.words.message(`code.first.${props.field.type}`)
    visit.announce(place.problem)
    return settle(visit, props, props.id)
  }
  return asking(visit, props, async (place) => {
    // A preview has nobody to send it.
    const begun = visit.transport.address
      ? await request<Begun>(visit, `?lang=${visit.words.language}`, { field: fieldOf(name), value })
      : { verification: '', expiresInSeconds: 600, resendInSeconds: 30 }
    const now = Date.now()
    const sending: Sending = {
      value,
      verification: begun.verification,
      again: now + begun.resendInSeconds * 1000,
      ends: now + begun.expiresInSeconds * 1000,
      told: '',
      typed: '',
    }
    place.sending = sending
    clearInterval(place.timer)
    const draw = () => {
      const rest = sending.ends - Date.now()
      const due = rest > soon ? '' : rest > 0 ? 'soon' : 'over'
      const counting = Date.now() < sending.again + 1000
      if (!visit.now() || !visit.find(`#${props.id}-code`) || due === 'over') clearInterval(place.timer)
      if (!visit.now() || !visit.find(`#${props.id}-code`) || (!counting && due === '')) return
      props.redraw()
      if (due === sending.told) return
      sending.told = due
      const { message } = visit.words
      visit.announce(due === 'over' ? message('code.over') : message('code.soon', { count: Math.ceil(rest / 60_000) }))
    }
    place.timer = setInterval(draw, 1000)
    visit.announce(visit.words.message('code.sent', { to: value }))
    return `${props.id}-code`
  })
}

function confirm(visit: Visit, props: FieldViewProps, { value, verification, typed }: Sending) {
  const code = digitsOf(typed)
  return asking(visit, props, async (place) => {
    if (code.length < codeLength) {
      place.problem = visit.words.message('code.short')
      visit.announce(place.problem)
      return `${props.id}-code`
    }
    const { proof } = visit.transport.address
      ? await request<{ proof: string }>(visit, '/check', { field: fieldOf(props.name), value, verification, code })
      : { proof: 'preview' }
    proofsOf(visit.files).set(value, proof)
    place.sending = null
    clearInterval(place.timer)
    visit.typed()
    visit.announce(visit.words.message(`code.done.${props.field.type}`))
    return `${props.id}-proved`
  })
}

const styles = `
.g-verify { margin-block-start: 0.75em; }
.g-verify > p { margin-block: 0 0.5em; }
.g-verify > .g-box-label { display: block; margin-block-end: 0.4em; }
.g-verify-done { font-weight: 600; color: var(--guichet-colour-success); }
.g-verify-input { inline-size: 10ch; letter-spacing: 0.2em; font-variant-numeric: tabular-nums; }
.g-verify-buttons { display: flex; flex-wrap: wrap; gap: 0.75em; align-items: center; margin-block-start: 0.5em; }
`
