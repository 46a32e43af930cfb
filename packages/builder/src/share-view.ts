/** The service outside the builder: tags for pages, a look at the page, the hosted address, and the service as a file. */
import { css, html, LitElement, nothing } from 'lit'
import { type Api, ApiError, Unreachable } from './api.ts'
import './embed-picker.ts'
import './page-check.ts'
import { saveFile } from '@guichet/staff/save-file'
import { shared } from '@guichet/staff/styles'
import { type BaseContent, baseContent, baseOf } from './editor/base.ts'
import type { Draft } from './editor/edit.ts'
import { embedTag } from './embed-tags.ts'
import { Localized, say } from './language.ts'
import { toServiceFile } from './to-service-file.ts'

export class ShareView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; max-inline-size: 50rem; }
      a { overflow-wrap: anywhere; }
    `,
  ]
  static override readonly properties = { draft: { attribute: false }, agency: {}, published: { type: Boolean }, fault: { state: true }, told: { state: true } }
  declare draft: Draft
  /** Id of the agency. */
  declare agency: string
  declare api: Api
  declare published: boolean
  declare protected fault: string | null
  declare protected told: string

  constructor() {
    super()
    this.published = false
    this.fault = null
    this.told = ''
    new Localized(this)
  }

  async #try(work: () => Promise<void>) {
    this.fault = null
    this.told = ''
    try {
      await work()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError) this.fault = say('failed', { detail: error.message })
      else throw error
    }
  }

  /** With the base that it was made from, so that it can be updated wherever the file goes. */
  #save() {
    return this.#try(async () => {
      const { definition } = this.draft
      const link = baseOf(definition)
      const base = link ? ((await this.api.kept('base', link.content, 1)).content as BaseContent) : null
      saveFile(`${definition.id}.service.json`, 'application/json', toServiceFile(this.draft, base))
    })
  }

  /** What others begin with has nothing of this draft's own past. */
  #keep() {
    return this.#try(async () => {
      const { definition, policy } = this.draft
      const before = (await this.api.library('template')).find(({ id }) => id === definition.id)
      const content = { ...baseContent(definition), policy }
      const { version } = await this.api.keep('template', { id: definition.id, after: before?.version ?? 0, title: definition.title, content })
      this.told = say('template.kept', { version })
    })
  }

  protected override render() {
    const { id } = this.draft.definition
    const { hosted } = embedTag(new URL(location.href).origin, this.agency, id)
    return html`
      <h2 tabindex="-1">${say('view.share')}</h2>
      <section class="card stack" aria-labelledby="embed">
        <h3 id="embed">${say('embed.title')}</h3>
        ${this.published ? nothing : html`<p class="note careful">${say('embed.unpublished')}</p>`}
        <builder-embed .definition=${this.draft.definition} .agency=${this.agency} .api=${this.api}></builder-embed>
        <p>${say('embed.hosted')}: <a href=${hosted} dir="ltr" target="_blank" rel="noopener">${hosted}</a></p>
        <p class="help">${say('publish.origins')}</p>
      </section>
      <section class="card stack" aria-labelledby="check">
        <h3 id="check">${say('pageCheck.title')}</h3>
        <builder-page-check .service=${id} .api=${this.api}></builder-page-check>
      </section>
      <section class="card stack" aria-labelledby="file">
        <h3 id="file">${say('exchange.title')}</h3>
        <p>${say('exchange.saveText')}</p>
        <div><button type="button" data-save @click=${() => void this.#save()}>${say('exchange.save')}</button></div>
        <p>${say('template.keepText')}</p>
        <div><button type="button" data-keep @click=${() => void this.#keep()}>${say('template.keep')}</button></div>
        <p role="status">${this.told}</p>
        ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      </section>
    `
  }
}
customElements.define('builder-share', ShareView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-share': ShareView
  }
}
