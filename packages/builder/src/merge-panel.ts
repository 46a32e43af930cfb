/**
 * What came of the same draft on two sides, brought together: what they changed in words, each conflict to decide, what is
 * wrong only together. Fires `builder-merged` with the draft. It decides nothing by itself.
 */
import type { Choice, Conflict } from '@guichet/core/merge/merge'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { live } from 'lit/directives/live.js'
import { changesBetween } from './changes.ts'
import type { Draft } from './editor/edit.ts'
import { type MergedDraft, mergeDrafts } from './editor/merge-drafts.ts'
import { sentenceOf } from './findings.ts'
import { fieldSchemas } from './known-types.ts'
import { Localized, language, say } from './language.ts'
import { findingsOf } from './lint-now.ts'
import { tellConflict } from './merge-words.ts'

export class MergedEvent extends Event {
  static readonly type = 'builder-merged'
  readonly draft: Draft
  constructor(draft: Draft) {
    super(MergedEvent.type, { bubbles: true, composed: true })
    this.draft = draft
  }
}

/** More changes than this are counted. */
const listed = 60

export class MergePanel extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.9rem; }
      .changes { list-style: disc; padding-inline-start: 1.2rem; max-block-size: 30vh; overflow: auto; }
      li, legend, label { overflow-wrap: anywhere; }
      fieldset { border: 1px solid var(--line); border-radius: var(--corner); padding: 0.6rem 0.8rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.35rem; }
      fieldset.open { border-color: var(--danger); }
      legend { padding-inline: 0.25rem; margin: 0; }
      .tick { min-block-size: 1.5rem; }
    `,
  ]
  static override readonly properties = {
    base: { attribute: false },
    ours: { attribute: false },
    theirs: { attribute: false },
    choices: { state: true },
    asked: { state: true },
  }
  /** What both began with. */
  declare base: Draft
  declare ours: Draft
  declare theirs: Draft
  declare protected choices: ReadonlyMap<string, Choice>
  /** Merging was tried before everything was decided. */
  declare protected asked: boolean

  #merged: MergedDraft | null = null

  constructor() {
    super()
    this.choices = new Map()
    this.asked = false
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    // Decisions about other versions are none about these.
    if (changed.has('theirs') || changed.has('base')) {
      this.choices = new Map()
      this.asked = false
    }
    this.#merged = mergeDrafts(this.base, this.ours, this.theirs, { settings: fieldSchemas, lint: findingsOf, choices: this.choices, language: language() })
  }

  get #open(): Conflict[] {
    return (this.#merged?.conflicts ?? []).filter(({ key }) => !this.choices.has(key))
  }

  #choose(key: string, choice: Choice) {
    this.choices = new Map([...this.choices, [key, choice]])
  }

  async #finish() {
    const merged = this.#merged
    if (!merged) return
    const [first] = this.#open
    if (!first) {
      this.dispatchEvent(new MergedEvent(merged.draft))
      return
    }
    this.asked = true
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('fieldset.open input')?.focus()
  }

  #conflict(conflict: Conflict, place: number) {
    const { key } = conflict
    const told = tellConflict(conflict, this.ours.definition)
    const chosen = this.choices.get(key)
    const isOwn = typeof chosen === 'object'
    const id = `conflict-${place}`
    const option = (name: 'ours' | 'theirs' | 'own', label: string, isChosen: boolean, choice: Choice) =>
      html`<div class="tick"><input type="radio" name=${id} id="${id}-${name}" .checked=${live(isChosen)} @change=${() => this.#choose(key, choice)}><label for="${id}-${name}">${label}</label></div>`
    return html`<fieldset class=${this.asked && chosen === undefined ? 'open' : ''} data-conflict=${key} aria-describedby="${id}-before">
      <legend>${told.where}</legend>
      <p class="help" id="${id}-before">${say('merge.before', { value: told.before })}</p>
      ${option('ours', say('merge.mine', { value: told.mine }), chosen === 'ours', 'ours')}
      ${option('theirs', say('merge.theirs', { value: told.theirs }), chosen === 'theirs', 'theirs')}
      ${told.own === null ? nothing : option('own', say('merge.own'), isOwn, { value: told.own })}
      ${
        isOwn
          ? html`<div class="field"><label for="${id}-text">${say('merge.ownText')}</label>
            <textarea id="${id}-text" dir="auto" .value=${live(String(chosen.value))} @input=${(event: Event) => this.#choose(key, { value: (event.target as HTMLTextAreaElement).value })}></textarea></div>`
          : nothing
      }
    </fieldset>`
  }

  protected override render() {
    const { conflicts = [], findings = [] } = this.#merged ?? {}
    const changes = changesBetween(this.base, this.theirs)
    const open = this.#open.length
    return html`
      <section class="stack" aria-labelledby="they"><h3 id="they">${say('merge.theyChanged', { count: changes.length })}</h3>
        ${
          changes.length === 0
            ? html`<p>${say('merge.noChange')}</p>`
            : html`<ul class="changes" tabindex="0" aria-labelledby="they">${changes.slice(0, listed).map(({ sentence }) => html`<li>${sentence}</li>`)}
              ${changes.length > listed ? html`<li>${say('merge.more', { count: changes.length - listed })}</li>` : nothing}</ul>`
        }</section>
      ${
        conflicts.length === 0
          ? html`<p class="note">${say('merge.clean')}</p>`
          : html`<section class="stack" aria-labelledby="decide"><h3 id="decide">${say('merge.conflicts', { count: conflicts.length })}</h3>
            <p class="help">${say('merge.conflictsHelp')}</p>${conflicts.map((conflict, i) => this.#conflict(conflict, i))}</section>`
      }
      ${
        findings.length === 0
          ? nothing
          : html`<section class="note careful stack" aria-labelledby="together"><h3 id="together">${say('merge.together', { count: findings.length })}</h3>
            <p>${say('merge.togetherHelp')}</p><ul class="changes">${findings.map((finding) => html`<li>${sentenceOf(finding)}</li>`)}</ul></section>`
      }
      <p class="wrong" role="status">${this.asked && open > 0 ? say('merge.undecided', { count: open }) : nothing}</p>
      <div class="row"><button type="button" class="primary" data-merge @click=${() => void this.#finish()}>${say('merge.do')}</button></div>
    `
  }
}
customElements.define('builder-merge', MergePanel)

declare global {
  interface HTMLElementTagNameMap {
    'builder-merge': MergePanel
  }
  interface HTMLElementEventMap {
    'builder-merged': MergedEvent
  }
}
