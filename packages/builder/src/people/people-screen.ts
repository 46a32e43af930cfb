/** Who works here, as what; who is invited; and the keys of programs. */
import { type Account, mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, language, say } from '../language.ts'
import { type InvitationLine, type KeyLine, type Membership, type PersonLine, peopleApi } from './api.ts'
import { Deeds } from './deeds.ts'
import './memberships-input.ts'
import '../copy-box.ts'

export const keyPermissions = [
  'service.read',
  'service.edit',
  'service.publish',
  'case.list',
  'case.read',
  'case.decide',
  'case.export',
  'statistics.read',
  'audit.read',
] as const

export class PeopleScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1.25rem; }
      .lines { display: grid; gap: 0.5rem; }
      .lines > li { display: grid; gap: 0.35rem; padding: 0.75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); overflow-wrap: anywhere; }
      .ticks { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 0.4rem 1rem; }
      summary { cursor: pointer; min-block-size: 1.75rem; }
    `,
  ]
  static override readonly properties = {
    account: { attribute: false },
    people: { state: true },
    invitations: { state: true },
    keys: { state: true },
    shown: { state: true },
  }
  declare account: Account
  declare protected people: readonly PersonLine[] | null
  declare protected invitations: readonly InvitationLine[]
  declare protected keys: readonly KeyLine[]
  /** A secret that is to be taken along now, because it is never shown again. */
  declare protected shown: { label: string; text: string; note: string } | null
  readonly #api = peopleApi()
  readonly #deeds = new Deeds(this)

  constructor() {
    super()
    this.people = this.shown = null
    this.invitations = this.keys = []
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#deeds.run(() => this.#load())
  }

  async #load() {
    const [{ people, invitations }, keys] = await Promise.all([this.#api.people(), mayTry(this.account, 'keys.manage') ? this.#api.keys() : []])
    this.people = people
    this.invitations = invitations
    this.keys = keys
  }

  #invite(event: SubmitEvent) {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const email = String(new FormData(form).get('email')).trim()
    const memberships = form.querySelector('builder-memberships')?.value ?? []
    void this.#deeds.run(async () => {
      const { link, mailed } = await this.#api.invite(email, [...memberships], language())
      this.shown = { label: say('people.link'), text: link, note: say(mailed ? 'people.mailed' : 'people.notMailed', { email }) }
      form.reset()
      await this.#load()
    }, say('people.invited'))
  }

  #makeKey(event: SubmitEvent) {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    const services = String(data.get('services'))
      .split(/[\s,]+/)
      .filter((word) => word !== '')
    const key = {
      name: String(data.get('name')).trim(),
      permissions: data.getAll('permission').map(String),
      days: Number(data.get('days')),
      ...(services.length > 0 ? { services } : {}),
    }
    void this.#deeds.run(async () => {
      const made = await this.#api.makeKey(key)
      this.shown = { label: say('keys.secret'), text: made.key, note: say('keys.once') }
      form.reset()
      await this.#load()
    }, say('keys.made'))
  }

  #change = (work: () => Promise<unknown>) => void this.#deeds.run(() => work().then(() => this.#load()), say('people.changed'))
  #roles = (memberships: readonly Membership[]) =>
    memberships
      .map(({ role, services, units }) => {
        const limits = [...(services ?? []), ...(units ?? [])].join(', ')
        return `${say(`role.${role}` as 'role.owner')}${limits ? ` (${limits})` : ''}`
      })
      .join(' · ')

  #person({ id, name, email, state, memberships, secondFactor }: PersonLine) {
    const manage = mayTry(this.account, 'people.manage')
    const save = (event: SubmitEvent) => {
      event.preventDefault()
      const wanted = (event.target as HTMLFormElement).querySelector('builder-memberships')?.value ?? []
      this.#change(() => this.#api.changeMemberships(id, [...wanted]))
    }
    return html`<li>
      <div><strong>${name}</strong> <span dir="ltr">${email}</span></div>
      <div class="help">${this.#roles(memberships)}${state === 'suspended' ? ` – ${say('people.suspended')}` : ''}${secondFactor ? ` – ${say('people.secured')}` : ''}</div>
      ${
        manage
          ? html`<details><summary>${say('people.change', { name })}</summary>
            <form class="stack" @submit=${save}>
              <builder-memberships .value=${memberships} ?operators=${this.account.operator ?? false}></builder-memberships>
              <div class="row"><button class="primary">${say('people.saveRoles')}</button>
                <button type="button" @click=${() => this.#change(() => this.#api.changeState(id, state === 'active' ? 'suspended' : 'active'))}>${say(state === 'active' ? 'people.suspend' : 'people.resume')}</button>
                <button type="button" class="danger" @click=${() => confirm(say('people.removeSure', { name })) && this.#change(() => this.#api.changeState(id, 'removed'))}>${say('people.remove')}</button></div>
            </form></details>`
          : nothing
      }
    </li>`
  }

  #invitations() {
    const when = new Intl.DateTimeFormat(language(), { dateStyle: 'medium' })
    if (this.invitations.length === 0) return nothing
    return html`<section class="stack" aria-labelledby="invited-title"><h2 id="invited-title">${say('people.invitations')}</h2>
      <ul class="lines">${this.invitations.map(
        ({
          id,
          email,
          memberships,
          expiresAt,
        }) => html`<li><div dir="ltr">${email}</div><div class="help">${this.#roles(memberships)} – ${say('people.until', { date: when.format(Date.parse(expiresAt)) })}</div>
          ${mayTry(this.account, 'people.manage') ? html`<div><button type="button" class="small danger" @click=${() => this.#change(() => this.#api.withdraw(id))}>${say('people.withdraw', { email })}</button></div>` : nothing}</li>`,
      )}</ul></section>`
  }

  #keysPart() {
    const when = new Intl.DateTimeFormat(language(), { dateStyle: 'medium' })
    return html`<section class="stack" aria-labelledby="keys-title"><h2 id="keys-title">${say('keys.title')}</h2><p class="help">${say('keys.text')}</p>
      <ul class="lines">${this.keys.map(
        (key) => html`<li><div><strong>${key.name}</strong></div>
          <div class="help">${key.permissions.map((one) => say(`key.${one}` as 'key.case.list')).join(' · ')}${key.services ? ` (${key.services.join(', ')})` : ''}</div>
          <div class="help">${key.revokedAt ? say('keys.revoked') : say('keys.until', { date: when.format(Date.parse(key.expiresAt)) })} – ${key.usedOn ? say('keys.used', { date: when.format(Date.parse(key.usedOn)) }) : say('keys.unused')}</div>
          ${key.revokedAt ? nothing : html`<div><button type="button" class="small danger" @click=${() => this.#change(() => this.#api.revokeKey(key.id))}>${say('keys.revoke', { name: key.name })}</button></div>`}</li>`,
      )}</ul>
      <form class="card stack" @submit=${(event: SubmitEvent) => this.#makeKey(event)}>
        <h3>${say('keys.new')}</h3>
        <div class="field"><label for="key-name">${say('keys.name')}</label><input id="key-name" name="name" required maxlength="200"></div>
        <fieldset><legend>${say('keys.may')}</legend><div class="ticks">${keyPermissions.map(
          (one) =>
            html`<div class="tick"><input type="checkbox" id="may-${one}" name="permission" value=${one}><label for="may-${one}">${say(`key.${one}` as 'key.case.list')}</label></div>`,
        )}</div></fieldset>
        <div class="field"><label for="key-services">${say('people.services')}</label><input id="key-services" name="services" dir="ltr"></div>
        <div class="field"><label for="key-days">${say('keys.days')}</label><input id="key-days" name="days" type="number" required min="1" max="366" value="90"></div>
        <div><button class="primary">${say('keys.make')}</button></div>
      </form></section>`
  }

  protected override render() {
    return html`<h1 tabindex="-1">${say(this.account.operator ? 'people.operators' : 'people.title')}</h1>
      ${this.#deeds.render()}
      ${this.shown ? html`<section class="card stack" aria-label=${this.shown.label}><p class="note careful">${this.shown.note}</p><builder-copy-box .label=${this.shown.label} .text=${this.shown.text}></builder-copy-box></section>` : nothing}
      ${this.people ? html`<ul class="lines">${this.people.map((person) => this.#person(person))}</ul>` : html`<p role="status">${say('loading')}</p>`}
      ${this.#invitations()}
      ${
        mayTry(this.account, 'people.manage')
          ? html`<form class="card stack" @submit=${(event: SubmitEvent) => this.#invite(event)}>
            <h2>${say('people.invite')}</h2>
            <div class="field"><label for="invite-email">${say('signIn.email')}</label><input id="invite-email" name="email" type="email" required dir="ltr" autocomplete="off"></div>
            <builder-memberships .value=${[{ role: this.account.operator ? 'operator' : 'editor' }]} ?operators=${this.account.operator ?? false}></builder-memberships>
            <div><button class="primary">${say('people.inviteButton')}</button></div></form>`
          : nothing
      }
      ${mayTry(this.account, 'keys.manage') ? this.#keysPart() : nothing}`
  }
}
customElements.define('builder-people', PeopleScreen)
