/** What operators see: the agencies, how much each uses and may use. Nothing of what is in one. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, language, say } from '../language.ts'
import { bytes } from './agency-screen.ts'
import { type AgencyLine, peopleApi, type Quotas } from './api.ts'
import { Deeds } from './deeds.ts'
import '../copy-box.ts'

const quotasIn = (data: FormData): Quotas =>
  Object.fromEntries(
    (['services', 'submissionsPerDay', 'storedBytes'] as const).flatMap((name) => {
      const given = String(data.get(name) ?? '').trim()
      return given === '' ? [] : [[name, Number(given) * (name === 'storedBytes' ? 1e6 : 1)]]
    }),
  )

export class AgenciesScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1.25rem; }
      .lines { display: grid; gap: 0.5rem; }
      .lines > li { display: grid; gap: 0.35rem; padding: 0.75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); }
      summary { cursor: pointer; min-block-size: 1.75rem; }
    `,
  ]
  static override readonly properties = { agencies: { state: true }, link: { state: true } }
  declare protected agencies: readonly AgencyLine[] | null
  declare protected link: string | null
  readonly #api = peopleApi()
  readonly #deeds = new Deeds(this)

  constructor() {
    super()
    this.agencies = this.link = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#deeds.run(() => this.#load())
  }

  async #load() {
    this.agencies = await this.#api.agencies()
  }

  #add(event: SubmitEvent) {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    const [id = '', title = '', owner = ''] = ['id', 'title', 'owner'].map((name) => String(data.get(name)).trim())
    void this.#deeds.run(async () => {
      this.link = (await this.#api.addAgency({ id, title, owner, quotas: quotasIn(data), language: language() })).link
      form.reset()
      await this.#load()
    }, say('agencies.made'))
  }

  #limits(of: string, quotas: Quotas = {}) {
    const field = (name: 'services' | 'submissionsPerDay' | 'storedBytes', label: string, value: number | undefined) =>
      html`<div class="field"><label for="${of}-${name}">${label}</label><input id="${of}-${name}" name=${name} type="number" min="0" .value=${String(value ?? '')}></div>`
    return html`${field('services', say('agencies.mostServices'), quotas.services)}${field('submissionsPerDay', say('agencies.mostSubmissions'), quotas.submissionsPerDay)}
      ${field('storedBytes', say('agencies.mostBytes'), quotas.storedBytes === undefined ? undefined : quotas.storedBytes / 1e6)}`
  }

  #line({ id, title, usage, quotas }: AgencyLine) {
    const save = (event: SubmitEvent) => {
      event.preventDefault()
      const wanted = quotasIn(new FormData(event.target as HTMLFormElement))
      void this.#deeds.run(() => this.#api.setQuotas(id, wanted).then(() => this.#load()), say('agency.saved'))
    }
    const remove = (event: SubmitEvent) => {
      event.preventDefault()
      const name = String(new FormData(event.target as HTMLFormElement).get('confirm')).trim()
      void this.#deeds.run(() => this.#api.deleteAgency(id, name).then(() => this.#load()), say('agencies.deleted'))
    }
    return html`<li><div><strong>${title}</strong> <span dir="ltr">${id}</span></div>
      <div class="help">${say('agencies.used', { services: usage.services, submissions: usage.submissions, files: bytes(usage.storedBytes) })}</div>
      <details><summary>${say('agencies.change', { name: title })}</summary>
        <form class="stack" @submit=${save}>${this.#limits(id, quotas)}<div><button class="primary">${say('agency.save')}</button></div></form>
        <form class="stack" @submit=${remove}><p class="note careful">${say('agency.deleteText')}</p>
          <div class="field"><label for="${id}-confirm">${say('agency.confirm', { name: id })}</label><input id="${id}-confirm" name="confirm" required dir="ltr" autocomplete="off"></div>
          <div><button class="danger">${say('agencies.delete', { name: title })}</button></div></form></details></li>`
  }

  protected override render() {
    return html`<h1 tabindex="-1">${say('agencies.title')}</h1>
      ${this.#deeds.render()}
      ${this.link ? html`<section class="card stack" aria-label=${say('people.link')}><p class="note careful">${say('agencies.linkNote')}</p><builder-copy-box .label=${say('people.link')} .text=${this.link}></builder-copy-box></section>` : nothing}
      ${this.agencies ? html`<ul class="lines">${this.agencies.map((agency) => this.#line(agency))}</ul>` : html`<p role="status">${say('loading')}</p>`}
      <form class="card stack" @submit=${(event: SubmitEvent) => this.#add(event)}><h2>${say('agencies.new')}</h2>
        <div class="field"><label for="new-id">${say('signIn.agency')}</label><input id="new-id" name="id" required pattern="[a-z][a-z0-9\\-]{0,59}" dir="ltr" autocomplete="off" aria-describedby="new-id-help"><p class="help" id="new-id-help">${say('agencies.idHelp')}</p></div>
        <div class="field"><label for="new-title">${say('agency.name')}</label><input id="new-title" name="title" required maxlength="200"></div>
        <div class="field"><label for="new-owner">${say('agencies.owner')}</label><input id="new-owner" name="owner" type="email" required dir="ltr" autocomplete="off"></div>
        ${this.#limits('new')}
        <div><button class="primary">${say('agencies.make')}</button></div></form>`
  }
}
customElements.define('builder-agencies', AgenciesScreen)
