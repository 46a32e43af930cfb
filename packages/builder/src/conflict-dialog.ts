/**
 * Somebody else saved the draft that is open here: shows what they changed, and merges. Nothing is saved and nothing is lost
 * until the author has decided. Fires `builder-settled` with the draft to go on with, and theirs, which the server has.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { type Api, ApiError, type SavedService, Unreachable } from './api.ts'
import './copy-box.ts'
import type { Draft } from './editor/edit.ts'
import { slugFrom } from './editor/ids.ts'
import { Localized, say } from './language.ts'
import type { MergedEvent } from './merge-panel.ts'

export class SettledEvent extends Event {
  static readonly type = 'builder-settled'
  readonly how: 'merged' | 'theirs'
  readonly draft: Draft
  readonly theirs: SavedService
  constructor(how: 'merged' | 'theirs', draft: Draft, theirs: SavedService) {
    super(SettledEvent.type)
    this.how = how
    this.draft = draft
    this.theirs = theirs
  }
}

/** Ours went to a service of its own. */
export class ForkedEvent extends Event {
  static readonly type = 'builder-forked'
  readonly service: string
  constructor(service: string) {
    super(ForkedEvent.type)
    this.service = service
  }
}

export class ConflictDialog extends LitElement {
  static override readonly styles = [
    shared,
    css`
      dialog { inline-size: min(52rem, calc(100vw - 1.5rem)); }
    `,
  ]
  static override readonly properties = { draft: { attribute: false }, theirs: { state: true }, fault: { state: true }, base: { state: true } }
  /** Ours, as it is now. */
  declare draft: Draft
  /** What both began with; null while nothing is asked. */
  declare protected base: Draft | null
  declare api: Api
  declare protected theirs: SavedService | null
  declare protected fault: string | null

  constructor() {
    super()
    this.theirs = this.fault = this.base = null
    new Localized(this)
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  async open(base: Draft) {
    this.base = base
    this.theirs = this.fault = null
    await this.updateComplete
    if (!this.#dialog?.open) this.#dialog?.showModal()
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
    await this.#load()
  }

  close() {
    this.#dialog?.close()
    this.base = null
  }

  /** @returns what was asked for; null, and the reason is said, where the server did not give it */
  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
    this.fault = null
    try {
      return await ask()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('merge.retry')
      else if (error instanceof ApiError) this.fault = say('failed', { detail: error.message })
      else throw error
      return null
    }
  }

  async #load() {
    this.theirs = await this.#ask(async () => {
      const [theirs] = await Promise.all([this.api.open(this.draft.definition.id), import('./merge-panel.ts')])
      return theirs
    })
  }

  #settle(how: 'merged' | 'theirs', draft: Draft) {
    if (this.theirs) this.dispatchEvent(new SettledEvent(how, draft, this.theirs))
  }

  /** Saves ours as a service of its own. */
  async #keepAsNew() {
    const { definition, policy } = this.draft
    const made = await this.#ask(async () => {
      const taken = new Set((await this.api.services()).map(({ id }) => id))
      const id = slugFrom(definition.id, taken)
      const own = { ...definition, id }
      const { revision } = await this.api.create(own)
      if (policy) await this.api.save(id, revision, { definition: own, policy })
      return id
    })
    if (made !== null) this.dispatchEvent(new ForkedEvent(made))
  }

  protected override render() {
    const { theirs, draft, base } = this
    return html`<dialog id="conflict" aria-labelledby="conflict-title" @cancel=${(event: Event) => event.preventDefault()} @keydown=${(event: Event) => event.stopPropagation()}>
      ${
        base
          ? html`<div class="stack">
        <h2 id="conflict-title" tabindex="-1">${say('conflict.title')}</h2>
        <p>${say('conflict.text')}</p>
        ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
        ${
          theirs
            ? html`<builder-merge .base=${base} .ours=${draft} .theirs=${theirs} @builder-merged=${(event: MergedEvent) => this.#settle('merged', event.draft)}></builder-merge>`
            : this.fault
              ? html`<div><button type="button" @click=${() => void this.#load()}>${say('retry')}</button></div>`
              : html`<p role="status">${say('loading')}</p>`
        }
        <builder-copy-box .label=${say('conflict.copy')} .text=${JSON.stringify(draft.definition, null, 2)}></builder-copy-box>
        <div class="row">
          <button type="button" ?disabled=${!theirs} @click=${() => theirs && this.#settle('theirs', { definition: theirs.definition, policy: theirs.policy })}>${say('conflict.theirs')}</button>
          <button type="button" @click=${() => void this.#keepAsNew()}>${say('conflict.asNew')}</button>
        </div>
      </div>`
          : nothing
      }
    </dialog>`
  }
}
customElements.define('builder-conflict', ConflictDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-conflict': ConflictDialog
  }
  interface HTMLElementEventMap {
    'builder-settled': SettledEvent
    'builder-forked': ForkedEvent
  }
}
