/**
 * The service as people will see it, drawn by the runtime. It follows what is selected. With `edits` it is the canvas, on which
 * all that may be asked can be chosen, moved and written, until somebody wants to fill it in; what was typed is kept.
 */
import { compile } from '@guichet/core'
import { allViews } from '@guichet/fields/all-views'
import '@guichet/fields/date/persian-day.view'
import { definePreview, type GuichetService, redrawPage } from '@guichet/runtime'
import type { Answers } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { KeptLine } from './api.ts'
import { asOnCanvas } from './canvas-definition.ts'
import type { Definition } from './editor/edit.ts'
import { kindOf, partAt } from './editor/part.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { fieldTypes, outsideModules } from './known-types.ts'
import { Localized, say } from './language.ts'
import { languageName } from './names.ts'
import type { OutlineLine } from './outline.ts'
import './canvas.ts'
import { type OpenState, openStates, previewView, todayIn } from './preview-view.ts'
import { nameAt, type Why, whyShown } from './why-shown.ts'
import { readerAt } from './words-of.ts'

// All kinds of questions come with the editor: each service has several, and the first canvas waits for none.
definePreview(allViews, fieldTypes)

/** Resolves when the runtime shows a service for the first time, or says that it cannot. */
const firstShown = (service: GuichetService) =>
  new Promise<void>((resolve) => {
    for (const name of ['guichet-ready', 'guichet-failed']) service.addEventListener(name, () => resolve(), { once: true })
  })

/** The runtime, and what it was last handed. */
class Shown {
  readonly service = document.createElement('guichet-service') as GuichetService
  /** What is drawn; null before anything is. */
  definition: Definition | null = null
  language = ''
  openState: OpenState = 'open'
  step: string | null = null
  /** Only the page that is shown has been drawn anew: before another is, the runtime needs the definition. */
  isBehind = false
}

/** Drawn this long after the last key, so that typing stays light. */
const pause = 120
/** How often it is looked whether the runtime has taken the view. */
const turns = 300

