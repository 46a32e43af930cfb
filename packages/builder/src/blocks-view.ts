/**
 * Blocks that the services of an agency share: those that there are, those that this service has, and where each is used, with
 * what its newest version would change there. Updates are merged; what both sides changed is decided by the author. Fires
 * `builder-block-updated` for the service that is open here; others are saved.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { type Api, ApiError, type KeptLine, Unreachable } from './api.ts'
import { type BlockInService, blockUpdates, type ServiceUpdate } from './block-updates.ts'
import { blockWords } from './block-words.ts'
import { type BlockContent, type BlockUse, blockContent, blockUses, detachBlock } from './editor/block.ts'
import type { Draft } from './editor/edit.ts'
import { nameOf, partAt } from './editor/part.ts'
import { EditEvent, SelectEvent } from './events.ts'
import { Localized, language, say } from './language.ts'
import './merge-panel.ts'
import type { MergedEvent } from './merge-panel.ts'
import { titleOf } from './pickable.ts'
import { PickedEvent } from './type-picker.ts'

/** The open service got a newer version of a block. */
export class BlockUpdatedEvent extends Event {
  static readonly type = 'builder-block-updated'
  readonly draft: Draft
  readonly block: string
  constructor(draft: Draft, block: string) {
    super(BlockUpdatedEvent.type, { bubbles: true, composed: true })
    this.draft = draft
    this.block = block
  }
}

/** What the library has is another. */
export class BlocksChangedEvent extends Event {
  static readonly type = 'builder-blocks-changed'
  constructor() {
    super(BlocksChangedEvent.type, { bubbles: true, composed: true })
  }
}

/** More changes than this are counted. */
const listed = 12

