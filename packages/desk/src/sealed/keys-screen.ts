/**
 * Keys of sealed services: one's own, the recovery kit, and who may open what. All of it happens in this browser; the
 * server gets public keys, and private ones that it cannot open. The steps: docs/sealed.md.
 */
import { joinShares, type KeyPair, keyId, leastLength, newKeyPair, SharesDoNotFit, schemes, splitKey, unwrapKey, wrapKey } from '@guichet/sealing'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Account, Person } from '../api.ts'
import { Localized, type MessageKey, say } from '../language.ts'
import { momentText, plainText } from '../names.ts'
import type { KeyholderService, OfficerKey, OwnKeys, RecoveryKey, ServiceKeys } from './api.ts'
import { NoAccess, newEpoch } from './key-ring.ts'
import { faultOf, theApi, theRing } from './sealed-answers.ts'

/** A recovery key that is made and not published: its shares are shown once. */
interface Kit {
  pair: KeyPair
  number: number
  needed: number
  shares: string[]
  id: string
}

export class KeysScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); max-inline-size: 52rem; }
      .print { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
      .share { border: 1px solid var(--line); padding: 1rem; border-radius: var(--corner); break-inside: avoid; }
      .share .code { font-size: 1.15rem; }
      @media print { .no-print { display: none !important; } .share { break-after: page; border: 0; } }
    `,
  ]
  static override readonly properties = {
    account: { attribute: false },
    colleagues: { attribute: false },
    own: { state: true },
    officers: { state: true },
    recovery: { state: true },
    services: { state: true },
    service: { state: true },
    kit: { state: true },
    fault: { state: true },
    told: { state: true },
    busy: { state: true },
    unlocked: { state: true },
  }
  declare account: Account
  declare colleagues: readonly Person[]
  declare protected own: OwnKeys | null
  /** Null: this is not theirs to do. */
  declare protected officers: OfficerKey[] | null
  declare protected recovery: RecoveryKey | null
  declare protected services: KeyholderService[]
  declare protected service: ServiceKeys | null
  declare protected kit: Kit | null
  declare protected fault: { at: string; text: string } | null
  declare protected told: string
  declare protected busy: boolean
  declare protected unlocked: boolean

  constructor() {
    super()
    this.colleagues = []
    this.own = this.officers = this.recovery = this.service = this.kit = this.fault = null
    this.services = []
    this.told = ''
    this.busy = false
    this.unlocked = theRing.open
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#load()
  }

  async #load() {
    try {
      this.own = await theApi.own()
      this.services = (await theApi.services()).services
      const known = await theApi.officers().catch(() => null)
      this.officers = known?.officers ?? null
      this.recovery = known?.recovery ?? null
    } catch (error) {
      this.fault = { at: 'page', text: faultOf(error) }
    }
  }

  /** Does something for a part of the page: its fault stands there, and what came of it is told. */
  async #do(at: string, work: () => Promise<string>) {
    if (this.busy) return
    this.busy = true
    this.fault = null
    this.told = say('keys.working')
    try {
      this.told = await work()
    } catch (error) {
      this.told = ''
      this.fault = { at, text: error instanceof SharesDoNotFit ? sharesFault(error) : faultOf(error) }
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('[role=alert]')?.focus()
    } finally {
      this.busy = false
      this.unlocked = theRing.open
    }
  }

  #refuse(at: string, key: MessageKey, params = {}) {
    this.fault = { at, text: say(key, params) }
  }

  readonly #ownKey = (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    const [passphrase, again, before] = ['passphrase', 'again', 'before'].map((name) => String(data.get(name) ?? ''))
    if (data.has('again') && (passphrase as string).normalize('NFKC').trim().length < leastLength)
      return this.#refuse('own', 'keys.short', { count: leastLength })
    if (data.has('again') && passphrase !== again) return this.#refuse('own', 'keys.differ')
    void this.#do('own', async () => {
      if (data.has('before')) await theRing.relock(before as string, passphrase as string)
      else if (data.has('again')) await theRing.make(passphrase as string)
      else await theRing.unlock(passphrase as string)
      form.reset()
      await this.#load()
      return say(data.has('before') ? 'keys.changed' : data.has('again') ? 'keys.made' : 'keys.unlocked')
    })
  }

  readonly #makeKit = (event: SubmitEvent) => {
    event.preventDefault()
    const scheme = schemes[Number(new FormData(event.target as HTMLFormElement).get('scheme'))] ?? schemes[0]!
    void this.#do('recovery', async () => {
      const pair = await newKeyPair()
      this.kit = { pair, number: (this.recovery?.number ?? 0) + 1, needed: scheme.needed, shares: await splitKey(pair, scheme), id: await keyId(pair.public) }
      return say('keys.kitMade')
    })
  }

  readonly #publishKit = (event: SubmitEvent) => {
    event.preventDefault()
    const { kit } = this
    if (!kit) return
    // What was typed back shows that the paper can be read.
    const typed = String(new FormData(event.target as HTMLFormElement).get('typed'))
    void this.#do('recovery', async () => {
      const others = kit.shares.slice(1, kit.needed)
      await joinShares([typed, ...others], kit.pair.public)
      await theApi.publishRecovery({ number: kit.number, publicKey: kit.pair.public })
      this.kit = null
      await this.#load()
      return say('keys.kitPublished')
    })
  }

  readonly #choose = (event: Event) => {
    const id = (event.target as HTMLSelectElement).value
    this.service = null
    if (id)
      void this.#do('service', async () => {
        this.service = await theApi.service(id)
        return ''
      })
  }

  readonly #publishEpoch = (event: SubmitEvent) => {
    event.preventDefault()
    const { service } = this
    const chosen = new FormData(event.target as HTMLFormElement).getAll('officer').map(String)
    if (!service) return
    if (!this.recovery) return this.#refuse('service', 'keys.recoveryFirst')
    if (chosen.length === 0) return this.#refuse('service', 'keys.nobody')
    void this.#do('service', async () => {
      const made = await newEpoch({ ...service, recovery: this.recovery }, chosen)
      await theApi.publishEpoch(service.service, made)
      const keys = await theApi.service(service.service)
      // The older keys for those who had none of them yet, such as a new recovery key: only somebody who may open can do that.
      if (theRing.open)
        await this.#shareAll(
          keys,
          made.wraps.map(({ forKey }) => forKey),
        )
      this.service = await theApi.service(service.service)
      return say('keys.epochMade', { number: this.service.epochs[0]?.epoch ?? 1 })
    })
  }

  /** Every key of a service for everybody who has not got it. `all`: it fails where one cannot be shared. */
  async #shareAll(keys: ServiceKeys, users: readonly string[], all = false) {
    for (const { epoch } of keys.epochs) {
      for (const forKey of users) {
        if (keys.wraps.some((wrap) => wrap.epoch === epoch && wrap.forKey === forKey)) continue
        const wrap = await theRing.wrapFor(keys, epoch, forKey).catch((error) => {
          if (all || !(error instanceof NoAccess)) throw error
          return null
        })
        if (wrap) await theApi.share(keys.service, wrap)
      }
    }
  }

  async #letIn(officer: OfficerKey) {
    const { service } = this
    if (!service) return
    await this.#do('service', async () => {
      await this.#shareAll(service, [officer.publicKey], true)
      this.service = await theApi.service(service.service)
      return say('keys.letIn', { name: this.#name(officer.user) })
    })
  }

  /** All who could open are gone: the recovery key opens the service's keys for oneself. */
  readonly #recover = (event: SubmitEvent) => {
    event.preventDefault()
    const { service, own, recovery } = this
    const typed = String(new FormData(event.target as HTMLFormElement).get('shares'))
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    const mine = own?.keys[0]?.publicKey
    if (!service || !recovery) return
    if (!mine) return this.#refuse('recover', 'keys.ownFirst')
    void this.#do('recover', async () => {
      const pair = await joinShares(typed, recovery.publicKey)
      for (const { epoch, publicKey: key } of service.epochs) {
        const place = { agency: service.agency, service: service.service, epoch, key }
        const wrap = service.wraps.find((one) => one.epoch === epoch && one.forKey === recovery.publicKey)
        if (!wrap || service.wraps.some((one) => one.epoch === epoch && one.forKey === mine)) continue
        const found = await unwrapKey(wrap, { ...place, to: recovery.publicKey }, pair)
        await theApi.share(service.service, { epoch, forKey: mine, ...(await wrapKey(found.private, { ...place, to: mine })) })
      }
      this.service = await theApi.service(service.service)
      return say('keys.recovered')
    })
  }

  #name(user: string) {
    return user === this.account.user.id ? this.account.user.name : (this.colleagues.find(({ id }) => id === user)?.name ?? user)
  }

  #wrong(at: string) {
    return this.fault?.at === at ? html`<p class="note bad" role="alert" tabindex="-1">${this.fault.text}</p>` : nothing
  }

  #passphrases(isNew: boolean) {
    return html`<div class="field"><label for="own-passphrase">${say(isNew ? 'keys.newPassphrase' : 'sealed.passphrase')}</label>
        ${isNew ? html`<p class="help" id="own-help">${say('keys.passphraseHelp', { count: leastLength })}</p>` : nothing}
        <input id="own-passphrase" name="passphrase" type="password" required autocomplete="off" aria-describedby=${isNew ? 'own-help' : nothing}></div>
      ${isNew ? html`<div class="field"><label for="own-again">${say('keys.again')}</label><input id="own-again" name="again" type="password" required autocomplete="off"></div>` : nothing}`
  }

  #ownPart(own: OwnKeys) {
    const [newest] = own.keys
    const button = (key: MessageKey) => html`<div><button class="primary" aria-disabled=${this.busy}>${say(this.busy ? 'keys.working' : key)}</button></div>`
    return html`<section class="card stack no-print" aria-labelledby="own"><h2 id="own">${say('keys.own')}</h2>
      ${this.#wrong('own')}
      ${
        newest
          ? html`<p>${say(this.unlocked ? 'keys.isOpen' : 'keys.isLocked')}</p>
              ${this.unlocked ? nothing : html`<form class="stack" @submit=${this.#ownKey}>${this.#passphrases(false)}${button('keys.unlock')}</form>`}
              <details><summary>${say('keys.change')}</summary>
                <form class="stack" @submit=${this.#ownKey}>
                  <div class="field"><label for="own-before">${say('keys.before')}</label><input id="own-before" name="before" type="password" required autocomplete="off"></div>
                  <div class="field"><label for="own-next">${say('keys.newPassphrase')}</label><input id="own-next" name="passphrase" type="password" required autocomplete="off"></div>
                  <div class="field"><label for="own-next-again">${say('keys.again')}</label><input id="own-next-again" name="again" type="password" required autocomplete="off"></div>
                  ${button('keys.change')}
                </form></details>`
          : html`<p>${say('keys.ownWhat')}</p><form class="stack" @submit=${this.#ownKey}>${this.#passphrases(true)}${button('keys.make')}</form>`
      }</section>`
  }

  #kitPart(kit: Kit): TemplateResult {
    return html`<div class="stack">
      <p class="note careful no-print">${say('keys.kitNow')}</p>
      ${kit.shares.map(
        (share, i) => html`<div class="share"><h3>${say('keys.share', { number: i + 1, count: kit.shares.length })} · ${this.account.agency.name}</h3>
          <p>${say('keys.shareWhat', { needed: kit.needed, count: kit.shares.length })}</p>
          <p class="print code" dir="ltr" translate="no">${share}</p>
          <p class="help print" dir="ltr">${kit.id}</p></div>`,
      )}
      <div class="no-print stack">
        <div><button type="button" @click=${() => print()}>${say('keys.print')}</button></div>
        <form class="stack" @submit=${this.#publishKit}>
          <div class="field"><label for="typed">${say('keys.typeBack')}</label><input id="typed" name="typed" required autocomplete="off" spellcheck="false" dir="ltr" class="code"></div>
          <div><button class="primary" aria-disabled=${this.busy}>${say('keys.publishKit')}</button></div>
        </form>
      </div></div>`
  }

  #recoveryPart() {
    const { recovery, kit } = this
    return html`<section class="card stack" aria-labelledby="recovery"><h2 id="recovery">${say('keys.recovery')}</h2>
      ${this.#wrong('recovery')}
      <p class="no-print">${recovery ? say('keys.recoverySince', { date: momentText(recovery.createdAt) }) : say('keys.recoveryWhat')}</p>
      ${
        kit
          ? this.#kitPart(kit)
          : html`<form class="stack no-print" @submit=${this.#makeKit}>
              <fieldset class="stack"><legend>${say('keys.scheme')}</legend>
                ${schemes.map(
                  ({ count, needed }, i) =>
                    html`<div class="tick"><input type="radio" id="scheme-${i}" name="scheme" value=${i} ?checked=${i === 0}><label for="scheme-${i}">${say('keys.schemeOf', { needed, count })}</label></div>`,
                )}</fieldset>
              <div><button class=${recovery ? '' : 'primary'} aria-disabled=${this.busy}>${say(recovery ? 'keys.newKit' : 'keys.makeKit')}</button></div></form>`
      }</section>`
  }

  #servicePart(officers: OfficerKey[]) {
    const { service } = this
    return html`<section class="card stack no-print" aria-labelledby="services"><h2 id="services">${say('keys.services')}</h2>
      ${this.#wrong('service')}
      <div class="field"><label for="service">${say('keys.service')}</label>
        <select id="service" @change=${this.#choose}><option value="">${say('keys.choose')}</option>
          ${this.services.map(({ id, title }) => html`<option value=${id}>${plainText(title, Object.keys(title)) || id}</option>`)}</select></div>
      ${service ? this.#epochs(service, officers) : nothing}</section>`
  }

  #epochs(service: ServiceKeys, officers: OfficerKey[]) {
    const [newest] = service.epochs
    const has = ({ publicKey }: OfficerKey) =>
      service.epochs.every(({ epoch }) => service.wraps.some((wrap) => wrap.epoch === epoch && wrap.forKey === publicKey))
    return html`
      ${
        newest
          ? html`<p>${say('keys.epochSince', { number: newest.epoch, date: momentText(newest.createdAt) })}</p>
              <ul class="stack">${officers.map(
                (officer) => html`<li class="row spread"><span><bdi>${this.#name(officer.user)}</bdi>: ${say(has(officer) ? 'keys.may' : 'keys.mayNot')}</span>
                  ${has(officer) || !this.unlocked ? nothing : html`<button type="button" class="small" aria-disabled=${this.busy} @click=${() => void this.#letIn(officer)}>${say('keys.let')}<span class="unseen"> ${this.#name(officer.user)}</span></button>`}</li>`,
              )}</ul>
              ${service.fingerprint ? html`<div class="field"><label for="pin">${say('keys.pin')}</label><p class="help" id="pin-help">${say('keys.pinWhat')}</p><input id="pin" readonly dir="ltr" class="code" aria-describedby="pin-help" .value=${`data-keys="${service.fingerprint}"`}></div>` : nothing}`
          : html`<p>${say('keys.noEpoch')}</p>`
      }
      <form class="stack" @submit=${this.#publishEpoch}>
        <fieldset class="stack"><legend>${say('keys.whoMay')}</legend>
          ${officers.length === 0 ? html`<p>${say('keys.noOfficers')}</p>` : nothing}
          ${officers.map(
            ({ user, publicKey }) =>
              html`<div class="tick"><input type="checkbox" id="officer-${user}" name="officer" value=${publicKey} ?checked=${!newest || service.wraps.some((wrap) => wrap.forKey === publicKey)}><label for="officer-${user}"><bdi>${this.#name(user)}</bdi></label></div>`,
          )}</fieldset>
        ${newest ? html`<p class="help">${say('keys.newEpochWhat')}</p>` : nothing}
        <div><button class=${newest ? '' : 'primary'} aria-disabled=${this.busy}>${say(newest ? 'keys.newEpoch' : 'keys.firstEpoch')}</button></div>
      </form>
      ${
        newest && service.recovery
          ? html`<details><summary>${say('keys.recover')}</summary>
              <form class="stack" @submit=${this.#recover}>${this.#wrong('recover')}
                <div class="field"><label for="shares">${say('keys.shares')}</label><p class="help" id="shares-help">${say('keys.sharesHelp')}</p>
                  <textarea id="shares" name="shares" class="code" rows="3" required dir="ltr" spellcheck="false" aria-describedby="shares-help"></textarea></div>
                <div><button aria-disabled=${this.busy}>${say('keys.recoverNow')}</button></div></form></details>`
          : nothing
      }`
  }

  protected override render() {
    return html`<h1 tabindex="-1" class="no-print">${say('keys.title')}</h1>
      <p class="unseen" role="status">${this.told}</p>
      ${this.told && !this.busy ? html`<p class="note no-print" aria-hidden="true">${this.told}</p>` : nothing}
      ${this.#wrong('page')}
      ${this.own ? this.#ownPart(this.own) : this.fault ? nothing : html`<p role="status">${say('loading')}</p>`}
      ${this.officers ? html`${this.#recoveryPart()}${this.#servicePart(this.officers)}` : nothing}`
  }
}

const sharesFault = ({ why, at }: SharesDoNotFit) => say(`keys.shares.${why}`, { number: (at ?? 0) + 1 })

customElements.define('desk-keys', KeysScreen)

declare global {
  interface HTMLElementTagNameMap {
    'desk-keys': KeysScreen
  }
}
