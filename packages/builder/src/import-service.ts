/**
 * Takes a service from a file: what is in it and what is wrong with it first, then as a new one or, if the author says
 * so, in the place of a draft. Fires `builder-imported` with the id.
 */
import { pickText } from '@guichet/core'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { type Api, ApiError, Unreachable } from './api.ts'
import { type BaseLink, baseContent, baseOf, withBase } from './editor/base.ts'
import { slugFrom } from './editor/ids.ts'
import type { Finding } from './findings.ts'
import { sentenceOf } from './findings.ts'
import { learnTypes } from './known-types.ts'
import { Localized, language, say } from './language.ts'
import { languageName } from './names.ts'
import { type ReadService, readServiceFile, ServiceFileError } from './service-file.ts'

export class ImportedEvent extends Event {
  static readonly type = 'builder-imported'
  readonly service: string
  constructor(service: string) {
    super(ImportedEvent.type, { bubbles: true, composed: true })
    this.service = service
  }
}

/** More findings than this are counted. */
const listed = 20

export class ImportService extends LitElement {
  static override readonly styles = [
    shared,
    css`
      ul { padding-inline-start: 1.2rem; list-style: disc; }
    `,
  ]
  static override readonly properties = {
    file: { attribute: false },
    taken: { attribute: false },
    service: { state: true },
    fault: { state: true },
    broken: { state: true },
    busy: { state: true },
  }
  /** The file that was chosen. */
  declare file: File | null
  declare api: Api
  /** Ids of the agency's services. */
  declare taken: ReadonlySet<string>
  declare protected service: ReadService | null
  declare protected fault: string | null
  declare protected broken: readonly Finding[]
  declare protected busy: boolean

  constructor() {
    super()
    this.file = this.service = this.fault = null
    this.taken = new Set()
    this.broken = []
    this.busy = false
    new Localized(this)
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>) {
    if (changed.has('file') && this.file) void this.#read(this.file)
  }

  async #read(file: File) {
    this.service = this.fault = null
    this.broken = []
    try {
      await learnTypes()
      this.service = readServiceFile(await file.text())
    } catch (error) {
      if (!(error instanceof ServiceFileError)) throw error
      this.fault = say(`exchange.wrong.${error.code}`)
      this.broken = error.findings
    }
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('h3, [role=alert]')?.focus()
  }

  /** As a service of our own that was made from the one in the file. */
  async #takeAsBase(read: ReadService, id: string) {
    const content = baseContent(read.definition)
    const link = (digest: string) => ({ from: `file:${read.definition.id}`, version: 0, content: digest })
    await this.#take({ ...read, base: content }, id, false, link)
  }

  async #take({ definition, policy, base }: ReadService, id: string, replaces: boolean, link?: (digest: string) => BaseLink) {
    this.busy = true
    this.fault = null
    try {
      // Kept first: a link in a draft always leads somewhere.
      const kept = base ? await this.api.keep('base', { title: base.definition.title, content: base }) : null
      const before = baseOf(definition)
      const next = kept && (link ? link(kept.id) : before && { ...before, content: kept.id })
      const own = withBase({ ...definition, id }, next)
      const { revision } = replaces ? await this.api.open(id) : await this.api.create(own)
      if (replaces || policy !== null) await this.api.save(id, revision, { definition: own, policy })
      this.dispatchEvent(new ImportedEvent(id))
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError) this.fault = say('failed', { detail: error.message })
      else throw error
    } finally {
      this.busy = false
    }
  }

  #findings(findings: readonly Finding[]) {
    if (findings.length === 0) return nothing
    return html`<details><summary>${say('exchange.findings', { count: findings.length })}</summary>
      <ul>${findings.slice(0, listed).map((finding) => html`<li>${say(`findings.${finding.severity}`)}: ${sentenceOf(finding)} <code dir="ltr">${finding.pointer}</code></li>`)}</ul></details>`
  }

  protected override render() {
    const { service } = this
    const fault = this.fault ? html`<p class="note bad" role="alert" tabindex="-1">${this.fault}</p>` : nothing
    if (!service) return html`<div class="stack">${fault}${this.#findings(this.broken)}</div>`
    const { id, title, languages } = service.definition
    const isTaken = this.taken.has(id)
    const fresh = slugFrom(id, this.taken)
    const names = new Intl.ListFormat(language()).format(languages.map(languageName))
    return html`<div class="stack">
      <h3 tabindex="-1">${say('exchange.found', { title: pickText(title, languages).text, id, languages: names })}</h3>
      ${service.upgraded ? html`<p>${say('exchange.upgraded')}</p>` : nothing}
      ${this.#findings(service.findings)}
      ${isTaken ? html`<p class="note careful">${say('exchange.taken', { id })}</p>` : nothing}
      ${fault}
      <div class="row">
        <button type="button" class="primary" ?disabled=${this.busy} @click=${() => void this.#take(service, fresh, false)}>${say('exchange.asNew', { id: fresh })}</button>
        <button type="button" data-as-base ?disabled=${this.busy} @click=${() => void this.#takeAsBase(service, fresh)}>${say('base.take', { id: fresh })}</button>
        ${isTaken ? html`<button type="button" class="danger" ?disabled=${this.busy} @click=${() => void this.#take(service, id, true)}>${say('exchange.replace', { id })}</button>` : nothing}
      </div>
    </div>`
  }
}
customElements.define('builder-import', ImportService)

declare global {
  interface HTMLElementTagNameMap {
    'builder-import': ImportService
  }
  interface HTMLElementEventMap {
    'builder-imported': ImportedEvent
  }
}
