/** Every text of the service side by side in two languages, with files for translators. */
import { directionOf, pickText } from '@guichet/core'
import { saveFile } from '@guichet/staff/save-file'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Definition, Draft } from './editor/edit.ts'
import { definitionSchema, type Schema } from './editor/references.ts'
import { completeness, type ServiceText, textsOf } from './editor/texts.ts'
import { translate } from './editor/translate.ts'
import { EditEvent, SelectEvent } from './events.ts'
import { fieldSchemas } from './known-types.ts'
import { Localized, say } from './language.ts'
import { nameAround } from './logic-list.ts'
import { languageName, settingName } from './names.ts'
import { partOf } from './outline.ts'
import { settled } from './settled.ts'
import type { TranslationRow } from './translation-file.ts'

/** What a definition takes of a text in one language. */
const longestText = (definitionSchema('text').additionalProperties as Schema).maxLength as number
/** More rows than this are drawn when they are asked for. */
const pageSize = 60

interface Brought {
  to: string
  changes: readonly { id: string; before: string; after: string }[]
  /** Sentences about what is not taken. */
  left: readonly string[]
}

export class TranslationView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; }
      .bar { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; }
      .bar select, .bar input[type='search'] { inline-size: auto; }
      table { border-collapse: collapse; inline-size: 100%; table-layout: fixed; }
      th, td { border: 1px solid var(--line); padding: 0.35rem 0.5rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
      th { background: var(--raised); }
      th:first-child, td:first-child { inline-size: 22%; }
      td.source { white-space: pre-wrap; }
      td textarea { min-block-size: 2rem; }
      td.empty { background: var(--warning-ground); }
      .changes { max-block-size: 40vh; overflow: auto; overflow-wrap: anywhere; }
      .changes ins { text-decoration: none; font-weight: 600; }
      td button { text-decoration: underline; padding: 0; min-block-size: 1.5rem; }
      @media (max-width: 44rem) {
        table, tbody, tr, td { display: block; }
        thead { display: none; }
        th:first-child, td:first-child { inline-size: auto; }
        tr { padding-block-end: 0.75rem; }
      }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    from: { state: true },
    to: { state: true },
    missing: { state: true },
    wanted: { state: true },
    shown: { state: true },
    told: { state: true },
    fault: { state: true },
    brought: { state: true },
  }
  declare draft: Draft
  declare protected from: string
  declare protected to: string
  declare protected missing: boolean
  declare protected wanted: string
  declare protected shown: number
  declare protected told: readonly string[]
  declare protected fault: string | null
  /** What a file would change; it waits for a yes. */
  declare protected brought: Brought | null
  /** Texts that were missing when the filter was set: what one fills in stays in sight. */
  #kept = new Set<string>()

  constructor() {
    super()
    this.from = this.to = this.wanted = ''
    this.missing = false
    this.shown = pageSize
    this.told = []
    this.fault = this.brought = null
    new Localized(this)
  }

  protected override willUpdate() {
    const { languages } = this.#definition
    if (!languages.includes(this.from)) this.from = languages[0]
    if (!languages.includes(this.to) || this.to === this.from) this.to = languages.find((tag) => tag !== this.from) ?? ''
  }

  get #definition(): Definition {
    return this.draft.definition
  }

  /** What a translator works from: the chosen language, or whichever there is. */
  #sourceOf(text: ServiceText): { text: string; language: string } {
    return pickText(text.text, [this.from, ...this.#definition.languages.filter((tag) => tag !== this.to)])
  }

  #isMissing(text: ServiceText): boolean {
    return !text.text[this.to]?.trim()
  }

  /** What a text is: a label, a hint, the cell of a table. */
  #kindOf({ property }: ServiceText): string {
    return property === 'cell' ? say('translation.cell') : settingName(property, '', {}).text
  }

  #filter(missing: boolean) {
    this.missing = missing
    this.#kept = new Set(
      textsOf(this.#definition, fieldSchemas)
        .filter((text) => this.#isMissing(text))
        .map(({ id }) => id),
    )
    this.shown = pageSize
  }

  #set(id: string, text: string) {
    this.dispatchEvent(new EditEvent(translate({ language: this.to, texts: [[id, text]], settings: fieldSchemas, part: '@languages' })))
  }

  // ── files

  #rows(): TranslationRow[] {
    return textsOf(this.#definition, fieldSchemas).map((text) => ({
      id: text.id,
      source: this.#sourceOf(text).text,
      target: text.text[this.to] ?? '',
      note: `${this.#kindOf(text)}: ${nameAround(this.#definition, text.pointer)}`,
      longest: longestText,
    }))
  }

  async #save(format: 'csv' | 'xliff') {
    const { toCsv, toXliff } = await import('./translation-file.ts')
    const { id } = this.#definition
    const file = { service: id, from: this.from, to: this.to, rows: this.#rows() }
    const name = `${id}.${this.from}-${this.to}`
    if (format === 'csv') saveFile(`${name}.csv`, 'text/csv', toCsv(file))
    else saveFile(`${name}.xlf`, 'application/xliff+xml', toXliff(file))
  }

  async #bring(input: HTMLInputElement) {
    const [file] = input.files ?? []
    if (!file) return
    const { readTranslation, TranslationFileError } = await import('./translation-file.ts')
    this.fault = this.brought = null
    this.told = []
    try {
      const { service, from, to, rows } = readTranslation(await file.text())
      if (service !== undefined && service !== this.#definition.id) {
        this.fault = say('translation.otherService', { theirs: service, ours: this.#definition.id })
        return
      }
      if (!this.#definition.languages.includes(to) || !this.#definition.languages.includes(from)) {
        this.fault = say('translation.wrong', { detail: say('translation.wrong.language') })
        return
      }
      this.from = from
      this.to = to
      const now = new Map(textsOf(this.#definition, fieldSchemas).map((text) => [text.id, text]))
      const given = rows.filter(({ target }) => target.trim() !== '')
      const unknown = given.filter(({ id }) => !now.has(id))
      const moved = given.filter(({ id, source }) => {
        const text = now.get(id)
        return text !== undefined && this.#sourceOf(text).text !== source
      })
      if (given.length > 0 && unknown.length + moved.length === given.length) {
        this.fault = say('translation.older')
        return
      }
      const long = given.filter(({ target }) => [...target].length > longestText)
      const apart = new Set([...unknown, ...moved, ...long])
      const taken = given.filter((row) => !apart.has(row) && now.get(row.id)?.text[to] !== row.target)
      this.brought = {
        to,
        changes: taken.map(({ id, target }) => ({ id, before: now.get(id)?.text[to] ?? '', after: target })),
        left: [
          ...(unknown.length > 0 ? [say('translation.unknown', { count: unknown.length })] : []),
          ...(moved.length > 0 ? [say('translation.moved', { count: moved.length })] : []),
          ...(long.length > 0 ? [say('translation.long', { count: long.length, limit: longestText })] : []),
        ],
      }
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('#brought')?.focus()
    } catch (error) {
      if (!(error instanceof TranslationFileError)) throw error
      this.fault = say('translation.wrong', { detail: `${say(`translation.wrong.${error.code}`)} ${error.message}`.trim() })
    } finally {
      input.value = ''
    }
  }

  /** Takes what was looked at. */
  #take({ to, changes, left }: Brought) {
    const texts = changes.map(({ id, after }) => [id, after] as const)
    if (texts.length > 0) this.dispatchEvent(new EditEvent(translate({ language: to, texts, settings: fieldSchemas, part: '@languages' })))
    this.told = [say('translation.took', { count: texts.length }), ...left]
    this.brought = null
  }

  /** What a file would change, before it does. */
  #changes(brought: Brought): TemplateResult {
    const { to, changes, left } = brought
    const shown = changes.slice(0, pageSize)
    return html`<section class="stack" aria-labelledby="brought">
      <h4 id="brought" tabindex="-1">${say('translation.changes', { count: changes.length })}</h4>
      ${left.map((sentence) => html`<p class="note careful">${sentence}</p>`)}
      <ul class="changes">${shown.map(
        ({ before, after }) => html`<li lang=${to} dir=${directionOf(to)}>${before === '' ? nothing : html`<del>${before}</del> `}<ins>${after}</ins></li>`,
      )}</ul>
      ${changes.length > shown.length ? html`<p class="help">${say('translation.next', { count: changes.length - shown.length })}</p>` : nothing}
      <div class="row">
        ${changes.length > 0 ? html`<button type="button" class="primary" @click=${() => this.#take(brought)}>${say('translation.take')}</button>` : nothing}
        <button type="button" @click=${() => (this.brought = null)}>${say(changes.length > 0 ? 'cancel' : 'close')}</button>
      </div>
    </section>`
  }

  #files(): TemplateResult {
    return html`<section class="card stack" aria-labelledby="files">
      <h3 id="files">${say('translation.files')}</h3>
      <div class="row">
        <button type="button" @click=${() => void this.#save('csv')}>${say('translation.csv')}</button>
        <button type="button" @click=${() => void this.#save('xliff')}>${say('translation.xliff')}</button>
      </div>
      <div class="field"><label for="file">${say('translation.bring')}</label>
        <input type="file" id="file" accept=".csv,.xlf,.xliff,text/csv,application/xliff+xml" aria-describedby="file-help" @change=${(event: Event) => void this.#bring(event.target as HTMLInputElement)}>
        <p class="help" id="file-help">${say('translation.bringHelp')}</p></div>
      ${this.brought ? this.#changes(this.brought) : nothing}
      <div role="status" data-told>${this.told.map((sentence) => html`<p>${sentence}</p>`)}</div>
      ${this.fault ? html`<p class="wrong" role="alert">${this.fault}</p>` : nothing}
    </section>`
  }

  // ── the table

  #choice(id: 'from' | 'to', other: string): TemplateResult {
    return html`<div class="field"><label for=${id}>${say(`translation.${id}`)}</label>
      <select id=${id} @change=${(event: Event) => {
        this[id] = (event.target as HTMLSelectElement).value
        this.#filter(this.missing)
      }}>${this.#definition.languages
        .filter((tag) => tag !== other)
        .map((tag) => html`<option value=${tag} .selected=${tag === this[id]}>${languageName(tag)}</option>`)}</select></div>`
  }

  #row(text: ServiceText, i: number): TemplateResult {
    const source = this.#sourceOf(text)
    const name = nameAround(this.#definition, text.pointer)
    return html`<tr data-text=${text.id}>
      <td><span id="kind-${i}">${this.#kindOf(text)}</span><br><button type="button" class="plain small" aria-label=${say('translation.goTo', { name })} @click=${() => this.dispatchEvent(new SelectEvent(partOf(text.pointer), true))}>${name}</button></td>
      <td class="source" id="source-${i}" lang=${source.language} dir=${directionOf(source.language)}>${source.text}</td>
      <td class=${this.#isMissing(text) ? 'empty' : ''}><textarea rows="1" lang=${this.to} dir=${directionOf(this.to)} aria-labelledby="kind-${i} source-${i}" aria-describedby="to-title"
        .value=${settled(text.text[this.to] ?? '')} @change=${(event: Event) => this.#set(text.id, (event.target as HTMLTextAreaElement).value)}></textarea></td>
    </tr>`
  }

  protected override render() {
    const { languages } = this.#definition
    const texts = textsOf(this.#definition, fieldSchemas)
    if (languages.length < 2) {
      return html`<h2 tabindex="-1">${say('view.translation')}</h2><p>${say('translation.one')}</p>
        <div><button type="button" @click=${() => this.dispatchEvent(new SelectEvent('@languages', true))}>${say('translation.toLanguages')}</button></div>`
    }
    const wanted = this.wanted.trim().toLocaleLowerCase()
    const found = texts.filter(
      (text) =>
        (!this.missing || this.#kept.has(text.id) || this.#isMissing(text)) &&
        (wanted === '' || `${nameAround(this.#definition, text.pointer)} ${Object.values(text.text).join(' ')}`.toLocaleLowerCase().includes(wanted)),
    )
    return html`
      <h2 tabindex="-1">${say('view.translation')}</h2>
      <p>${say('translation.text')}</p>
      <p class="help" data-counts>${completeness(texts, languages)
        .map(({ language, done, total }) => say('translation.count', { language: languageName(language), done, total }))
        .join(' · ')}</p>
      <div class="bar">
        ${this.#choice('from', '')}${this.#choice('to', this.from)}
        <div class="field"><label for="wanted">${say('translation.search')}</label>
          <input id="wanted" type="search" autocomplete="off" .value=${this.wanted} @input=${(event: Event) => {
            this.wanted = (event.target as HTMLInputElement).value
            this.shown = pageSize
          }}></div>
        <div class="tick"><input type="checkbox" id="missing" .checked=${this.missing} @change=${(event: Event) => this.#filter((event.target as HTMLInputElement).checked)}>
          <label for="missing">${say('translation.missing')}</label></div>
      </div>
      <p class="help" role="status">${found.length === 0 ? say('translation.none') : say('translation.shown', { count: Math.min(found.length, this.shown) })}</p>
      ${
        found.length === 0
          ? nothing
          : html`<table aria-label=${say('view.translation')}>
        <thead><tr><th scope="col">${say('translation.where')}</th><th scope="col">${languageName(this.from)}</th><th scope="col" id="to-title">${languageName(this.to)}</th></tr></thead>
        <tbody>${found.slice(0, this.shown).map((text, i) => this.#row(text, i))}</tbody>
      </table>`
      }
      ${
        found.length > this.shown
          ? html`<div><button type="button" id="more" @click=${async () => {
              const first = this.shown
              this.shown += pageSize
              await this.updateComplete
              this.renderRoot.querySelectorAll('textarea')[first]?.focus()
            }}>${say('translation.next', { count: Math.min(pageSize, found.length - this.shown) })}</button></div>`
          : nothing
      }
      ${this.#files()}
    `
  }
}
customElements.define('builder-translation', TranslationView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-translation': TranslationView
  }
}
