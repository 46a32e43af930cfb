/** The tag to copy, for what is to be shown and for what the page is made with, and the policy that the page needs. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import './copy-box.ts'
import type { Api, EmbedTag } from './api.ts'
import type { Definition } from './editor/edit.ts'
import { Localized, say } from './language.ts'
import { wordsOf } from './people/deeds.ts'

const elements = ['service', 'guide', 'status', 'catalog'] as const
const hosts = ['html', 'cms', 'react', 'vue', 'frame'] as const
const isOneOf = <Name extends string>(names: readonly Name[], name: string): name is Name => (names as readonly string[]).includes(name)

export class EmbedPicker extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .picks { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: 0.75rem; }
    `,
  ]
  static override readonly properties = {
    definition: { attribute: false },
    agency: {},
    element: { state: true },
    host: { state: true },
    pinned: { state: true },
    tags: { state: true },
    fault: { state: true },
  }
  declare definition: Definition
  declare agency: string
  declare api: Api
  declare protected element: (typeof elements)[number]
  declare protected host: (typeof hosts)[number]
  declare protected pinned: boolean
  declare protected tags: readonly EmbedTag[]
  declare protected fault: string | null

  constructor() {
    super()
    this.element = 'service'
    this.host = 'html'
    this.pinned = false
    this.tags = []
    this.fault = null
    new Localized(this)
  }

  override connectedCallback() {
    super.connectedCallback()
    void this.#load()
  }

  /** The sentence that stands where the element could not is in the first language of the service. */
  async #load() {
    const { id, languages } = this.definition
    this.fault = null
    try {
      this.tags = (await this.api.embedding(`${this.agency}/${id}`, languages[0])).tags
    } catch (error) {
      this.fault = wordsOf(error)
    }
  }

  #choose = (event: Event) => {
    const { id, value } = event.target as HTMLSelectElement
    if (id === 'which' && isOneOf(elements, value)) this.element = value
    if (id === 'host' && isOneOf(hosts, value)) this.host = value
    // Only a service is shown in a frame.
    if (this.element !== 'service' && this.host === 'frame') this.host = 'html'
  }

  protected override render() {
    const offered = hosts.filter((host) => host !== 'frame' || this.element === 'service')
    const tag = this.tags.find(({ element, host, pinned }) => element === this.element && host === this.host && pinned === this.pinned)
    const canPin = this.tags.some(({ pinned }) => pinned)
    return html`<div class="stack">
      <div class="picks">
        <div class="field"><label for="which">${say('embed.which')}</label>
          <select id="which" @change=${this.#choose}>
            ${elements.map((element) => html`<option value=${element} ?selected=${element === this.element}>${say(`embed.${element}`)}</option>`)}
          </select></div>
        <div class="field"><label for="host">${say('embed.host')}</label>
          <select id="host" .value=${this.host} @change=${this.#choose}>
            ${offered.map((host) => html`<option value=${host} ?selected=${host === this.host}>${say(`embed.host.${host}`)}</option>`)}
          </select></div>
      </div>
      ${
        canPin
          ? html`<div class="tick"><input type="checkbox" id="pinned" .checked=${this.pinned} aria-describedby="pinned-help"
              @change=${(event: Event) => (this.pinned = (event.target as HTMLInputElement).checked)}>
            <div><label for="pinned">${say('embed.pinned')}</label><p class="help" id="pinned-help">${say('embed.pinnedHelp')}</p></div></div>`
          : nothing
      }
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p><div><button type="button" @click=${() => void this.#load()}>${say('retry')}</button></div>` : nothing}
      ${tag?.pieces.map(({ place, code }) => html`<builder-copy-box data-tag=${place} .label=${say(`embed.place.${place}`)} .text=${code}></builder-copy-box>`)}
      ${tag ? html`<builder-copy-box data-tag="csp" .label=${say('embed.csp')} .text=${tag.policy}></builder-copy-box>` : nothing}
    </div>`
  }
}
customElements.define('builder-embed', EmbedPicker)

declare global {
  interface HTMLElementTagNameMap {
    'builder-embed': EmbedPicker
  }
}
