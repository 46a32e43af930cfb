/** The builder: which screen stands, by the address and by who is signed in. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { type Account, type Api, ApiError, httpApi, type SavedService, Unreachable } from './api.ts'
import { Localized, say } from './language.ts'
import './services-screen.ts'
import './setup-screen.ts'
import '@guichet/staff/sign-in-screen'
import '@guichet/staff/top-bar'
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'

/** Screens beside the editor, by what stands in the address; each is loaded when somebody goes there. */
const places = {
  services: null,
  people: () => import('./people/people-screen.ts'),
  agency: () => import('./people/agency-screen.ts'),
  agencies: () => import('./people/agencies-screen.ts'),
  account: () => import('./people/account-screen.ts'),
} as const
type Place = keyof typeof places

/** Milliseconds in which nothing is said. */
const patience = 400

type Screen =
  | { name: 'loading' }
  | { name: 'setup'; token: string }
  | { name: 'sign-in' }
  | { name: 'invitation'; token: string }
  | { name: Place }
  | { name: 'editor'; saved: SavedService }
  | { name: 'failed'; why: string }

export class BuilderApp extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .page { max-inline-size: 48rem; margin-inline: auto; padding: 1.5rem 1rem 3rem; }
      .narrow { max-inline-size: 28rem; }
      nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
      nav a { display: inline-block; padding-block: 0.25rem; }
      nav a[aria-current] { font-weight: 650; text-decoration: none; color: var(--text); }
    `,
  ]
  static override readonly properties = { api: { attribute: false }, screen: { state: true }, account: { state: true } }
  declare api: Api
  declare protected screen: Screen
  declare protected account: Account | null

  constructor() {
    super()
    this.api = httpApi()
    this.screen = { name: 'loading' }
    this.account = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    addEventListener('hashchange', this.#go)
    this.#went = this.#go()
  }

  #went: Promise<void> | undefined
  /** That it is loading is said where that takes a moment: to draw it takes as long as what it says is waited for. */
  protected override async scheduleUpdate() {
    if (!this.hasUpdated) await Promise.race([this.#went, new Promise((resolve) => setTimeout(resolve, patience))])
    await super.scheduleUpdate()
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    removeEventListener('hashchange', this.#go)
  }

  readonly #go = async () => {
    const token = /^#setup=(.+)$/.exec(location.hash)?.[1]
    if (token) {
      this.screen = { name: 'setup', token: decodeURIComponent(token) }
      return
    }
    const invitation = /^#invitation=(.+)$/.exec(location.hash)?.[1]
    try {
      if (invitation) {
        await import('./people/invitation-screen.ts')
        this.screen = { name: 'invitation', token: decodeURIComponent(invitation) }
        return
      }
      const id = /^#\/services\/([a-z0-9-]+)$/.exec(location.hash)?.[1]
      // Asked for beside who is asking: where nobody is signed in, the server refuses it.
      const opened = id ? this.api.open(id) : null
      opened?.catch(() => {})
      this.account ??= await this.api.whoAmI()
      if (!this.account) {
        this.screen = { name: 'sign-in' }
        return
      }
      if (!opened) {
        const name = this.#placeOf(this.account)
        await places[name]?.()
        this.screen = { name }
        return
      }
      // The editor is half of the code: only those who edit load it.
      const [saved] = await Promise.all([opened, import('./editor-screen.ts').then(({ learnTypes }) => learnTypes())])
      this.screen = { name: 'editor', saved }
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        this.account = null
        this.screen = { name: 'sign-in' }
      } else if (error instanceof Unreachable) this.screen = { name: 'failed', why: say('unreachable') }
      else if (error instanceof ApiError)
        this.screen = { name: 'failed', why: error.status === 404 ? say('services.gone') : say('failed', { detail: error.message }) }
      else throw error
    }
  }

  /** Where the address leads, if they may go there: somebody who has to secure their account first goes nowhere else. */
  #placeOf(account: Account): Place {
    if (account.secondFactor?.missing) return 'account'
    const wanted = /^#\/([a-z]+)$/.exec(location.hash)?.[1] ?? ''
    return this.#open(account).find((name) => name === wanted) ?? (account.operator ? 'agencies' : mayTry(account, 'service.read') ? 'services' : 'account')
  }

  #open = (account: Account): Place[] => [
    ...(mayTry(account, 'service.read') ? (['services'] as const) : []),
    ...(account.operator ? (['agencies'] as const) : []),
    ...(mayTry(account, 'people.read') ? (['people'] as const) : []),
    ...(mayTry(account, 'agency.settings') ? (['agency'] as const) : []),
    'account',
  ]

  readonly #secured = () => {
    void this.api.whoAmI().then((account) => (this.account = account ?? this.account))
  }

  readonly #entered = () => {
    // The one-time link has done its work; it should not stay in the address.
    if (/^#(setup|invitation)=/.test(location.hash)) history.replaceState(null, '', `${location.pathname}#/`)
    this.account = null
    void this.#go()
  }

  async #signOut() {
    await this.api.signOut().catch(() => {})
    // What stood there is about somebody who is gone.
    this.screen = { name: 'loading' }
    this.account = null
    location.hash = '#/'
    void this.#go()
  }

  protected override updated(changed: PropertyValues) {
    const before = (changed as Map<PropertyKey, unknown>).get('screen') as Screen | undefined
    if (!changed.has('screen') || this.screen.name === 'loading' || (before?.name === this.screen.name && before.name !== 'editor')) return
    // A new screen is read from its heading on. With the next frame: before it, all would have to be laid out for the focus, and then again.
    const screen = this.renderRoot.querySelector<LitElement>('[data-screen]')
    void screen?.updateComplete?.then(() => requestAnimationFrame(() => screen.renderRoot.querySelector<HTMLElement>('h1')?.focus()))
  }

  #screen() {
    const { screen, api } = this
    switch (screen.name) {
      case 'loading':
        return html`<div class="page"><p role="status">${say('loading')}</p></div>`
      case 'setup':
        return html`<main class="page narrow"><builder-setup data-screen .api=${api} .token=${screen.token} @builder-entered=${this.#entered}></builder-setup></main>`
      case 'sign-in':
        return html`<main class="page narrow"><staff-sign-in data-screen .api=${api} @staff-entered=${this.#entered}></staff-sign-in></main>`
      case 'services':
        return html`<main class="page"><builder-services data-screen .api=${api} .account=${this.account}></builder-services></main>`
      case 'people':
        return html`<main class="page"><builder-people data-screen .account=${this.account}></builder-people></main>`
      case 'agency':
        return html`<main class="page"><builder-agency data-screen .account=${this.account} @builder-left=${() => void this.#signOut()}></builder-agency></main>`
      case 'agencies':
        return html`<main class="page"><builder-agencies data-screen></builder-agencies></main>`
      case 'account':
        return html`<main class="page"><builder-account data-screen .account=${this.account} @builder-secured=${this.#secured}></builder-account></main>`
      case 'invitation':
        return html`<main class="page narrow"><builder-invitation data-screen .token=${screen.token} @builder-entered=${this.#entered}></builder-invitation></main>`
      case 'failed':
        return html`<main class="page stack"><p class="note bad" role="alert">${screen.why}</p>
          <div class="row"><button type="button" @click=${() => void this.#go()}>${say('retry')}</button><a href="#/">${say('editor.back')}</a></div></main>`
      case 'editor':
        return html`<builder-editor data-screen .api=${api} .account=${this.account} .saved=${screen.saved}></builder-editor>`
    }
  }

  protected override render() {
    return html`
      <staff-top-bar .account=${this.account} @staff-leave=${() => void this.#signOut()}>${
        this.account && this.screen.name !== 'editor'
          ? html`<nav aria-label=${say('nav.label')}><ul>${this.#open(this.account).map(
              (name) => html`<li><a href="#/${name}" aria-current=${this.screen.name === name ? 'page' : nothing}>${say(`nav.${name}`)}</a></li>`,
            )}</ul></nav>`
          : nothing
      }</staff-top-bar>
      ${this.#screen()}
    `
  }
}
declare global {
  interface HTMLElementTagNameMap {
    'builder-app': BuilderApp
  }
}
