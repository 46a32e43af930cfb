/** The builder: which screen stands, by the address and by who is signed in. */
import { css, html, LitElement, type PropertyValues } from 'lit'
import { type Account, type Api, ApiError, httpApi, type SavedService, Unreachable } from './api.ts'
import { Localized, say } from './language.ts'
import './services-screen.ts'
import './setup-screen.ts'
import '@guichet/staff/sign-in-screen'
import '@guichet/staff/top-bar'
import { shared } from '@guichet/staff/styles'

type Screen =
  | { name: 'loading' }
  | { name: 'setup'; token: string }
  | { name: 'sign-in' }
  | { name: 'services' }
  | { name: 'editor'; saved: SavedService }
  | { name: 'failed'; why: string }

export class BuilderApp extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .page { max-inline-size: 48rem; margin-inline: auto; padding: 1.5rem 1rem 3rem; }
      .narrow { max-inline-size: 28rem; }
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
    void this.#go()
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
    try {
      this.account ??= await this.api.whoAmI()
      if (!this.account) {
        this.screen = { name: 'sign-in' }
        return
      }
      const id = /^#\/services\/([a-z0-9-]+)$/.exec(location.hash)?.[1]
      if (!id) {
        this.screen = { name: 'services' }
        return
      }
      // The editor is half of the code: only those who edit load it.
      const [saved] = await Promise.all([this.api.open(id), import('./editor-screen.ts')])
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

  readonly #entered = () => {
    // The one-time link has done its work; it should not stay in the address.
    if (location.hash.startsWith('#setup=')) history.replaceState(null, '', `${location.pathname}#/`)
    this.account = null
    void this.#go()
  }

  async #signOut() {
    await this.api.signOut().catch(() => {})
    this.account = null
    location.hash = '#/'
    void this.#go()
  }

  protected override updated(changed: PropertyValues) {
    const before = (changed as Map<PropertyKey, unknown>).get('screen') as Screen | undefined
    if (!changed.has('screen') || this.screen.name === 'loading' || (before?.name === this.screen.name && before.name !== 'editor')) return
    // A new screen is read from its heading on.
    const screen = this.renderRoot.querySelector<LitElement>('[data-screen]')
    void screen?.updateComplete?.then(() => screen.renderRoot.querySelector<HTMLElement>('h1')?.focus())
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
      case 'failed':
        return html`<main class="page stack"><p class="note bad" role="alert">${screen.why}</p>
          <div class="row"><button type="button" @click=${() => void this.#go()}>${say('retry')}</button><a href="#/">${say('editor.back')}</a></div></main>`
      case 'editor':
        return html`<builder-editor data-screen .api=${api} .account=${this.account} .saved=${screen.saved}></builder-editor>`
    }
  }

  protected override render() {
    return html`
      <staff-top-bar .account=${this.account} @staff-leave=${() => void this.#signOut()}></staff-top-bar>
      ${this.#screen()}
    `
  }
}
customElements.define('builder-app', BuilderApp)

declare global {
  interface HTMLElementTagNameMap {
    'builder-app': BuilderApp
  }
}
