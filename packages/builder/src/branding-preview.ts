/**
 * How the service looks to those who use it: on a telephone, on a desk, in the dark, and from right to left, drawn by the runtime
 * itself and made smaller. They are pictures to compare: nobody types into them, and the preview beside is the one to try.
 */
import { compile, directionOf } from '@guichet/core'
import { contrast } from '@guichet/core/colour'
import { surface } from '@guichet/core/surface'
import { tokensIn } from '@guichet/core/theme'
import { definePreview, type GuichetService } from '@guichet/runtime'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Definition } from './editor/edit.ts'
import { fieldTypes, outsideModules } from './known-types.ts'
import { Localized, say } from './language.ts'
import { previewView } from './preview-view.ts'

definePreview(undefined, fieldTypes)

const looks = ['phone', 'desktop', 'dark', 'rtl'] as const
type Look = (typeof looks)[number]

/** A look that is a language of the other direction speaks one that the service has, or else the runtime's own. */
const rightToLeft = ({ languages }: Definition) => languages.find((tag) => directionOf(tag) === 'rtl') ?? 'fa'

export class BrandingPreview extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 0.75rem; }
      .looks { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 10.5rem), 1fr)); }
      figure { display: grid; gap: 0.25rem; margin: 0; align-content: start; }
      .frame { block-size: 17rem; overflow: hidden; border: 1px solid var(--control-line); border-radius: var(--corner); background: light-dark(#ffffff, #15181c); color-scheme: light; }
      .frame.dark { color-scheme: dark; }
      .frame.phone { max-inline-size: 10rem; border-width: 2px; border-radius: 0.9rem; }
      .frame > * { zoom: 0.45; padding: 1.5rem; box-sizing: border-box; }
      .frame.desktop > * { zoom: 0.3; }
    `,
  ]
  static override readonly properties = { definition: { attribute: false }, agency: {}, paused: { state: true } }
  declare definition: Definition
  declare agency: string
  /** The draft cannot be run: the last one that could is shown. */
  declare protected paused: boolean

  readonly #services = new Map<Look, GuichetService>(looks.map((look) => [look, document.createElement('guichet-service') as GuichetService]))

  constructor() {
    super()
    this.paused = false
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('definition')) void this.#draw()
  }

  async #draw() {
    const { definition } = this
    try {
      compile(definition, fieldTypes)
    } catch {
      this.paused = true
      return
    }
    this.paused = false
    const [first] = definition.languages
    for (const [look, service] of this.#services) {
      const language = look === 'rtl' ? rightToLeft(definition) : first
      const view = await previewView(definition, this.agency, language)
      if (definition !== this.definition) return
      service.lang = language
      service.setAttribute('types', outsideModules())
      service.view = view
    }
  }

  /** What a chosen colour is drawn as, where it could not be read as it is. */
  #corrections(): string[] {
    const { agency } = this.definition
    const tokens = tokensIn(agency) as Readonly<Record<string, readonly [string, string]>>
    const grounds = tokens.surface ?? [surface.light, surface.dark]
    return (['primary', 'accent'] as const).flatMap((name) => {
      const chosen = agency.colours?.[name]
      const used = tokens[name]
      if (!chosen || !used) return []
      return used.flatMap((colour, scheme) =>
        colour.toLowerCase() === chosen.toLowerCase()
          ? []
          : [
              say(scheme === 0 ? 'branding.correctedLight' : 'branding.correctedDark', {
                name: say(`branding.${name}`),
                chosen,
                used: colour,
                before: Math.floor(contrast(chosen, grounds[scheme] as string) * 10) / 10,
                after: Math.floor(contrast(colour, grounds[scheme] as string) * 10) / 10,
              }),
            ],
      )
    })
  }

  protected override render() {
    const corrections = this.#corrections()
    return html`
      ${this.paused ? html`<p class="note careful" role="status">${say('preview.paused')}</p>` : nothing}
      <div data-corrections=${corrections.length}>${
        corrections.length > 0
          ? html`<ul>${corrections.map((sentence) => html`<li dir="auto">${sentence}</li>`)}</ul>`
          : html`<p class="help">${say('branding.uncorrected')}</p>`
      }</div>
      <div class="looks">${looks.map(
        (look) => html`<figure data-look=${look}>
          <figcaption>${say(`branding.look.${look}`)}</figcaption>
          <div class="frame ${look}" inert>${this.#services.get(look)}</div>
        </figure>`,
      )}</div>
    `
  }
}
customElements.define('builder-branding', BrandingPreview)

declare global {
  interface HTMLElementTagNameMap {
    'builder-branding': BrandingPreview
  }
}
