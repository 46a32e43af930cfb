/** The line at the top: whose pages these are, the language, who is signed in. Fires `staff-leave`; links go into its slot. */
import { ownName } from '@guichet/core/without-intl'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, language, languages, say, useLanguage } from './language.ts'
import type { Account } from './session.ts'
import { shared } from './styles.ts'

export class TopBar extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .top { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.5rem 1rem; border-block-end: 1px solid var(--line); background: var(--raised); font-size: 0.9rem; }
      .brand { font-weight: 700; flex: 1; }
      .top select { inline-size: auto; min-block-size: 1.9rem; padding-block: 0; }
      @media print { :host { display: none; } }
    `,
  ]
  static override readonly properties = { account: { attribute: false } }
  declare account: Account | null

  constructor() {
    super()
    this.account = null
    new Localized(this)
  }

  protected override render() {
    return html`<div class="top" role="banner">
      <span class="brand">${say('app.name')}${this.account ? html` – ${this.account.agency.name}` : nothing}</span>
      <slot></slot>
      <label for="language">${say('app.language')}</label>
      <select id="language" @change=${(event: Event) => void useLanguage((event.target as HTMLSelectElement).value)}>
        ${languages().map((tag) => html`<option value=${tag} lang=${tag} .selected=${tag === language()}>${ownName(tag)}</option>`)}
      </select>
      ${
        this.account
          ? html`<span>${this.account.user.name}</span><button type="button" class="small" @click=${() => this.dispatchEvent(new Event('staff-leave'))}>${say('signOut')}</button>`
          : nothing
      }
    </div>`
  }
}
customElements.define('staff-top-bar', TopBar)

declare global {
  interface HTMLElementTagNameMap {
    'staff-top-bar': TopBar
  }
}
