/** Publishing: what is wrong first, then the new version and how to put it into a page. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { type Api, ApiError, Unreachable } from './api.ts'
import type { AutoSave } from './auto-save.ts'
import './copy-box.ts'
import type { Definition } from './editor/edit.ts'
import './findings-list.ts'
import type { Finding } from './findings.ts'
import { Localized, say } from './language.ts'
import { shared } from './styles.ts'

/** A version was published. */
export class PublishedEvent extends Event {
  static readonly type = 'builder-published'
  readonly version: number
  constructor(version: number) {
    super(PublishedEvent.type)
    this.version = version
  }
}

export class PublishDialog extends LitElement {
  static override readonly styles = [
    shared,
    css`
      builder-findings { max-block-size: 40vh; overflow: auto; }
    `,
  ]
  static override readonly properties = {
    definition: { attribute: false },
    findings: { attribute: false },
    agency: {},
    version: { state: true },
    busy: { state: true },
    fault: { state: true },
    refused: { state: true },
  }
  declare definition: Definition
  declare findings: readonly Finding[]
  /** Id of the agency. */
  declare agency: string
  /** Set by the editor; they stand for the server. */
  declare api: Api
  declare save: AutoSave
  declare protected version: number | null
  declare protected busy: boolean
  declare protected fault: string | null
  /** What the server found, where it found more than we did. */
  declare protected refused: readonly Finding[] | null

  constructor() {
    super()
    this.findings = []
    this.version = this.fault = this.refused = null
    this.busy = false
    new Localized(this)
  }

  async open() {
    this.version = this.fault = this.refused = null
    this.busy = false
    await this.updateComplete
    this.renderRoot.querySelector('dialog')?.showModal()
  }

  #close() {
    this.renderRoot.querySelector('dialog')?.close()
  }

  async #publish() {
    this.busy = true
    this.fault = this.refused = null
    try {
      await this.save.flush()
      if (this.save.hasUnsaved) {
        this.fault = say('publish.unsaved')
        return
      }
      const { version } = await this.api.publish(this.definition.id, this.save.revision)
      this.version = version
      this.dispatchEvent(new PublishedEvent(version))
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (!(error instanceof ApiError)) throw error
      else if (error.problem.findings) this.refused = error.problem.findings.map((finding) => ({ params: {}, ...finding }))
      else this.fault = error.status === 412 ? say('conflict.title') : say('failed', { detail: error.message })
    } finally {
      this.busy = false
    }
  }

  #done(version: number): TemplateResult {
    const service = `${this.agency}/${this.definition.id}`
    const page = new URL(`/s/${service}`, location.href).href
    const tag = `<script type="module" src="${new URL('/embed.js', location.href).href}" data-service="${service}"></script>`
    return html`
      <h2 id="title" tabindex="-1">${say('publish.done', { version })}</h2>
      <p>${say('publish.embed')}</p>
      <builder-copy-box .label=${say('publish.tag')} .text=${tag}></builder-copy-box>
      <p>${say('publish.hosted')} <a href=${page} target="_blank" rel="noopener">${page}</a></p>
      <p class="help">${say('publish.origins')}</p>
      <div class="row"><button type="button" class="primary" @click=${() => this.#close()}>${say('close')}</button></div>
    `
  }

  #ask(): TemplateResult {
    const findings = this.refused ?? this.findings
    const errors = findings.filter(({ severity }) => severity === 'error').length
    const warnings = findings.length - errors
    return html`
      <h2 id="title" tabindex="-1">${say('publish.title')}</h2>
      <p>${errors > 0 ? say('publish.errors', { count: errors }) : warnings > 0 ? say('publish.warnings', { count: warnings }) : say('publish.clean')}</p>
      ${
        findings.length > 0
          ? html`<builder-findings tabindex="0" role="region" aria-label=${say('findings.title')} .findings=${findings} .definition=${this.definition} @builder-select=${() => this.#close()}></builder-findings>`
          : nothing
      }
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <div class="row">
        <button type="button" class="primary" ?disabled=${errors > 0 || this.busy} @click=${() => void this.#publish()}>${say(this.busy ? 'publish.busy' : 'publish.button')}</button>
        <button type="button" @click=${() => this.#close()}>${say('cancel')}</button>
      </div>
    `
  }

  protected override render() {
    return html`<dialog aria-labelledby="title"><div class="stack">${this.version === null ? this.#ask() : this.#done(this.version)}</div></dialog>`
  }
}
customElements.define('builder-publish', PublishDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-publish': PublishDialog
  }
}
