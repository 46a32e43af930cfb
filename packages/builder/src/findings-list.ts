/** What core finds wrong, as sentences that lead to the place. */

import { shared } from '@guichet/staff/styles'
import { css, html, LitElement } from 'lit'
import type { Definition } from './editor/edit.ts'
import { nameOf, partAt } from './editor/part.ts'
import { SelectEvent } from './events.ts'
import { type Finding, sentenceOf } from './findings.ts'
import { Localized, type MessageKey, say } from './language.ts'
import { partOf } from './outline.ts'

export class FindingsList extends LitElement {
  static override readonly styles = [
    shared,
    css`
      li { display: grid; grid-template-columns: auto 1fr; gap: 0.1rem 0.6rem; padding: 0.4rem 0.5rem; border-block-end: 1px solid var(--line); }
      .kind { font-size: 0.75rem; font-weight: 700; border-radius: 99px; padding: 0.05rem 0.5rem; align-self: start; }
      .error { background: var(--danger-ground); color: var(--danger); }
      .warning { background: var(--warning-ground); color: var(--warning); }
      .where { grid-column: 2; }
      .where button { min-block-size: 1.5rem; padding: 0; text-decoration: underline; }
    `,
  ]
  static override readonly properties = { findings: { attribute: false }, definition: { attribute: false } }
  declare findings: readonly Finding[]
  declare definition: Definition

  constructor() {
    super()
    this.findings = []
    new Localized(this)
  }

  #placeOf(pointer: string): string {
    const part = partOf(pointer)
    const found = partAt(this.definition, part)
    return found ? nameOf(this.definition, found) : say(`part.${part.replace(/^[@/]/, '')}` as MessageKey)
  }

  protected override render() {
    if (this.findings.length === 0) return html`<p class="help">${say('findings.none')}</p>`
    return html`<ul>${this.findings.map(
      (finding) => html`<li>
        <span class="kind ${finding.severity}">${say(`findings.${finding.severity}`)}</span>
        <span>${sentenceOf(finding)}</span>
        <span class="where"><button type="button" class="plain small" @click=${() => this.dispatchEvent(new SelectEvent(partOf(finding.pointer), true))}
          aria-label=${say('findings.goTo', { name: this.#placeOf(finding.pointer) })}>${this.#placeOf(finding.pointer)}</button></span>
      </li>`,
    )}</ul>`
  }
}
customElements.define('builder-findings', FindingsList)

declare global {
  interface HTMLElementTagNameMap {
    'builder-findings': FindingsList
  }
}