export class PreviewPane extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .bar { padding-block-end: 0.6rem; }
      .bar select { inline-size: auto; min-block-size: 2rem; }
      .frame { border: 1px solid var(--line); border-radius: calc(var(--corner) * 1.5); background: light-dark(#ffffff, #15181c); padding: clamp(0.75rem, 3vw, 1.5rem); overflow: auto; }
      .why { padding-block: 0.4rem 0.6rem; }
      .why summary { cursor: pointer; font-weight: 600; }
      .why ul ul { padding-inline-start: 1.5rem; color: var(--quiet); font-size: 0.9rem; }
      .why li { padding-block: 0.15rem; }
      .why .fails { color: var(--danger); }
      .dark { color-scheme: dark; }
      .sheet { position: relative; min-block-size: 6rem; }
      .phone { max-inline-size: 22rem; margin-inline: auto; border-width: 2px; border-color: var(--control-line); border-radius: 1.25rem; }
    `,
  ]
  static override readonly properties = {
    definition: { attribute: false },
    agency: {},
    selected: {},
    language: { state: true },
    openState: { state: true },
    phone: { state: true },
    dark: { state: true },
    paused: { state: true },
    explains: { type: Boolean },
    answers: { attribute: false },
    why: { state: true },
    edits: { type: Boolean },
    fills: { state: true },
    lines: { attribute: false },
    chosen: { attribute: false },
    marks: { attribute: false },
    settings: { attribute: false },
    blocks: { attribute: false },
  }
  declare definition: Definition
  declare agency: string
  /** The selected part: the preview goes to its page. `#check`: to where all answers stand. */
  declare selected: string
  declare protected language: string
  /** As people read it before the service opens, while it is open, or after. */
  declare protected openState: OpenState
  declare protected phone: boolean
  /** As readers see it who prefer dark pages. */
  declare protected dark: boolean
  /** The draft cannot be run: the last one that could is shown. */
  declare protected paused: boolean
  /** Whether it is said why the selected part is shown. */
  declare explains: boolean
  declare protected why: Why | null
  /** Shown in place of what was typed; undefined: what was typed stays. */
  declare answers: Answers | undefined

  /** Whether it can be edited where it stands; then with the five below. */
  declare edits: boolean
  /** It is filled in just now, and not edited. */
  declare protected fills: boolean
  declare lines: readonly OutlineLine[]
  declare chosen: readonly string[]
  declare marks: ReadonlyMap<string, { errors: number; warnings: number }>
  declare settings: SettingsSchemas
  declare blocks: ReadonlyMap<string, KeptLine>

  /** To be filled in, and to be edited: each keeps what it shows. */
  readonly #trial = new Shown()
  readonly #sheet = new Shown()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDrawing = false
  #isWanted = false
  #filled: Answers | undefined

  constructor() {
    super()
    this.language = ''
    this.openState = 'open'
    this.phone = this.dark = this.paused = this.explains = this.edits = this.fills = false
    this.why = null
    this.lines = this.chosen = []
    this.marks = new Map()
    this.settings = {}
    this.blocks = new Map()
    // What is drawn under the canvas can only be looked at.
    this.#sheet.service.inert = true
    this.#sheet.service.addEventListener('guichet-page', () => this.#follow())
    // The runtime takes what was typed on the same events.
    for (const name of ['input', 'change', 'click']) this.#trial.service.addEventListener(name, () => setTimeout(() => this.#explain()))
    new Localized(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!this.definition.languages.includes(this.language)) this.language = this.definition.languages[0]
    if (!openStates(this.definition).includes(this.openState)) this.openState = 'open'
    const isAnother = (['definition', 'selected', 'answers', 'language', 'openState', 'fills', 'edits'] as const).some((name) =>
      (changed as Map<PropertyKey, unknown>).has(name),
    )
    if (!isAnother) return
    clearTimeout(this.#timer)
    if (this.hasUpdated) this.#timer = setTimeout(() => void this.#drawNext(), pause)
  }

  protected override firstUpdated() {
    // At once: what stands around it is then laid out and painted with it, and not once before.
    void this.#drawNext()
  }

  get #isCanvas(): boolean {
    return this.edits && !this.fills
  }

  /** To the parts on the canvas. */
  focusCanvas() {
    this.renderRoot.querySelector('builder-canvas')?.focus()
  }

  /** Step of the runtime that shows the selected part. */
  #step(): string {
    if (this.selected === '#check') return '#check'
    const [, index] = /^\/pages\/(\d+)/.exec(this.selected) ?? []
    const page = index === undefined ? undefined : this.definition.pages[Number(index)]
    return page?.id ?? (this.selected.startsWith('/documents') ? '#documents' : '#start')
  }

  /** One at a time: two at once would each take the runtime somewhere else. What is wanted meanwhile is drawn after it. */
  async #drawNext() {
    this.#isWanted = true
    if (this.#isDrawing) return
    this.#isDrawing = true
    try {
      while (this.#isWanted) {
        this.#isWanted = false
        await this.#draw()
      }
    } finally {
      this.#isDrawing = false
    }
    this.#explain()
  }

  async #draw() {
    const { definition, language, openState } = this
    const shown = this.#isCanvas ? this.#sheet : this.#trial
    const { service } = shown
    const isAlike = shown.language === language && shown.openState === openState
    const isSamePlace = this.#step() === shown.step && isAlike
    if (shown.definition === definition && (isSamePlace || (isAlike && !shown.isBehind))) this.paused = false
    else if (this.#isCanvas && isSamePlace && (await this.#redraw(definition, language))) this.paused = false
    else {
      const drawn = this.#isCanvas ? asOnCanvas(definition) : definition
      try {
        compile(definition, fieldTypes)
      } catch {
        this.paused = true
        return
      }
      this.paused = false
      const view = await previewView(drawn, this.agency, language, openState)
      if (definition !== this.definition) return
      const before = service.visit?.step()
      const first = before === undefined ? firstShown(service) : null
      service.lang = language
      // It opens there, instead of drawing its own first step before.
      if (first) service.show((shown.step = this.#step()))
      service.setAttribute('types', outsideModules())
      service.view = view
      await first
      // A page on which nothing is asked is none that it opens at.
      if (first && service.visit?.step() !== shown.step) shown.step = null
      // The runtime takes a view over a few turns (it loads types on first use); a step of the new one exists only then.
      for (let turn = 0; service.view !== view; turn++) {
        if (turn === turns || definition !== this.definition) return
        await new Promise((resolve) => setTimeout(resolve, 16))
      }
      // A page on which nothing was asked for a moment has sent the runtime back to the start.
      await new Promise((resolve) => (first ? requestAnimationFrame(() => setTimeout(resolve)) : setTimeout(resolve)))
      if (before === this.#step() && service.visit?.step() !== before) shown.step = null
      shown.definition = definition
      shown.language = language
      shown.openState = openState
      shown.isBehind = false
    }
    if (shown === this.#trial && this.answers !== undefined && this.answers !== this.#filled) {
      this.#filled = this.answers
      const { visit } = service
      await visit?.resume({ ...visit, session: { inputs: this.answers, documents: {}, atDesk: [] } }, language)
      shown.step = null
    }
    const step = this.#step()
    if (step === shown.step) return this.#follow()
    shown.step = step
    service.show(step)
  }

  /** Draws on the canvas what an edit has changed of the page that is shown. False: that is not enough. */
  async #redraw(definition: Definition, language: string): Promise<boolean> {
    const view = await previewView(asOnCanvas(definition), this.agency, language, this.openState)
    if (!redrawPage(this.#sheet.service, view)) return false
    this.#sheet.definition = definition
    this.#sheet.isBehind = true
    return true
  }

  /** Lays the canvas over what the runtime has drawn. */
  readonly #follow = () => {
    const { service, definition } = this.#sheet
    if (definition && service.shadowRoot)
      this.renderRoot.querySelector('builder-canvas')?.follow(service.shadowRoot, definition, () => service.visit?.step() ?? '')
  }

  #explain() {
    const kind = kindOf(this.selected)
    if (!this.explains || !this.isConnected) return
    try {
      this.why = kind
        ? whyShown(this.definition, fieldTypes, this.#trial.service.visit?.session.inputs ?? {}, todayIn(this.definition.locale.timeZone), this.selected)
        : null
    } catch {
      // An unfinished draft: the preview says so.
      this.why = null
    }
  }

  #whyShown() {
    const { why, definition, selected } = this
    if (!this.explains || !why || !partAt(definition, selected)) return nothing
    const state = why.reasons.length === 0 && !why.noRows ? 'always' : why.shown ? 'shown' : 'notShown'
    return html`<details class="why" data-why=${state}>
      <summary>${say('why.title', { name: nameAt(definition, selected) })}</summary>
      <p role="status">${say(`why.${state}`)}${why.noRows ? html` ${say('why.noRows')}` : nothing}</p>
      <ul>${why.reasons.map(({ pointer, row, expression, holds, values }) => {
        const reader = readerAt(definition, pointer)
        const of = [
          ...(pointer === selected ? [] : [say('why.of', { name: nameAt(definition, pointer) })]),
          ...(row === null ? [] : [say('why.row', { number: row + 1 })]),
        ]
        return html`<li class=${holds === true ? 'holds' : 'fails'} dir="auto">
          ${say(holds === true ? 'why.holds' : holds === false ? 'why.fails' : 'why.unknown', { what: reader.condition(expression) })}${of.length > 0 ? html` (${of.join(', ')})` : nothing}
          <ul>${values.map(({ name, value }) => html`<li>${say('why.value', { name: reader.labelOf(name), value: reader.value(name, value) })}</li>`)}</ul>
        </li>`
      })}</ul>
    </details>`
  }

  protected override render() {
    const { languages } = this.definition
    const states = openStates(this.definition)
    return html`
      <div class="bar row spread">
        <h2 id="title">${say('preview.title')}</h2>
        <div class="row small">
          ${
            languages.length > 1
              ? html`<label for="language">${say('preview.language')}</label><select id="language" @change=${(event: Event) => (this.language = (event.target as HTMLSelectElement).value)}>
                ${languages.map((tag) => html`<option value=${tag} .selected=${tag === this.language}>${languageName(tag)}</option>`)}</select>`
              : nothing
          }
          ${
            states.length > 1 && this.#step() === '#start'
              ? html`<label for="open-state">${say('preview.when')}</label><select id="open-state" @change=${(event: Event) => (this.openState = (event.target as HTMLSelectElement).value as OpenState)}>
                ${states.map((state) => html`<option value=${state} .selected=${state === this.openState}>${say(`preview.when.${state}`)}</option>`)}</select>`
              : nothing
          }
          ${this.edits ? html`<button type="button" data-fill aria-pressed=${this.fills} @click=${() => (this.fills = !this.fills)}>${say('canvas.fill')}</button>` : nothing}
          <button type="button" aria-pressed=${this.phone} @click=${() => (this.phone = !this.phone)}>${say('preview.phone')}</button>
          <button type="button" aria-pressed=${this.dark} @click=${() => (this.dark = !this.dark)}>${say('preview.dark')}</button>
        </div>
      </div>
      <p class="help">${say(this.#isCanvas ? 'canvas.note' : 'preview.note')}</p>
      ${this.paused ? html`<p class="note careful" role="status">${say('preview.paused')}</p>` : nothing}
      ${this.#whyShown()}
      <div class="frame ${this.phone ? 'phone' : ''} ${this.dark ? 'dark' : ''}"><div class="sheet">${(this.#isCanvas ? this.#sheet : this.#trial).service}${
        this.#isCanvas
          ? html`<builder-canvas .definition=${this.definition} .lines=${this.lines} .selected=${this.selected} .chosen=${this.chosen} .marks=${this.marks} .settings=${this.settings} .blocks=${this.blocks} .contentLanguage=${this.language}></builder-canvas>`
          : nothing
      }</div></div>
    `
  }
}
customElements.define('builder-preview', PreviewPane)

declare global {
  interface HTMLElementTagNameMap {
    'builder-preview': PreviewPane
  }
}
