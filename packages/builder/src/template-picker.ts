/**
 * What a new service begins with: an empty page, or a template that is searched for, chosen and looked at. Fires
 * `builder-template` with its content; null: the empty page.
 */
import { pickText } from '@guichet/core'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { type Api, ApiError, Unreachable } from './api.ts'
import type { Definition } from './editor/edit.ts'
import { learnTypes } from './known-types.ts'
import { Localized, language, say } from './language.ts'
import './preview-pane.ts'
import { type TemplateContent, type TemplateLine, templates } from './templates.ts'

export class TemplateEvent extends Event {
  static readonly type = 'builder-template'
  readonly content: TemplateContent | null
  constructor(content: TemplateContent | null) {
    super(TemplateEvent.type, { bubbles: true, composed: true })
    this.content = content
  }
}

/** The preview begins with the first language of a service: here the author's, where the template speaks it. */
function inReadersLanguage(definition: Definition): Definition {
  const [first, ...rest] = [...definition.languages].sort((a, b) => Number(b === language()) - Number(a === language()))
  return first ? { ...definition, languages: [first, ...rest] } : definition
}

export class TemplatePicker extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 0.6rem; grid-template-columns: minmax(0, 1fr); }
      fieldset { display: grid; gap: 0.4rem; grid-template-columns: minmax(0, 1fr); }
      .tick { min-block-size: 1.5rem; }
      .tick span { display: block; }
      builder-preview { max-block-size: 60vh; overflow: auto; border: 1px solid var(--line); border-radius: var(--corner); padding: 0.75rem; }
    `,
  ]
  static override readonly properties = {
    agency: {},
    lines: { state: true },
    wanted: { state: true },
    chosen: { state: true },
    content: { state: true },
    fault: { state: true },
  }
  /** Id of the agency. */
  declare agency: string
  declare api: Api
  declare protected lines: readonly TemplateLine[]
  declare protected wanted: string
  /** Key of a line; '': the empty page. */
  declare protected chosen: string
  declare protected content: TemplateContent | null
  declare protected fault: string | null

  constructor() {
    super()
    this.lines = []
    this.wanted = this.chosen = ''
    this.content = this.fault = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#try(async () => {
      // What is looked at may use any type.
      ;[this.lines] = await Promise.all([templates(this.api), learnTypes()])
    })
  }

  async #try(work: () => Promise<void>) {
    this.fault = null
    try {
      await work()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError) this.fault = say('failed', { detail: error.message })
      else throw error
    }
  }

  #choose(line: TemplateLine | null) {
    this.chosen = line?.key ?? ''
    return this.#try(async () => {
      const content = line ? await line.load() : null
      // Another one was chosen while this one came.
      if (this.chosen !== (line?.key ?? '')) return
      this.content = content
      this.dispatchEvent(new TemplateEvent(content))
    })
  }

  #text(text: Readonly<Record<string, string>>) {
    return pickText(text, [language()])
  }

  #line(line: TemplateLine | null) {
    const key = line?.key ?? ''
    const title = line ? this.#text(line.title) : { text: say('template.empty'), language: language() }
    const summary = line?.isOwn ? say('template.own') : line ? this.#text(line.summary).text : say('template.emptyHelp')
    const id = `template-${key.replaceAll(/[:.]/g, '-')}`
    return html`<div class="tick"><input type="radio" name="template" id=${id} data-template=${key} .checked=${this.chosen === key} aria-describedby="${id}-help" @change=${() => void this.#choose(line)}>
      <div><label for=${id} lang=${title.language}>${title.text}</label><span class="help" id="${id}-help">${summary}</span></div></div>`
  }

  protected override render() {
    const wanted = this.wanted.trim().toLocaleLowerCase()
    const found = this.lines.filter(
      ({ key, title, summary }) => key === this.chosen || `${Object.values(title).join(' ')} ${this.#text(summary).text}`.toLocaleLowerCase().includes(wanted),
    )
    return html`
      <div class="field"><label for="template-search">${say('template.search')}</label>
        <input id="template-search" type="search" autocomplete="off" .value=${this.wanted} @input=${(event: Event) => (this.wanted = (event.target as HTMLInputElement).value)}></div>
      <p class="unseen" role="status">${say('template.count', { count: found.length })}</p>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <fieldset><legend>${say('template.title')}</legend>${this.#line(null)}${found.map((line) => this.#line(line))}</fieldset>
      ${
        this.content
          ? html`<details><summary>${say('template.preview')}</summary>
            <builder-preview .definition=${inReadersLanguage(this.content.definition)} .agency=${this.agency} .selected=${'/pages/0'}></builder-preview></details>`
          : nothing
      }
    `
  }
}
customElements.define('builder-templates', TemplatePicker)

declare global {
  interface HTMLElementTagNameMap {
    'builder-templates': TemplatePicker
  }
  interface HTMLElementEventMap {
    'builder-template': TemplateEvent
  }
}
