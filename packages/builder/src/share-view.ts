/** The service outside the builder: tags for pages, a look at the page, the hosted address, and the service as a file. */
import { css, html, LitElement, nothing } from 'lit'
import './embed-picker.ts'
import './page-check.ts'
import { saveFile } from '@guichet/staff/save-file'
import { shared } from '@guichet/staff/styles'
import type { Api } from './api.ts'
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
  static override readonly properties = { draft: { attribute: false }, agency: {}, published: { type: Boolean } }
  declare draft: Draft
  /** Id of the agency. */
  declare agency: string
  declare api: Api
  declare published: boolean

  constructor() {
    super()
    this.published = false
    new Localized(this)
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
        <div><button type="button" @click=${() => saveFile(`${id}.service.json`, 'application/json', toServiceFile(this.draft))}>${say('exchange.save')}</button></div>
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
