/** What core finds wrong, as sentences that lead to the place. */

import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import type { Definition } from './editor/edit.ts'
import { type Fix, fixFor } from './editor/fix-finding.ts'
import { nameOf, partAt } from './editor/part.ts'
import { EditEvent, SelectEvent } from './events.ts'
import { type Finding, sentenceOf } from './findings.ts'
import { Localized, type MessageKey, say, sayIfKnown } from './language.ts'
import { partOf } from './outline.ts'

export class FindingsList extends LitElement {
  static override readonly styles = [
    shared,
    css`
      li { display: grid; grid-template-columns: auto 1fr; gap: 0.1rem 0.6rem; padding: 0.4rem 0.5rem; border-block-end: 1px solid var(--line); }
      .kind { font-size: 0.75rem; font-weight: 700; border-radius: 99px; padding: 0.05rem 0.5rem; align-self: start; }
      .error { background: var(--danger-ground); color: var(--danger); }
      .warning { background: var(--warning-ground); color: var(--warning); }
      .where { grid-column: 2; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; }
      .where .plain { min-block-size: 1.5rem; padding: 0; text-decoration: underline; }
    `,
  ]
  static override readonly properties = { findings: { attribute: false }, definition: { attribute: false }, told: { state: true } }
  declare findings: readonly Finding[]
  declare definition: Definition
  /** Said to those who do not see the finding go. */
  declare protected told: string

  constructor() {
    super()
    this.findings = []
    this.told = ''
    new Localized(this)
  }

  #placeOf(pointer: string): string {
    const part = partOf(pointer)
    const found = partAt(this.definition, part)
    return found ? nameOf(this.definition, found) : say(`part.${part.replace(/^[@/]/, '')}` as MessageKey)
  }

  async #mend(fix: Fix) {
    this.dispatchEvent(new EditEvent(fix.edit))
    this.told = say('fix.done', { what: this.#label(fix) })
    await this.updateComplete
    // The button goes with its finding: the keyboard stays with the list.
    this.renderRoot.querySelector<HTMLElement>('[data-list]')?.focus()
  }

  #label({ kind, params }: Fix): string {
    const named = kind === 'protect' ? { name: sayIfKnown(`choice.${params.name}`) ?? params.name ?? '' } : params
    return say(`fix.${kind}`, named)
  }

  #line(finding: Finding) {
    const place = this.#placeOf(finding.pointer)
    const fix = this.definition ? fixFor(this.definition, finding) : null
    return html`<li data-code=${finding.code}>
        <span class="kind ${finding.severity}">${say(`findings.${finding.severity}`)}</span>
        <span dir="auto">${sentenceOf(finding)}</span>
        <span class="where"><button type="button" class="plain small" @click=${() => this.dispatchEvent(new SelectEvent(partOf(finding.pointer), true))}
          aria-label=${say('findings.goTo', { name: place })}>${place}</button>${
            fix
              ? html`<button type="button" class="small" data-fix=${fix.kind} aria-label=${`${this.#label(fix)} – ${place}`} @click=${() => void this.#mend(fix)}>${this.#label(fix)}</button>`
              : nothing
          }</span>
      </li>`
  }

  protected override render() {
    return html`<div data-list tabindex="-1">${
      this.findings.length === 0 ? html`<p class="help">${say('findings.none')}</p>` : html`<ul>${this.findings.map((finding) => this.#line(finding))}</ul>`
    }</div><p class="unseen" role="status">${this.told}</p>`
  }
}
customElements.define('builder-findings', FindingsList)

declare global {
  interface HTMLElementTagNameMap {
    'builder-findings': FindingsList
  }
}
