/**
 * Goes to a part by typing some of its name, or adds a question by typing “/” and some of what kind it shall be. A combobox
 * with its list: the arrows choose, Enter does it. Fires `builder-select` or `builder-picked`.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import type { KeptLine } from './api.ts'
import type { SettingsSchemas } from './editor/references.ts'
import { SelectEvent } from './events.ts'
import { Localized, language, type MessageKey, say } from './language.ts'
import { typeName } from './names.ts'
import type { OutlineLine } from './outline.ts'
import { pickable, pickableBlocks } from './pickable.ts'
import { PickedEvent } from './type-picker.ts'

/** Lines shown at once; whoever wants another types more. */
const most = 12

interface Choice {
  name: string
  /** Set where the name is in another language than the page. */
  lang: string | undefined
  /** Where it stands, or what it is for. */
  note: string
  take(): Event
}

const foldedOf = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()

export class JumpDialog extends LitElement {
  static override readonly styles = [
    shared,
    css`
      [role='listbox'] { display: grid; max-block-size: 50vh; overflow: auto; }
      [role='option'] { display: flex; flex-wrap: wrap; gap: 0.1rem 0.75rem; justify-content: space-between; align-items: center; min-block-size: 2rem; padding: 0.25rem 0.5rem; cursor: pointer; border-radius: var(--corner); }
      [role='option'] > * { overflow-wrap: anywhere; min-inline-size: 0; }
      [role='option']:hover { background: var(--raised); }
      [role='option'][aria-selected='true'] { background: var(--chosen); outline: 2px solid var(--focus); outline-offset: -2px; }
      .note-of { color: var(--quiet); font-size: 0.8rem; }
    `,
  ]
  static override readonly properties = {
    lines: { attribute: false },
    settings: { attribute: false },
    blocks: { attribute: false },
    contentLanguage: {},
    typed: { state: true },
    active: { state: true },
    isOpen: { state: true },
  }
  declare lines: readonly OutlineLine[]
  declare settings: SettingsSchemas
  /** What the agency shares, by id. */
  declare blocks: ReadonlyMap<string, KeptLine>
  /** Language of the names. */
  declare contentLanguage: string
  declare protected typed: string
  declare protected active: number
  /** Closed, nothing is looked for. */
  declare protected isOpen: boolean

  constructor() {
    super()
    this.lines = []
    this.settings = {}
    this.blocks = new Map()
    this.contentLanguage = 'en'
    this.typed = ''
    this.active = 0
    this.isOpen = false
    new Localized(this)
  }

  get #dialog() {
    return this.renderRoot.querySelector('dialog')
  }

  /** @param typed What stands in the box at first; '/' to add a question. */
  async open(typed = '') {
    this.typed = typed
    this.active = 0
    this.isOpen = true
    await this.updateComplete
    this.#dialog?.showModal()
  }

  #nameOf(line: OutlineLine): string {
    return line.name ?? say(`part.${line.part.replace(/^[@/]/, '')}` as MessageKey)
  }

  #parts(): Choice[] {
    const names = new Map(this.lines.map((line) => [line.part, this.#nameOf(line)]))
    return this.lines.map((line) => {
      const type = line.type ? typeName(line.type, this.settings[line.type]?.schema).text : ''
      return {
        name: this.#nameOf(line),
        lang: line.name === null ? undefined : this.contentLanguage,
        note: [line.parent === null ? '' : names.get(line.parent), type].filter(Boolean).join(' · '),
        take: () => new SelectEvent(line.part, true),
      }
    })
  }

  #types(): Choice[] {
    return [...pickable(this.settings), ...pickableBlocks(this.blocks)]
      .map(({ type, title, help }) => ({ name: title.text, lang: title.lang, note: help?.text ?? '', type, take: () => new PickedEvent(type, '') }))
      .sort((a, b) => a.name.localeCompare(b.name, language()))
  }

  get #choices(): readonly Choice[] {
    const isType = this.typed.startsWith('/')
    const wanted = foldedOf(isType ? this.typed.slice(1) : this.typed).trim()
    const all = isType ? this.#types() : this.#parts()
    // The schema's own name of a type too: “/date” works in every language.
    const texts = all.map((choice) => ({
      choice,
      name: foldedOf(choice.name),
      all: foldedOf(`${choice.name} ${choice.note} ${(choice as { type?: string }).type ?? ''}`),
    }))
    const first = texts.filter(({ name }) => name.startsWith(wanted))
    const rest = texts.filter((one) => !first.includes(one) && one.all.includes(wanted))
    return [...first, ...rest].map(({ choice }) => choice)
  }

  #take(choice: Choice | undefined) {
    if (!choice) return
    this.#dialog?.close()
    this.dispatchEvent(choice.take())
  }

  readonly #onKey = (event: KeyboardEvent) => {
    const count = Math.min(most, this.#choices.length)
    const { key } = event
    if (key === 'Enter') this.#take(this.#choices[this.active])
    else if (count === 0) return
    else if (key === 'ArrowDown') this.active = (this.active + 1) % count
    else if (key === 'ArrowUp') this.active = (this.active + count - 1) % count
    else return
    event.preventDefault()
    void this.updateComplete.then(() => this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }))
  }

  protected override render() {
    const choices = this.isOpen ? this.#choices : []
    const shown = choices.slice(0, most)
    return html`<dialog aria-labelledby="title" @close=${(event: Event) => (this.isOpen = (event.target as HTMLDialogElement).open)}>
      <div class="stack">
        <div class="row spread"><h2 id="title">${say('jump.title')}</h2>
          <button type="button" class="small" @click=${() => this.#dialog?.close()}>${say('cancel')}</button></div>
        <div class="field">
          <label for="wanted">${say('jump.label')}</label>
          <input id="wanted" autofocus autocomplete="off" spellcheck="false" dir="auto" role="combobox" aria-autocomplete="list" aria-expanded=${shown.length > 0 ? 'true' : 'false'}
            aria-controls="choices" aria-activedescendant=${shown.length > 0 ? `choice-${this.active}` : nothing} aria-describedby="help" .value=${this.typed}
            @input=${(event: Event) => {
              this.typed = (event.target as HTMLInputElement).value
              this.active = 0
            }} @keydown=${this.#onKey}>
          <p class="help" id="help">${say('jump.help')}</p>
        </div>
        <p class="unseen" role="status">${say('jump.count', { count: choices.length })}</p>
        <ul id="choices" role="listbox" aria-label=${say('jump.title')} ?hidden=${shown.length === 0}>${shown.map(
          (choice, i) => html`<li role="option" id="choice-${i}" aria-selected=${i === this.active ? 'true' : 'false'} @click=${() => this.#take(choice)}>
            <span dir="auto" lang=${choice.lang ?? nothing}>${choice.name}</span> <span class="note-of" dir="auto">${choice.note}</span></li>`,
        )}</ul>
      </div>
    </dialog>`
  }
}
customElements.define('builder-jump', JumpDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-jump': JumpDialog
  }
}
