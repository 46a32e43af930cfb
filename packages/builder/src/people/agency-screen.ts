/** The agency: what its owners set, and what it may use. Fires `builder-left` when it is gone. */
import { type Account, mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, language, say } from '../language.ts'
import { type AgencyView, peopleApi, type Settings } from './api.ts'
import { Deeds } from './deeds.ts'
import './sign-ins.ts'

const brand = ['primary', 'accent'] as const

export const bytes = (count: number) => new Intl.NumberFormat(language(), { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(count / 1e6)

export class AgencyScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1.25rem; }
      dl { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; margin: 0; }
      dd { margin: 0; }
    `,
  ]
  static override readonly properties = { account: { attribute: false }, agency: { state: true } }
  declare account: Account
  declare protected agency: AgencyView | null
  readonly #api = peopleApi()
  readonly #deeds = new Deeds(this)

  constructor() {
    super()
    this.agency = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#deeds.run(() => this.#load())
  }

  async #load() {
    this.agency = await this.#api.agency()
  }

  #save(event: SubmitEvent) {
    event.preventDefault()
    const { agency } = this
    if (!agency) return
    const data = new FormData(event.target as HTMLFormElement)
    const text = (name: string) => String(data.get(name) ?? '').trim()
    const list = (name: string) =>
      text(name)
        .split(/[\s,]+/)
        .filter((word) => word !== '')
    const colours = Object.fromEntries(brand.flatMap((name) => (text(name) ? [[name, text(name).toLowerCase()]] : [])))
    const settings: Settings = {
      ...(Object.keys(colours).length > 0 ? { theme: { colours } } : {}),
      ...(text('title') ? { title: { ...agency.settings.title, [language()]: text('title') } } : {}),
      ...(list('domains').length > 0 ? { domains: list('domains') } : {}),
      ...(list('languages').length > 0 ? { languages: list('languages') } : {}),
      ...(text('retention') ? { retentionMonths: Number(text('retention')) } : {}),
      requireSecondFactor: data.get('second') !== null,
      officerMail: data.get('mails') !== null,
    }
    void this.#deeds.run(() => this.#api.saveAgency(settings, agency.revision).then(() => this.#load()), say('agency.saved'))
  }

  #delete(event: SubmitEvent) {
    event.preventDefault()
    const name = String(new FormData(event.target as HTMLFormElement).get('confirm')).trim()
    void this.#deeds.run(async () => {
      await this.#api.deleteOwnAgency(name)
      this.dispatchEvent(new Event('builder-left'))
    })
  }

  #used(what: string, used: number, most: number | undefined, shown: (count: number) => string) {
    return html`<dt>${what}</dt><dd>${most === undefined ? shown(used) : say('agency.of', { used: shown(used), most: shown(most) })}</dd>`
  }

  protected override render() {
    const { agency } = this
    const may = mayTry(this.account, 'agency.settings')
    const count = (value: number) => new Intl.NumberFormat(language()).format(value)
    return html`<h1 tabindex="-1">${say('agency.title')}</h1>
      ${this.#deeds.render()}
      ${
        agency
          ? html`<section class="card stack" aria-labelledby="usage-title"><h2 id="usage-title">${say('agency.usage')}</h2><dl>
              ${this.#used(say('agency.services'), agency.usage.services, agency.quotas.services, count)}
              ${this.#used(say('agency.today'), agency.usage.submissions, agency.quotas.submissionsPerDay, count)}
              ${this.#used(say('agency.files'), agency.usage.storedBytes, agency.quotas.storedBytes, bytes)}</dl></section>
            <form class="card stack" @submit=${(event: SubmitEvent) => this.#save(event)}><h2>${say('agency.settings')}</h2>
              <div class="field"><label for="agency-title">${say('agency.name')}</label><input id="agency-title" name="title" maxlength="200" ?disabled=${!may} .value=${agency.settings.title?.[language()] ?? agency.title}></div>
              <div class="field"><label for="domains">${say('agency.domains')}</label>
                <textarea id="domains" name="domains" dir="ltr" ?disabled=${!may} aria-describedby="domains-help" .value=${(agency.settings.domains ?? []).join('\n')}></textarea><p class="help" id="domains-help">${say('agency.domainsHelp')}</p></div>
              <div class="field"><label for="languages">${say('agency.languages')}</label><input id="languages" name="languages" dir="ltr" ?disabled=${!may} .value=${(agency.settings.languages ?? []).join(', ')}></div>
              ${brand.map((name) => html`<div class="field"><label for=${name}>${say('agency.colour', { name: say(`branding.${name}`) })}</label><input id=${name} name=${name} class="code" dir="ltr" size="8" maxlength="7" pattern="#[0-9A-Fa-f]{6}" placeholder="#1b4f8f" ?disabled=${!may} .value=${agency.settings.theme?.colours?.[name] ?? ''}></div>`)}
              <div class="field"><label for="retention">${say('agency.retention')}</label><input id="retention" name="retention" type="number" min="1" max="1200" ?disabled=${!may} .value=${String(agency.settings.retentionMonths ?? '')}></div>
              <div class="tick"><input type="checkbox" id="second" name="second" ?disabled=${!may} .checked=${agency.settings.requireSecondFactor ?? false}><label for="second">${say('agency.second')}</label></div>
              <div class="tick"><input type="checkbox" id="mails" name="mails" ?disabled=${!may} .checked=${agency.settings.officerMail ?? true}><label for="mails">${say('agency.mails')}</label></div>
              ${may ? html`<div><button class="primary">${say('agency.save')}</button></div>` : nothing}</form>
            ${
              may
                ? html`<builder-sign-ins></builder-sign-ins><details class="card"><summary>${say('agency.delete')}</summary><form class="stack" @submit=${(event: SubmitEvent) => this.#delete(event)}>
                  <p class="note careful">${say('agency.deleteText')}</p>
                  <div class="field"><label for="confirm">${say('agency.confirm', { name: agency.id })}</label><input id="confirm" name="confirm" required dir="ltr" autocomplete="off"></div>
                  <div><button class="danger">${say('agency.delete')}</button></div></form></details>`
                : nothing
            }`
          : html`<p role="status">${say('loading')}</p>`
      }`
  }
}
customElements.define('builder-agency', AgencyScreen)
