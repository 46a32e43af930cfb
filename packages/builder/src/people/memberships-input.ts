/** What somebody is: a line for each role, with its limits. Read `value`. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, say } from '../language.ts'
import type { Membership } from './api.ts'

export const agencyRoles = ['owner', 'editor', 'publisher', 'officer', 'auditor'] as const
const limitedToServices: readonly string[] = ['editor', 'publisher', 'officer']
const listOf = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')

export class MembershipsInput extends LitElement {
  static override readonly styles = [
    shared,
    css`
      ul { margin-block-end: 0.75rem; }
      li { display: grid; gap: 0.5rem; padding-block: 0.5rem; border-block-end: 1px solid var(--line); }
    `,
  ]
  static override readonly properties = { value: { attribute: false }, operators: { type: Boolean } }
  declare value: readonly Membership[]
  /** The roles of the installation instead of those of an agency. */
  declare operators: boolean

  constructor() {
    super()
    this.value = []
    this.operators = false
    new Localized(this)
  }

  #set(at: number, change: Partial<Membership>) {
    this.value = this.value.map((one, i) => {
      if (i !== at) return one
      const { role, services, units } = { ...one, ...change }
      return {
        role,
        ...(services?.length && limitedToServices.includes(role) ? { services } : {}),
        ...(units?.length && role === 'officer' ? { units } : {}),
      }
    })
  }

  protected override render() {
    const roles: readonly string[] = this.operators ? ['operator'] : agencyRoles
    return html`<ul>${this.value.map(
      ({ role, services, units }, i) => html`<li>
        <div class="field"><label for="role-${i}">${say('people.role')}</label>
          <select id="role-${i}" aria-describedby="role-help-${i}" @change=${(event: Event) => this.#set(i, { role: (event.target as HTMLSelectElement).value })}>
            ${roles.map((one) => html`<option value=${one} .selected=${one === role}>${say(`role.${one}` as 'role.owner')}</option>`)}</select>
          <p class="help" id="role-help-${i}">${say(`role.${role}.help` as 'role.owner.help')}</p></div>
        ${
          limitedToServices.includes(role)
            ? html`<div class="field"><label for="services-${i}">${say('people.services')}</label>
              <input id="services-${i}" dir="ltr" .value=${(services ?? []).join(', ')} @change=${(event: Event) => this.#set(i, { services: listOf((event.target as HTMLInputElement).value) })}></div>`
            : nothing
        }
        ${
          role === 'officer'
            ? html`<div class="field"><label for="units-${i}">${say('people.units')}</label>
              <input id="units-${i}" dir="ltr" .value=${(units ?? []).join(', ')} @change=${(event: Event) => this.#set(i, { units: listOf((event.target as HTMLInputElement).value) })}></div>`
            : nothing
        }
        ${
          this.value.length > 1
            ? html`<div><button type="button" class="small danger" @click=${() => (this.value = this.value.filter((_, at) => at !== i))}>${say('people.dropRole', { role: say(`role.${role}` as 'role.owner') })}</button></div>`
            : nothing
        }
      </li>`,
    )}</ul>
    ${this.operators ? nothing : html`<div><button type="button" class="small" @click=${() => (this.value = [...this.value, { role: 'editor' }])}>${say('people.addRole')}</button></div>`}`
  }
}
customElements.define('builder-memberships', MembershipsInput)

declare global {
  interface HTMLElementTagNameMap {
    'builder-memberships': MembershipsInput
  }
}
