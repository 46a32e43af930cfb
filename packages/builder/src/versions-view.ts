/**
 * What was published: every version with its date and digest, to look at as it was, and to bring back as the draft. A
 * version itself is never edited. Fires `builder-revert` with the version.
 */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { type Account, type Api, ApiError, type OpenedVersion, Unreachable, type VersionLine } from './api.ts'
import { changesBetween } from './changes.ts'
import type { Draft } from './editor/edit.ts'
import { Localized, language, say, sayIfKnown } from './language.ts'
import './preview-pane.ts'
import './releases-list.ts'
import { shared } from '@guichet/staff/styles'

/** The draft is to say what this version says. */
export class RevertEvent extends Event {
  static readonly type = 'builder-revert'
  readonly version: OpenedVersion
  constructor(version: OpenedVersion) {
    super(RevertEvent.type, { bubbles: true, composed: true })
    this.version = version
  }
}

export class VersionsView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; max-inline-size: 60rem; }
      .versions li { display: grid; grid-template-columns: 1fr auto; gap: 0.25rem 1rem; align-items: center; padding: 0.75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); margin-block-end: 0.5rem; }
      code { font-size: 0.8rem; overflow-wrap: anywhere; }
      .changes li { padding-block: 0.15rem; overflow-wrap: anywhere; }
      pre { overflow: auto; max-block-size: 40vh; background: var(--raised); border: 1px solid var(--line); padding: 0.75rem; border-radius: var(--corner); font-size: 0.8rem; margin: 0; }
      @media (max-width: 40rem) { .versions li { grid-template-columns: minmax(0, 1fr); } }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    agency: {},
    account: { attribute: false },
    versions: { state: true },
    opened: { state: true },
    fault: { state: true },
  }
  declare draft: Draft
  /** Id of the agency. */
  declare agency: string
  declare account: Account
  declare api: Api
  declare protected versions: readonly VersionLine[] | null
  declare protected opened: OpenedVersion | null
  declare protected fault: string | null

  constructor() {
    super()
    this.versions = this.opened = this.fault = null
    new Localized(this)
  }

  protected override firstUpdated(_: PropertyValues) {
    void this.#load()
  }

  #load() {
    return this.#try(async () => {
      this.versions = await this.api.versions(this.draft.definition.id)
    })
  }

  async #try(act: () => Promise<void>) {
    this.fault = null
    try {
      await act()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError) this.fault = say('failed', { detail: error.message })
      else throw error
    }
  }

  #look(version: number) {
    void this.#try(async () => {
      this.opened = await this.api.version(this.draft.definition.id, version)
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('#opened')?.focus()
    })
  }

  #revert(version: number) {
    void this.#try(async () => {
      this.dispatchEvent(new RevertEvent(await this.api.version(this.draft.definition.id, version)))
    })
  }

  #date(moment: string): string {
    return new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeStyle: 'short' }).format(new Date(moment))
  }

  #opened(opened: OpenedVersion) {
    const changes = changesBetween(opened, this.draft)
    return html`<section class="stack" aria-labelledby="opened">
      <h3 id="opened" tabindex="-1">${say('versions.number', { version: opened.version })}</h3>
      <p class="help">${say('versions.readOnly')}</p>
      <h3>${say('versions.toDraft')}</h3>
      ${
        changes.length === 0
          ? html`<p>${say('versions.same')}</p>`
          : html`<ul class="changes">${changes.map(({ sentence }) => html`<li dir="auto">${sentence}</li>`)}</ul>`
      }
      <builder-preview .definition=${opened.definition} .agency=${this.agency} .selected=${'/pages/0'}></builder-preview>
      <details><summary>${say('versions.source', { version: opened.version })}</summary>
        <pre tabindex="0" dir="ltr" aria-label=${say('versions.source', { version: opened.version })}>${JSON.stringify(opened.definition, null, 2)}</pre></details>
    </section>`
  }

  protected override render() {
    const { versions } = this
    return html`
      <h2 tabindex="-1">${say('view.versions')}</h2>
      <p>${say('versions.text')}</p>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${versions?.length === 0 ? html`<p>${say('versions.none')}</p>` : nothing}
      ${versions === null && !this.fault ? html`<p role="status">${say('loading')}</p>` : nothing}
      <builder-releases .service=${this.draft.definition.id} .account=${this.account} .api=${this.api} @builder-released=${() => void this.#load()}></builder-releases>
      <ul class="versions">${(versions ?? []).map(
        ({ version, publishedAt, digest, acknowledged }, i) => html`<li>
          <span><strong>${say('versions.number', { version })}</strong> · <time datetime=${publishedAt}>${this.#date(publishedAt)}</time>${i === 0 ? html` · ${say('versions.current')}` : nothing}</span>
          <span class="row small">
            <button type="button" data-look=${version} @click=${() => this.#look(version)}>${say('versions.look', { version })}</button>
            <button type="button" data-revert=${version} @click=${() => this.#revert(version)}>${say('versions.revert', { version })}</button>
          </span>
          <span>${say('versions.digest')}: <code dir="ltr">${digest}</code></span>
          ${
            acknowledged?.length
              ? html`<span class="help" data-warnings>${say('versions.acknowledged')}: ${new Intl.ListFormat(language(), { type: 'conjunction' }).format(
                  // A type from outside warns of what only it knows by name.
                  acknowledged.map((code) => sayIfKnown(`warning.${code}`) ?? `\u2068${code}\u2069`),
                )}</span>`
              : nothing
          }
        </li>`,
      )}</ul>
      ${this.opened ? this.#opened(this.opened) : nothing}
    `
  }
}
customElements.define('builder-versions', VersionsView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-versions': VersionsView
  }
  interface HTMLElementEventMap {
    'builder-revert': RevertEvent
  }
}
