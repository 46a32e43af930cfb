/** The audit log for auditors: who did what, as far back as they ask, and until where it is signed. */
import schema from '@guichet/schemas/audit-event.schema.json' with { type: 'json' }
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Account, Api, AuditPage } from './api.ts'
import { Localized, language, say, sayIfKnown } from './language.ts'
import { momentText } from './names.ts'
import { reasonOf } from './refusal.ts'

const actions: readonly string[] = schema.properties.action.enum

const actionName = (action: string) => sayIfKnown(`audit.action.${action}`) ?? action

export class AuditScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
      form { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); gap: 0.5rem 0.75rem; align-items: end; }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; inline-size: 100%; background: var(--surface); font-size: 0.9rem; }
      caption { text-align: start; font-weight: 600; padding-block-end: 0.4rem; }
      th, td { text-align: start; padding: 0.35rem 0.6rem; border-block-end: 1px solid var(--line); vertical-align: top; }
      td { overflow-wrap: anywhere; min-inline-size: 6rem; }
    `,
  ]
  static override readonly properties = {
    api: { attribute: false },
    account: { attribute: false },
    query: {},
    page: { state: true },
    signed: { state: true },
    fault: { state: true },
  }
  declare api: Api
  declare account: Account
  /** As the address has it: the filter, and where the page begins. */
  declare query: string
  declare protected page: AuditPage | null
  /** Number of events that the last signature covers; 0: none yet. Null: not asked. */
  declare protected signed: number | null
  declare protected fault: string | null

  constructor() {
    super()
    this.query = ''
    this.page = this.signed = this.fault = null
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues) {
    if (changed.has('query')) void this.#load()
  }

  async #load() {
    const { query } = this
    this.fault = null
    this.page = null
    try {
      const [page, signed] = await Promise.all([this.api.audit(query), this.api.signedEvents(this.account.agency.id)])
      if (query !== this.query) return
      this.page = page
      this.signed = signed
    } catch (error) {
      if (query === this.query) this.fault = reasonOf(error)
    }
  }

  #ask(event: SubmitEvent) {
    event.preventDefault()
    const asked = new URLSearchParams()
    for (const [name, value] of new FormData(event.target as HTMLFormElement))
      if (typeof value === 'string' && value.trim() !== '') asked.set(name, value.trim())
    location.hash = `#/audit?${asked}`
  }

  #at(change: { before: number | null }) {
    const asked = new URLSearchParams(this.query)
    if (change.before === null) asked.delete('before')
    else asked.set('before', String(change.before))
    return `#/audit?${asked}`
  }

  #filters() {
    const asked = new URLSearchParams(this.query)
    const text = (name: string, label: string, type = 'text') =>
      html`<div class="field"><label for=${name}>${label}</label><input id=${name} name=${name} type=${type} dir=${type === 'date' ? nothing : 'ltr'} maxlength="200" autocomplete="off" .value=${asked.get(name) ?? ''}></div>`
    return html`<form @submit=${(event: SubmitEvent) => this.#ask(event)}>
      <div class="field"><label for="action">${say('audit.action')}</label><select id="action" name="action">
        <option value="">${say('audit.any')}</option>
        ${actions
          .map((action) => ({ action, name: actionName(action) }))
          .sort((one, other) => one.name.localeCompare(other.name, language()))
          .map(({ action, name }) => html`<option value=${action} .selected=${asked.get('action') === action}>${name}</option>`)}
      </select></div>
      ${text('actor', say('audit.actor'))} ${text('object', say('audit.object'))} ${text('from', say('audit.from'), 'date')} ${text('to', say('audit.to'), 'date')}
      <div><button class="primary">${say('audit.show')}</button></div>
    </form>`
  }

  #list({ events, next }: AuditPage) {
    const number = new Intl.NumberFormat(language())
    return html`
      <p role="status" class="help">${this.signed ? say('audit.signed', { size: this.signed }) : say('audit.unsigned')}</p>
      ${
        events.length === 0
          ? html`<p class="card">${say('audit.none')}</p>`
          : html`<div class="scroll" role="region" tabindex="0" aria-labelledby="caption"><table>
              <caption id="caption">${say('audit.caption')}</caption>
              <thead><tr>${(['number', 'when', 'who', 'what', 'which', 'said'] as const).map((name) => html`<th scope="col">${say(`audit.${name}`)}</th>`)}</tr></thead>
              <tbody>${events.map(
                (event) => html`<tr data-event=${event.sequence}>
                  <th scope="row">${number.format(event.sequence)}</th>
                  <td><time datetime=${event.time}>${momentText(event.time)}</time></td>
                  <td><bdi dir="ltr">${event.actor}</bdi></td>
                  <td>${actionName(event.action)}</td>
                  <td><bdi dir="ltr">${event.object}</bdi></td>
                  <td dir="auto">${event.note === undefined ? nothing : (event.note ?? html`<span class="help">${say('audit.gone')}</span>`)}</td>
                </tr>`,
              )}</tbody></table></div>`
      }
      <nav class="row spread" aria-label=${say('inbox.pages')}>
        ${new URLSearchParams(this.query).has('before') ? html`<a href=${this.#at({ before: null })}>${say('audit.newest')}</a>` : html`<span></span>`}
        ${next === null ? nothing : html`<a href=${this.#at({ before: next })}>${say('audit.older')}</a>`}
      </nav>`
  }

  protected override render() {
    return html`
      <h1 tabindex="-1">${say('audit.title')}</h1>
      <p>${say('audit.about')}</p>
      ${this.#filters()}
      <p><a href="/v1/admin/audit/export.jsonl" download="audit.jsonl">${say('audit.export')}</a></p>
      ${this.fault ? html`<div class="note bad row spread" role="alert"><span>${this.fault}</span><button type="button" class="small" @click=${() => void this.#load()}>${say('retry')}</button></div>` : nothing}
      ${this.page ? this.#list(this.page) : this.fault ? nothing : html`<p role="status">${say('loading')}</p>`}
    `
  }
}
customElements.define('desk-audit', AuditScreen)

declare global {
  interface HTMLElementTagNameMap {
    'desk-audit': AuditScreen
  }
}
