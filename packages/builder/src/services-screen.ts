/** The agency's services: search, open, start a new one. */
import { pickText } from '@guichet/core'
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { type Account, type Api, ApiError, type ServiceLine, Unreachable } from './api.ts'
import { baseContent, withBase } from './editor/base.ts'
import { slugFrom } from './editor/ids.ts'
import type { ImportedEvent } from './import-service.ts'
import { languages as builderLanguages, Localized, language, say } from './language.ts'
import { languageName } from './names.ts'
import { localePresets, newService } from './new-service.ts'
import type { TemplateEvent } from './template-picker.ts'
import type { TemplateContent } from './templates.ts'

export class ServicesScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1.25rem; }
      .services { display: grid; gap: 0.5rem; }
      .services li { display: grid; grid-template-columns: 1fr auto; gap: 0.2rem 1rem; align-items: center; padding: 0.75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); }
      .services a { font-weight: 600; overflow-wrap: anywhere; }
      .ticks { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; }
      @media (max-width: 30rem) { .services li { grid-template-columns: 1fr; } }
    `,
  ]
  static override readonly properties = {
    api: { attribute: false },
    account: { attribute: false },
    services: { state: true },
    wanted: { state: true },
    fault: { state: true },
    region: { state: true },
    chosen: { state: true },
    starting: { state: true },
    file: { state: true },
  }
  declare api: Api
  declare account: Account
  declare protected services: readonly ServiceLine[] | null
  declare protected wanted: string
  declare protected fault: string | null
  declare protected region: string
  /** Languages of the new service, the first one first. */
  declare protected chosen: readonly string[]
  declare protected starting: boolean
  /** A service file that was chosen. */
  declare protected file: File | null

  /** What the next new service begins with. */
  #template: TemplateContent | null = null

  constructor() {
    super()
    this.services = this.fault = this.file = null
    this.wanted = ''
    this.starting = false
    const preset = localePresets.find((one) => one.language === language()) ?? localePresets[0]
    this.region = preset?.region ?? ''
    this.chosen = [language()]
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#load()
    // The preview and the schemas come with it, after the list.
    void import('./template-picker.ts')
  }

  async #load() {
    this.fault = null
    try {
      this.services = await this.api.services()
      await this.#startFrom()
    } catch (error) {
      this.#explain(error)
    }
  }

  /** The languages that the agency's new services start with, unless somebody has begun to choose. */
  async #startFrom() {
    const before = this.chosen
    if (!mayTry(this.account, 'agency.read')) return
    const { languages = [] } = await this.api.agencySettings()
    if (languages.length > 0 && this.chosen === before) this.chosen = languages
  }

  #explain(error: unknown) {
    if (error instanceof Unreachable) this.fault = say('unreachable')
    else if (error instanceof ApiError) this.fault = say('failed', { detail: error.message })
    else throw error
  }

  #titleOf({ title, id }: ServiceLine): string {
    return (typeof title === 'string' ? title : pickText(title, [language()]).text) || id
  }

  async #create(event: SubmitEvent) {
    event.preventDefault()
    const title = String(new FormData(event.target as HTMLFormElement).get('title') ?? '').trim()
    if (title === '') return
    this.starting = true
    this.fault = null
    const taken = new Set(this.services?.map(({ id }) => id))
    try {
      for (;;) {
        const start = newService({
          title,
          languages: this.chosen,
          region: this.region,
          agency: this.account.agency.name,
          takenIds: taken,
          pageTitle: say('new.firstPage'),
        })
        const definition = this.#template ? (await import('./templates.ts')).fromTemplate(this.#template.definition, start) : start
        try {
          const { id, revision } = await this.api.create(definition)
          if (this.#template?.policy) await this.api.save(id, revision, { definition, policy: this.#template.policy })
          location.hash = `#/services/${id}`
          return
        } catch (error) {
          // Somebody took the name since the list was loaded: on to the next.
          if (!(error instanceof ApiError && error.status === 409) || taken.has(definition.id)) throw error
          taken.add(definition.id)
        }
      }
    } catch (error) {
      this.#explain(error)
    } finally {
      this.starting = false
    }
  }

  /** A copy with all that belongs to it, access rules too, under a name of its own. */
  async #duplicate(service: ServiceLine) {
    this.fault = null
    try {
      const { definition, policy } = await this.api.open(service.id)
      const id = slugFrom(service.id, new Set(this.services?.map((one) => one.id)))
      const title = Object.fromEntries(Object.entries(definition.title).map(([tag, text]) => [tag, `${text} (2)`]))
      const copy = { ...definition, id, title }
      const { revision } = await this.api.create(copy)
      await this.api.save(id, revision, { definition: copy, policy })
      location.hash = `#/services/${id}`
    } catch (error) {
      this.#explain(error)
    }
  }

  /** A service of our own that follows what this one publishes. */
  async #makeOwn(service: ServiceLine) {
    this.fault = null
    if (service.publishedVersion === null) return
    try {
      const { definition, policy, version } = await this.api.version(service.id, service.publishedVersion)
      const content = baseContent(definition)
      const kept = await this.api.keep('base', { title: definition.title, content })
      const id = slugFrom(service.id, new Set(this.services?.map((one) => one.id)))
      const own = withBase({ ...content.definition, id }, { from: `service:${service.id}`, version, content: kept.id })
      const { revision } = await this.api.create(own)
      await this.api.save(id, revision, { definition: own, policy })
      location.hash = `#/services/${id}`
    } catch (error) {
      this.#explain(error)
    }
  }

  async #choose(input: HTMLInputElement) {
    const [file] = input.files ?? []
    if (!file) return
    // Lint and the validators come with it: only those who bring a file load them.
    await import('./import-service.ts')
    this.file = file
    input.value = ''
  }

  #bring() {
    return html`<section class="card stack" aria-labelledby="bring-title">
      <h2 id="bring-title">${say('exchange.bring')}</h2>
      <div class="field"><label for="service-file">${say('exchange.choose')}</label>
        <input type="file" id="service-file" accept=".json,application/json" aria-describedby="service-file-help" @change=${(event: Event) => void this.#choose(event.target as HTMLInputElement)}>
        <p class="help" id="service-file-help">${say('exchange.help')}</p></div>
      ${
        this.file
          ? html`<builder-import .file=${this.file} .api=${this.api} .taken=${new Set(this.services?.map(({ id }) => id))}
            @builder-imported=${(event: ImportedEvent) => (location.hash = `#/services/${event.service}`)}></builder-import>`
          : nothing
      }
    </section>`
  }

  #list() {
    if (!this.services)
      return this.fault
        ? html`<div><button type="button" @click=${() => void this.#load()}>${say('retry')}</button></div>`
        : html`<p role="status">${say('loading')}</p>`
    const wanted = this.wanted.trim().toLocaleLowerCase()
    const found = this.services.filter((service) => `${this.#titleOf(service)} ${service.id}`.toLocaleLowerCase().includes(wanted))
    const when = new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' })
    return html`
      ${
        this.services.length > 0
          ? html`<div class="field"><label for="wanted">${say('services.search')}</label>
            <input id="wanted" type="search" autocomplete="off" .value=${this.wanted} @input=${(event: Event) => (this.wanted = (event.target as HTMLInputElement).value)}></div>
            <p class="unseen" role="status">${say('services.count', { count: found.length })}</p>`
          : html`<p class="help">${say('services.none')}</p>`
      }
      <ul class="services">${found.map((service) => {
        const saved = Date.parse(service.savedAt)
        return html`<li><a href="#/services/${service.id}">${this.#titleOf(service)}</a>
          <span class="help">${service.publishedVersion ? say('services.published', { version: service.publishedVersion }) : say('services.draft')}</span>
          <span class="help"><bdi>${service.id}</bdi>${Number.isNaN(saved) ? nothing : html` · ${say('services.saved', { when: when.format(saved) })}`}</span>
          <button type="button" class="small" data-duplicate=${service.id} @click=${() => void this.#duplicate(service)}>${say('services.duplicate', { title: this.#titleOf(service) })}</button>
          ${service.publishedVersion ? html`<button type="button" class="small" data-own=${service.id} @click=${() => void this.#makeOwn(service)}>${say('base.own', { title: this.#titleOf(service) })}</button>` : nothing}</li>`
      })}</ul>
    `
  }

  #new() {
    const regions = new Intl.DisplayNames([language()], { type: 'region' })
    const offered = [...new Set([...this.chosen, ...builderLanguages])]
    return html`<form class="card stack" aria-labelledby="new-title" @submit=${(event: SubmitEvent) => void this.#create(event)}>
      <h2 id="new-title">${say('new.title')}</h2>
      <div class="field"><label for="title">${say('new.name')}</label><input id="title" name="title" required maxlength="200" autocomplete="off" dir="auto" aria-describedby="name-help">
        <p class="help" id="name-help">${say('new.nameHelp', { language: languageName(this.chosen[0] as string) })}</p></div>
      <builder-templates .api=${this.api} .agency=${this.account.agency.id} @builder-template=${({ content }: TemplateEvent) => (this.#template = content)}></builder-templates>
      <fieldset><legend>${say('new.languages')}</legend>
        <div class="ticks">${offered.map(
          (tag) => html`<div class="tick"><input type="checkbox" id="language-${tag}" .checked=${this.chosen.includes(tag)}
            @change=${(event: Event) => {
              const { checked } = event.target as HTMLInputElement
              const next = checked ? [...this.chosen, tag] : this.chosen.filter((other) => other !== tag)
              if (next.length > 0) this.chosen = next
              else (event.target as HTMLInputElement).checked = true
            }}><label for="language-${tag}">${languageName(tag)}</label></div>`,
        )}</div></fieldset>
      <div class="field"><label for="region">${say('new.region')}</label>
        <select id="region" aria-describedby="region-help" @change=${(event: Event) => (this.region = (event.target as HTMLSelectElement).value)}>
          ${localePresets.map(({ region, locale }) => html`<option value=${region} .selected=${region === this.region}>${regions.of(region)} – ${locale.currency}</option>`)}
        </select>
        <p class="help" id="region-help">${say('new.regionHelp')}</p></div>
      <div><button class="primary" ?disabled=${this.starting}>${say('new.button')}</button></div>
    </form>`
  }

  protected override render() {
    return html`
      <h1 tabindex="-1">${say('services.title')}</h1>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${this.#list()}${this.#new()}${this.#bring()}
    `
  }
}
customElements.define('builder-services', ServicesScreen)

declare global {
  interface HTMLElementTagNameMap {
    'builder-services': ServicesScreen
  }
}
