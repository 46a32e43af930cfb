/**
 * Citizens who are signed in by a provider: how many, and a way to end it, for one of them, for all of a provider or for everybody.
 * Drawn for those who may change the agency's settings; nothing where no provider is or was.
 */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import { Localized, say } from '../language.ts'
import { peopleApi, type SignInsOf, type SignInsWhose } from './api.ts'
import { Deeds } from './deeds.ts'

export class SignIns extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: block; }
      li { overflow-wrap: anywhere; }
    `,
  ]
  static override readonly properties = { providers: { state: true }, sure: { state: true } }
  declare protected providers: readonly SignInsOf[]
  /** What is about to be ended, with the words for it. */
  declare protected sure: { whose: SignInsWhose; words: string } | null
  readonly #api = peopleApi()
  readonly #deeds = new Deeds(this)

  constructor() {
    super()
    this.providers = []
    this.sure = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#deeds.run(() => this.#load())
  }

  async #load() {
    this.providers = await this.#api.signIns()
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog') as HTMLDialogElement
  }

  /** Not while something is under way: the answer would not be heard. */
  async #ask(whose: SignInsWhose, words: string) {
    if (this.#deeds.busy) return
    this.sure = { whose, words }
    await this.updateComplete
    this.#dialog.showModal()
  }

  #askOne(event: SubmitEvent) {
    event.preventDefault()
    const data = new FormData(event.target as HTMLFormElement)
    const provider = this.providers.find(({ id }) => id === data.get('provider'))
    const subject = String(data.get('subject') ?? '').trim()
    if (provider && subject !== '') void this.#ask({ provider: provider.id, subject }, say('signIns.sureOne', { name: subject, provider: provider.title }))
  }

  async #end(whose: SignInsWhose) {
    this.#dialog.close()
    let ended = 0
    const done = await this.#deeds.run(async () => {
      ended = await this.#api.endSignIns(whose)
      await this.#load()
    })
    // How many is known only now.
    if (done) this.#deeds.done = say('signIns.ended', { count: ended })
    this.requestUpdate()
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#outcome')?.focus()
  }

  #line({ id, title, signedIn }: SignInsOf) {
    return html`<li class="row spread" data-provider=${id}><span>${title} · ${say('signIns.count', { count: signedIn })}</span>
      <button type="button" class="small" aria-disabled=${this.#deeds.busy} @click=${() => void this.#ask({ provider: id }, say('signIns.sureProvider', { provider: title }))}>${say('signIns.end')}<span class="unseen"> ${title}</span></button></li>`
  }

  #confirmation() {
    const { sure } = this
    return html`<dialog aria-labelledby="sure">${
      sure
        ? html`<div class="stack"><h2 id="sure">${say('signIns.sure')}</h2><p>${sure.words}</p><p class="help">${say('signIns.again')}</p>
            <div class="row"><button type="button" class="danger" @click=${() => void this.#end(sure.whose)}>${say('signIns.yes')}</button>
              <button type="button" autofocus @click=${() => this.#dialog.close()}>${say('signIns.back')}</button></div></div>`
        : nothing
    }</dialog>`
  }

  protected override render() {
    const { providers } = this
    // What was done stays said, also when it has left nobody.
    if (providers.length === 0 && !this.#deeds.done) return this.#deeds.fault ? this.#deeds.render() : nothing
    return html`<section class="card stack" aria-labelledby="sign-ins"><h2 id="sign-ins">${say('signIns.title')}</h2>
      <p class="help">${say('signIns.about')}</p>
      <div id="outcome" tabindex="-1">${this.#deeds.render()}</div>
      <ul class="stack">${providers.map((one) => this.#line(one))}</ul>
      ${providers.length > 1 ? html`<div><button type="button" aria-disabled=${this.#deeds.busy} @click=${() => void this.#ask({}, say('signIns.sureAll'))}>${say('signIns.endAll')}</button></div>` : nothing}
      ${providers.length === 0 ? nothing : this.#onePerson()}
      ${this.#confirmation()}</section>`
  }

  #onePerson() {
    return html`<details><summary>${say('signIns.one')}</summary>
        <form class="stack" @submit=${(event: SubmitEvent) => this.#askOne(event)}>
          <div class="field"><label for="provider">${say('signIns.provider')}</label>
            <select id="provider" name="provider" required>${this.providers.map(({ id, title }) => html`<option value=${id}>${title}</option>`)}</select></div>
          <div class="field"><label for="subject">${say('signIns.subject')}</label>
            <input id="subject" name="subject" required maxlength="255" dir="ltr" autocomplete="off" aria-describedby="subject-help"><p class="help" id="subject-help">${say('signIns.subjectHelp')}</p></div>
          <div><button>${say('signIns.endOne')}</button></div></form></details>`
  }
}
customElements.define('builder-sign-ins', SignIns)