export class BlocksView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; max-inline-size: 55rem; grid-template-columns: minmax(0, 1fr); }
      .list { display: grid; gap: 0.5rem; }
      .list > li { display: grid; gap: 0.4rem; padding: 0.75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); overflow-wrap: anywhere; }
      .changes { list-style: disc; padding-inline-start: 1.2rem; }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    blocks: { attribute: false },
    looked: { state: true },
    description: { state: true },
    services: { state: true },
    chosen: { state: true },
    deciding: { state: true },
    removing: { state: true },
    fault: { state: true },
    told: { state: true },
    busy: { state: true },
  }
  declare draft: Draft
  /** What the agency shares, by id. */
  declare blocks: ReadonlyMap<string, KeptLine>
  declare api: Api
  /** Id of the block that is looked at. */
  declare protected looked: string | null
  declare protected description: string
  /** Those that have it; null while they are being asked for. */
  declare protected services: readonly BlockInService[] | null
  declare protected chosen: ReadonlySet<string>
  /** The service about which is decided. */
  declare protected deciding: string | null
  declare protected removing: string | null
  declare protected fault: string | null
  declare protected told: string
  declare protected busy: boolean

  constructor() {
    super()
    this.blocks = new Map()
    this.looked = this.services = this.deciding = this.removing = this.fault = null
    this.description = this.told = ''
    this.chosen = new Set()
    this.busy = false
    new Localized(this)
  }

  async #try(work: () => Promise<void>) {
    this.fault = null
    this.busy = true
    try {
      await work()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (error instanceof ApiError)
        this.fault = error.status === 412 ? say('blocks.stale') : error.status === 403 ? say('blocks.notAllowed') : say('failed', { detail: error.message })
      else throw error
    } finally {
      this.busy = false
    }
  }

  async #focus(selector: string) {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(selector)?.focus()
  }

  #look(id: string) {
    const line = this.blocks.get(id)
    if (!line) return
    this.looked = id
    this.services = this.deciding = null
    this.chosen = new Set()
    void this.#try(async () => {
      const content = blockContent((await this.api.kept('block', id, line.version)).content) as BlockContent | null
      this.description = content?.description ? titleOf(content.description, '') : ''
      this.services = await blockUpdates(this.api, line, this.draft)
    }).then(() => this.#focus('#where'))
  }

  /** Takes a draft with the newest version: into this editor, or onto the server. */
  async #take(service: string, update: ServiceUpdate, draft: Draft, block: string) {
    if (update.revision === null) this.dispatchEvent(new BlockUpdatedEvent(draft, block))
    else await this.api.save(service, update.revision, draft)
  }

  #updateChosen() {
    const [block, services] = [this.looked, this.services]
    if (block === null || services === null) return
    let count = 0
    void this.#try(async () => {
      for (const { service, update } of services) {
        if (!update || !this.chosen.has(service) || update.conflicts.length > 0) continue
        await this.#take(service, update, update.merged, block)
        count++
      }
    }).then(() => this.#done(count))
  }

  #merged(service: string, update: ServiceUpdate, { draft }: MergedEvent) {
    const block = this.looked
    if (block === null) return
    void this.#try(() => this.#take(service, update, draft, block)).then(() => this.#done(this.fault === null ? 1 : 0))
  }

  /** Says how many were updated, and looks at what there is now. */
  #done(count: number) {
    const { fault, looked } = this
    if (count > 0) this.told = say('blocks.updated', { count })
    // What this service became comes down as its draft first.
    void this.updateComplete.then(() => {
      if (looked !== null) this.#look(looked)
      if (fault !== null) this.fault = fault
    })
  }

  #remove(id: string) {
    void this.#try(async () => {
      await this.api.forget('block', id)
      this.removing = null
      if (this.looked === id) this.looked = this.services = null
      this.told = say('blocks.removed')
      this.dispatchEvent(new BlocksChangedEvent())
    }).then(() => this.#focus('h2'))
  }

  #use(use: BlockUse): TemplateResult {
    const { definition } = this.draft
    const names = use.parts.flatMap((part) => partAt(definition, part) ?? []).map((part) => nameOf(definition, part))
    const [first = ''] = use.parts
    return html`<li data-use="${use.block} ${use.use}">
      <strong>${blockWords({ id: use.block, version: use.version }, this.blocks)}</strong>
      <span dir="auto">${new Intl.ListFormat(language()).format(names)}</span>
      <span class="row small">
        <button type="button" @click=${() => this.dispatchEvent(new SelectEvent(first, true, use.parts))}>${say('blocks.goTo')}</button>
        ${this.blocks.has(use.block) ? html`<button type="button" @click=${() => this.#look(use.block)}>${say('blocks.where')}</button>` : nothing}
        <button type="button" data-detach @click=${() => {
          this.dispatchEvent(new EditEvent(detachBlock(use)))
          this.told = say('blocks.detached')
          void this.#focus('h2')
        }}>${say('blocks.detach')}</button>
      </span></li>`
  }

  #line({ id, version, title }: KeptLine): TemplateResult {
    const name = titleOf(title, id)
    return html`<li data-block=${id}>
      <strong id="name-${id}" dir="auto">${say('blocks.from', { name, version })}</strong>
      <span class="row small">
        <button type="button" data-insert @click=${() => this.dispatchEvent(new PickedEvent(`block:${id}`, ''))} aria-describedby="name-${id}">${say('blocks.insert')}</button>
        <button type="button" data-where @click=${() => this.#look(id)} aria-describedby="name-${id}">${say('blocks.where')}</button>
        <button type="button" class="danger" @click=${() => {
          this.removing = id
          void this.#focus('[data-remove]')
        }} aria-describedby="name-${id}">${say('act.remove')}</button>
      </span>
      ${
        this.removing === id
          ? html`<div class="note careful stack"><p>${say('blocks.removeText')}</p>
            <div class="row"><button type="button" class="danger" data-remove @click=${() => this.#remove(id)}>${say('blocks.removeOne', { name })}</button>
            <button type="button" @click=${() => {
              this.removing = null
              void this.#focus(`[data-block="${id}"] .danger`)
            }}>${say('cancel')}</button></div></div>`
          : nothing
      }</li>`
  }

  #service({ service, title, versions, update }: BlockInService): TemplateResult {
    const id = `service-${service}`
    const name = titleOf(title, service)
    const isDecided = update !== null && update.conflicts.length === 0
    const { changes = [] } = update ?? {}
    return html`<li data-service=${service}>
      ${
        isDecided
          ? html`<div class="tick"><input type="checkbox" id=${id} .checked=${this.chosen.has(service)} aria-describedby="${id}-what" @change=${(
              event: Event,
            ) => {
              const chosen = new Set(this.chosen)
              if ((event.target as HTMLInputElement).checked) chosen.add(service)
              else chosen.delete(service)
              this.chosen = chosen
            }}><label for=${id} dir="auto">${name}</label></div>`
          : html`<strong dir="auto">${name}</strong>`
      }
      <div id="${id}-what">
        <p class="help">${say('blocks.versions', { versions: new Intl.ListFormat(language()).format(versions.map((version) => new Intl.NumberFormat(language()).format(version))) })}</p>
        ${update === null ? html`<p>${say('blocks.newest')}</p>` : nothing}
        ${
          update !== null && changes.length === 0 && isDecided
            ? html`<p>${say('blocks.sameWords')}</p>`
            : html`<ul class="changes">${changes.slice(0, listed).map((sentence) => html`<li dir="auto">${sentence}</li>`)}
              ${changes.length > listed ? html`<li>${say('merge.more', { count: changes.length - listed })}</li>` : nothing}</ul>`
        }
        ${update !== null && !isDecided ? html`<p class="note careful">${say('merge.conflicts', { count: update.conflicts.length })}</p>` : nothing}
      </div>
      ${
        update !== null && !isDecided
          ? html`<div><button type="button" data-decide aria-expanded=${this.deciding === service ? 'true' : 'false'} @click=${() => (this.deciding = this.deciding === service ? null : service)}>${say('blocks.decide', { name })}</button></div>`
          : nothing
      }
      ${
        update !== null && this.deciding === service
          ? html`<builder-merge .base=${update.base} .ours=${update.ours} .theirs=${update.theirs} @builder-merged=${(event: MergedEvent) => this.#merged(service, update, event)}></builder-merge>`
          : nothing
      }</li>`
  }

  #where(line: KeptLine): TemplateResult {
    const { services } = this
    const open = services?.some(({ update }) => update !== null && update.conflicts.length === 0)
    return html`<section class="card stack" aria-labelledby="where">
      <h3 id="where" tabindex="-1">${say('blocks.whereOf', { name: titleOf(line.title, line.id), version: line.version })}</h3>
      ${this.description ? html`<p dir="auto">${this.description}</p>` : nothing}
      ${services === null && !this.fault ? html`<p role="status">${say('loading')}</p>` : nothing}
      ${services?.length === 0 ? html`<p>${say('blocks.nowhere')}</p>` : nothing}
      <ul class="list">${(services ?? []).map((one) => this.#service(one))}</ul>
      ${open ? html`<div><button type="button" class="primary" data-update ?disabled=${this.busy || this.chosen.size === 0} @click=${() => this.#updateChosen()}>${say('blocks.update')}</button></div>` : nothing}
    </section>`
  }

  protected override render() {
    const uses = blockUses(this.draft.definition)
    const looked = this.looked === null ? undefined : this.blocks.get(this.looked)
    return html`
      <h2 tabindex="-1">${say('view.blocks')}</h2>
      <p>${say('blocks.text')}</p>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p class=${this.told ? 'note' : 'unseen'} role="status">${this.told}</p>
      <section class="stack" aria-labelledby="own"><h3 id="own">${say('blocks.own')}</h3>
        ${uses.length === 0 ? html`<p>${say('blocks.ownNone')}</p>` : html`<ul class="list">${uses.map((use) => this.#use(use))}</ul>`}</section>
      <section class="stack" aria-labelledby="all"><h3 id="all">${say('blocks.all')}</h3>
        ${this.blocks.size === 0 ? html`<p>${say('blocks.none')}</p>` : html`<ul class="list">${[...this.blocks.values()].map((line) => this.#line(line))}</ul>`}</section>
      ${looked ? this.#where(looked) : nothing}
    `
  }
}
customElements.define('builder-blocks', BlocksView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-blocks': BlocksView
  }
  interface HTMLElementEventMap {
    'builder-block-updated': BlockUpdatedEvent
    'builder-blocks-changed': BlocksChangedEvent
  }
}
