/**
 * Where a service comes from: the base that it was made from, whether that has a newer version, and the update, which is a
 * merge that the author decides. Fires `builder-based` with the draft that came of it.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { type Api, ApiError, Unreachable } from './api.ts'
import { asOwn, type BaseContent, type BaseLink, baseContent, baseOf, withBase } from './editor/base.ts'
import type { Draft } from './editor/edit.ts'
import { Localized, say } from './language.ts'
import './merge-panel.ts'
import type { MergedEvent } from './merge-panel.ts'
import { readServiceFile, ServiceFileError } from './service-file.ts'

export class BasedEvent extends Event {
  static readonly type = 'builder-based'
  readonly draft: Draft
  /** `updated` from the base, or `unlinked` from it. */
  readonly how: 'updated' | 'unlinked'
  constructor(draft: Draft, how: 'updated' | 'unlinked') {
    super(BasedEvent.type, { bubbles: true, composed: true })
    this.draft = draft
    this.how = how
  }
}

/** What the base is now, against what this service was made from. */
interface Offer {
  before: BaseContent
  after: BaseContent
  version: number
}

export class BaseView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; max-inline-size: 50rem; grid-template-columns: minmax(0, 1fr); }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    newest: { state: true },
    offer: { state: true },
    fault: { state: true },
    told: { state: true },
  }
  declare draft: Draft
  declare api: Api
  /** The base's newest published version; null while it is not known, or where it has none. */
  declare protected newest: number | null
  declare protected offer: Offer | null
  declare protected fault: string | null
  declare protected told: string

  #asked = ''

  constructor() {
    super()
    this.newest = this.offer = this.fault = null
    this.told = ''
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    const link = baseOf(this.draft.definition)
    const asked = link ? `${link.from} ${link.version}` : ''
    if (!changed.has('draft') || asked === this.#asked) return
    this.#asked = asked
    this.offer = this.newest = null
    if (link?.from.startsWith('service:')) void this.#look(link)
  }

  async #try(work: () => Promise<void>) {
    this.fault = null
    try {
      await work()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ServiceFileError) this.fault = say(`exchange.wrong.${error.code}`)
      else if (error instanceof ApiError) this.fault = error.status === 404 ? say('base.gone') : say('failed', { detail: error.message })
      else throw error
    }
  }

  async #look({ from }: BaseLink) {
    await this.#try(async () => {
      this.newest = (await this.api.versions(from.slice('service:'.length)))[0]?.version ?? null
    })
  }

  async #compare(link: BaseLink, after: BaseContent, version: number) {
    const { content } = await this.api.kept('base', link.content, 1)
    this.offer = { before: content as unknown as BaseContent, after, version }
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#update')?.focus()
  }

  #open(link: BaseLink, version: number) {
    return this.#try(async () => {
      const { definition } = await this.api.version(link.from.slice('service:'.length), version)
      await this.#compare(link, baseContent(definition), version)
    })
  }

  #choose(link: BaseLink, input: HTMLInputElement) {
    const [file] = input.files ?? []
    if (!file) return
    input.value = ''
    void this.#try(async () => this.#compare(link, baseContent(readServiceFile(await file.text()).definition), 0))
  }

  #merged(link: BaseLink, { after, version }: Offer, { draft }: MergedEvent) {
    return this.#try(async () => {
      const { id } = await this.api.keep('base', { title: after.definition.title, content: after })
      this.offer = null
      this.dispatchEvent(new BasedEvent({ ...draft, definition: withBase(draft.definition, { ...link, version, content: id }) }, 'updated'))
    })
  }

  #from(link: BaseLink) {
    const isService = link.from.startsWith('service:')
    const id = link.from.slice(link.from.indexOf(':') + 1)
    const { newest, offer } = this
    const isNewer = newest !== null && newest > link.version
    return html`
      <section class="card stack" aria-labelledby="from">
        <h3 id="from">${isService ? say('base.fromService', { id, version: link.version }) : say('base.fromFile', { id })}</h3>
        <p>${say('base.text')}</p>
        ${isService && newest !== null ? html`<p class=${isNewer ? 'note careful' : 'note'}>${isNewer ? say('base.newer', { version: newest }) : say('base.newest')}</p>` : nothing}
        ${
          isService
            ? nothing
            : html`<div class="field"><label for="base-file">${say('base.file')}</label><input type="file" id="base-file" accept=".json,application/json"
              @change=${(event: Event) => this.#choose(link, event.target as HTMLInputElement)}></div>`
        }
        <div class="row">
          ${isNewer ? html`<button type="button" class="primary" data-update @click=${() => void this.#open(link, newest)}>${say('base.update', { version: newest })}</button>` : nothing}
          <button type="button" data-unlink @click=${() => this.dispatchEvent(new BasedEvent({ ...this.draft, definition: withBase(this.draft.definition, null) }, 'unlinked'))}>${say('base.unlink')}</button>
        </div>
      </section>
      ${
        offer
          ? html`<section class="card stack" aria-labelledby="update"><h3 id="update" tabindex="-1">${say('base.updating')}</h3>
            <builder-merge .base=${asOwn(offer.before, this.draft)} .ours=${this.draft} .theirs=${asOwn(offer.after, this.draft)}
              @builder-merged=${(event: MergedEvent) => void this.#merged(link, offer, event)}></builder-merge></section>`
          : nothing
      }
    `
  }

  protected override render() {
    const link = baseOf(this.draft.definition)
    return html`
      <h2 tabindex="-1">${say('view.base')}</h2>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${link ? this.#from(link) : html`<p>${say('base.none')}</p>`}
    `
  }
}
customElements.define('builder-base', BaseView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-base': BaseView
  }
  interface HTMLElementEventMap {
    'builder-based': BasedEvent
  }
}
