/** The service as people will see it, drawn by the runtime. It follows what is selected, and keeps what was typed. */
import { compile } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { definePreview, type GuichetService } from '@guichet/runtime'
import type { Answers } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Definition } from './editor/edit.ts'
import { kindOf, partAt } from './editor/part.ts'
import { Localized, say } from './language.ts'
import { languageName } from './names.ts'
import { previewView, todayIn } from './preview-view.ts'
import { nameAt, type Why, whyShown } from './why-shown.ts'
import { readerAt } from './words-of.ts'

definePreview()

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
      .phone { max-inline-size: 22rem; margin-inline: auto; border-width: 2px; border-color: var(--control-line); border-radius: 1.25rem; }
    `,
  ]
  static override readonly properties = {
    definition: { attribute: false },
    agency: {},
    selected: {},
    language: { state: true },
    phone: { state: true },
    dark: { state: true },
    paused: { state: true },
    explains: { type: Boolean },
    answers: { attribute: false },
    why: { state: true },
  }
  declare definition: Definition
  declare agency: string
  /** The selected part: the preview goes to its page. `#check`: to where all answers stand. */
  declare selected: string
  declare protected language: string
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

  readonly #service = document.createElement('guichet-service') as GuichetService
  #timer: ReturnType<typeof setTimeout> | undefined
  #shown: string | null = null
  #filled: Answers | undefined

  constructor() {
    super()
    this.language = ''
    this.phone = this.dark = this.paused = this.explains = false
    this.why = null
    // The runtime takes what was typed on the same events.
    for (const name of ['input', 'change', 'click']) this.#service.addEventListener(name, () => setTimeout(() => this.#explain()))
    new Localized(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!this.definition.languages.includes(this.language)) this.language = this.definition.languages[0]
    if (changed.has('definition') || changed.has('selected') || changed.has('answers') || (changed as Map<PropertyKey, unknown>).has('language')) {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => void this.#draw().then(() => this.#explain()), this.hasUpdated ? pause : 0)
    }
  }

  /** Step of the runtime that shows the selected part. */
  #step(): string {
    if (this.selected === '#check') return '#check'
    const [, index] = /^\/pages\/(\d+)/.exec(this.selected) ?? []
    const page = index === undefined ? undefined : this.definition.pages[Number(index)]
    return page?.id ?? (this.selected.startsWith('/documents') ? '#documents' : '#start')
  }

  async #draw() {
    const { definition } = this
    try {
      compile(definition, fieldTypes)
    } catch {
      this.paused = true
      return
    }
    this.paused = false
    const view = await previewView(definition, this.agency, this.language)
    if (definition !== this.definition) return
    const before = this.#service.visit?.step()
    this.#service.lang = this.language
    this.#service.view = view
    // The runtime takes a view over a few turns (it loads types on first use); a step of the new one exists only then.
    for (let turn = 0; this.#service.view !== view; turn++) {
      if (turn === turns || definition !== this.definition) return
      await new Promise((resolve) => setTimeout(resolve, 16))
    }
    if (this.answers !== undefined && this.answers !== this.#filled) {
      this.#filled = this.answers
      const { visit } = this.#service
      await visit?.resume({ ...visit, session: { inputs: this.answers, documents: {}, atDesk: [] } }, this.language)
      this.#shown = null
    }
    const step = this.#step()
    // A page on which nothing was asked for a moment has sent the runtime back to the start.
    await new Promise((resolve) => setTimeout(resolve))
    const fellBack = before === step && this.#service.visit?.step() !== step
    if (step === this.#shown && !fellBack) return
    this.#shown = step
    this.#service.show(step)
  }

  #explain() {
    const kind = kindOf(this.selected)
    if (!this.explains || !this.isConnected) return
    try {
      this.why = kind
        ? whyShown(this.definition, fieldTypes, this.#service.visit?.session.inputs ?? {}, todayIn(this.definition.locale.timeZone), this.selected)
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
          <button type="button" aria-pressed=${this.phone} @click=${() => (this.phone = !this.phone)}>${say('preview.phone')}</button>
          <button type="button" aria-pressed=${this.dark} @click=${() => (this.dark = !this.dark)}>${say('preview.dark')}</button>
        </div>
      </div>
      <p class="help">${say('preview.note')}</p>
      ${this.paused ? html`<p class="note careful" role="status">${say('preview.paused')}</p>` : nothing}
      ${this.#whyShown()}
      <div class="frame ${this.phone ? 'phone' : ''} ${this.dark ? 'dark' : ''}">${this.#service}</div>
    `
  }
}
customElements.define('builder-preview', PreviewPane)

declare global {
  interface HTMLElementTagNameMap {
    'builder-preview': PreviewPane
  }
}
